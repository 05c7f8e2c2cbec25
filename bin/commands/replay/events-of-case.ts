import * as z from 'zod'
import { hasMapping } from '#aws/map-event.ts'
import { SignalItem } from '#aws/signal-store.ts'
import type { Item } from '#aws/table.ts'
import { signalEvents } from '#domain/events.ts'
import { partsOf } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import type { Entry } from '../publish/read-entries.ts'

/** An event as the table holds it, or why it cannot be brought again from there. */
export type KeptEvent =
  | { readonly entry: Entry; readonly held: unknown; readonly atMs: number }
  | { readonly where: string; readonly cannot: string; readonly atMs: number }

const Body = z.object({ sk: z.string(), body: z.unknown() })
const Case = z.object({ acceptedAtMs: z.number() })

/** The detail type of a signal of this kind; a newer version of an order came as the order itself. */
const eventOfKind = new Map<string, string>(Object.entries(signalEvents).map(([type, { kind }]) => [kind, type]))

/**
 * The events of a case, from its items: each version of the order, and each signal. They stand there in the hub's own
 * shape, so an event of a source that has a mapping cannot be published again from there: it would be mapped twice.
 */
export function eventsOfCase(caseKey: string, items: readonly Item[]): readonly KeptEvent[] {
  const { system } = partsOf(caseKey)
  const theCase = Case.safeParse(items.find(({ sk }) => sk === 'CASE')).data
  const make = (kept: { type: string; id: string; occurredAt: string; held: unknown; version?: number }): KeptEvent => {
    const { type, id, occurredAt, held, version } = kept
    const where = `${caseKey} ${type} ${id}`
    const atMs = Date.parse(occurredAt)
    if (hasMapping(system, type)) return { where, atMs, cannot: `${system} has a mapping of its own: use the archive` }
    const metadata = {
      id,
      occurredAt,
      ...(version === undefined ? { correlationId: caseKey } : { sourceVersion: version }),
    }
    return { entry: { where, source: system, detailType: type, detail: { metadata, data: undefined } }, held, atMs }
  }
  return items.flatMap((item): readonly KeptEvent[] => {
    const sk = String(item.sk)
    if (sk.startsWith('BODY#') && theCase !== undefined) {
      const { body } = parse(Body, item, `${sk} of ${caseKey}`)
      const version = Number(sk.slice('BODY#'.length))
      const occurredAt = new Date(theCase.acceptedAtMs).toISOString()
      return [
        make({ type: 'SalesOrderSubmitted', id: `replay/${caseKey}/${version}`, occurredAt, held: body, version }),
      ]
    }
    if (!sk.startsWith('SIGNAL#')) return []
    const { kind, eventId, occurredAt, data } = parse(SignalItem, item, `${sk} of ${caseKey}`)
    const type = eventOfKind.get(kind)
    return type === undefined ? [] : [make({ type, id: eventId, occurredAt, held: data })]
  })
}
