import * as z from 'zod'
import { hasMapping } from '#aws/map-event.ts'
import { SignalItem } from '#aws/signal-store.ts'
import type { Item } from '#aws/table.ts'
import { eventOfKind, type SignalKind } from '#domain/events.ts'
import { partsOf } from '#domain/keys.ts'
import { processOf } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'
import type { Entry } from '../publish/read-entries.ts'

/** Which event of a case: a version of its order, also one that waits as a signal, or a signal. */
export interface KeptName {
  readonly caseKey: string
  readonly kind: 'order' | SignalKind
  /** The event's own document number; of an order its version. */
  readonly number: string
}

/** An event as the table holds it, or why it cannot be brought again from there. */
export type KeptEvent = { readonly of: KeptName; readonly atMs: number } & (
  | { readonly entry: Entry; readonly held: unknown }
  | { readonly where: string; readonly cannot: string }
)

const Body = z.object({ sk: z.string(), body: z.unknown() })
const Case = z.object({ acceptedAtMs: z.number() })

/**
 * The events of a case, from its items: each version of the order, and each signal. They stand there in the hub's own
 * shape, so an event of a source that has a mapping cannot be published again from there: it would be mapped twice. What
 * a person has agreed to is no event of a source, and is not told again.
 */
export function eventsOfCase(caseKey: string, items: readonly Item[]): readonly KeptEvent[] {
  const { system } = partsOf(caseKey)
  const process = processOf(caseKey)
  const make = (kept: { type: string; id: string; occurredAt: string; held: unknown; of: KeptName }): KeptEvent => {
    const { type, id, occurredAt, held, of } = kept
    const where = `${caseKey} ${type} ${id}`
    const atMs = Date.parse(occurredAt)
    if (hasMapping(system, type))
      return { of, where, atMs, cannot: `${system} has a mapping of its own: use the archive` }
    const about = of.kind === 'order' ? { sourceVersion: Number(of.number) } : { correlationId: caseKey }
    const detail = { metadata: { id, occurredAt, ...about }, data: undefined }
    return { of, entry: { where, source: system, detailType: type, detail }, held, atMs }
  }
  const signals = items
    .filter(({ sk }) => String(sk).startsWith('SIGNAL#'))
    .map((item) => parse(SignalItem, item, `${String(item.sk)} of ${caseKey}`))
  const theCase = Case.safeParse(items.find(({ sk }) => sk === 'CASE')).data
  const bodies = theCase === undefined ? [] : items.filter(({ sk }) => String(sk).startsWith('BODY#'))
  const versions = bodies.map((item): KeptEvent => {
    const { sk, body } = parse(Body, item, `${String(item.sk)} of ${caseKey}`)
    const number = String(Number(sk.slice('BODY#'.length)))
    // It came while another version was under way.
    const change = signals.find((one) => one.kind === 'change' && one.number === number)
    const type = typeOf(change, process)
    const occurredAt = change?.occurredAt ?? new Date(theCase?.acceptedAtMs ?? 0).toISOString()
    const id = change?.eventId ?? `replay/${caseKey}/${number}`
    return make({ type, id, occurredAt, held: body, of: { caseKey, kind: 'order', number } })
  })
  const known = new Set(versions.map(({ of }) => of.number))
  const rest = signals.flatMap(({ kind, number, eventId, event, occurredAt, data }): readonly KeptEvent[] => {
    if (kind === 'change' && known.has(number)) return []
    const type = kind === 'change' ? typeOf({ event }, process) : eventOfKind(kind, process)
    if (type === undefined) return []
    const of = { caseKey, kind: kind === 'change' ? 'order' : kind, number } as const
    return [make({ type, id: eventId, occurredAt, held: data, of })]
  })
  return [...versions, ...rest]
}

/** By which event a version came: the one that it waited as a change of says so, unless an earlier release has recorded it. */
function typeOf(change: { readonly event?: string | undefined } | undefined, process: string): string {
  const type = change?.event ?? eventOfKind(change === undefined ? 'order' : 'change', process)
  if (type === undefined) throw new Error(`No event starts a case of ${process}`)
  return type
}
