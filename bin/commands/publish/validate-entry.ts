import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SalesOrder } from '#domain/documents.ts'
import { BusEvent, EventDetail, signalEvents, startingEvents } from '#domain/events.ts'
import { findContradictions } from '#domain/sales-order-rules.ts'
import { parse } from '#domain/schema.ts'
import { sourceOf } from '#domain/sources.ts'
import { toldInUbl } from '#ubl/told-in-ubl.ts'
import { root } from '../../local/state.ts'
import type { Entry } from './read-entries.ts'

const known = { ...startingEvents, ...signalEvents } as const

/** What the hub would not understand: place, field, value and rule of each. */
export function findInvalid(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap((entry) => {
    try {
      checkEntry(entry)
      return []
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)]
    }
  })
}

/**
 * Checks an entry of a source that speaks the hub's own shape. What a mapping makes of another shape is for the hub.
 * @throws PoisonMessageError that names each field, its value and the rule it breaks
 */
function checkEntry(entry: Entry): void {
  const { where, source, detailType, detail } = entry
  parse(BusEvent.shape.source, source, `${where}: source`)
  if (hasMapping(source, detailType)) return
  if (!isKnown(detailType)) {
    throw new Error(
      `${where}: detail-type "${detailType}" means nothing to the hub; it knows ${Object.keys(known).join(', ')}`,
    )
  }
  const { data } = parse(EventDetail, detail, `${where}: the detail`)
  const told = toldInUbl(detailType, data, `${where}: the data`)
  parse(known[told?.event ?? detailType].data, told?.data ?? data, `${where}: the data`)
  if (detailType === 'SalesOrderSubmitted') checkContent(where, source, data)
}

function checkContent(where: string, source: string, data: unknown): void {
  const today = new Date().toISOString().slice(0, 10)
  const found = findContradictions(parse(SalesOrder, data, `${where}: the data`), sourceOf(source), today)
  if (found.length > 0) throw new Error(`${where}: ${found.map(({ message }) => message).join('; ')}`)
}

function hasMapping(source: string, detailType: string): boolean {
  return existsSync(join(root, 'mappings', source, `${detailType}.jsonata`))
}

function isKnown(name: string): name is keyof typeof known {
  return Object.hasOwn(known, name)
}
