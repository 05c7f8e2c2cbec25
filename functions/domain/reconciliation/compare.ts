import Big from 'big.js'
import { sameDecimal } from '#domain/money.ts'
import type { Facet } from './difference.ts'
import type { BookRecord, Side } from './record.ts'

/** The one record of each side that has any. */
export type Pair = { readonly [side in Side]?: BookRecord | undefined }

/** What the sides that say something of it say differently; undefined when all agree, or only one says anything. */
export function differing(
  what: string,
  said: { readonly [side in Side]?: string | undefined },
  isSame: (one: string, other: string) => boolean = (one, other) => one === other,
): Facet | undefined {
  const words = Object.values(said).filter((word) => word !== undefined)
  const [first] = words
  if (first === undefined || words.every((word) => isSame(first, word))) return undefined
  return { what, ...said }
}

/** Amounts that are not the same number. */
export function amountFacets({ source, hub, erp }: Pair): readonly Facet[] {
  return [
    differing('currency', { source: source?.currency, hub: hub?.currency, erp: erp?.currency }),
    differing('amount', { source: source?.amount, hub: hub?.amount, erp: erp?.amount }, sameNumber),
  ].filter((facet) => facet !== undefined)
}

/** Lines that are not of the same quantity; a line that is not there has none. */
export function quantityFacets(pair: Pair): readonly Facet[] {
  const { source, hub, erp } = pair
  const tables = { source: tableOf(source), hub: tableOf(hub), erp: tableOf(erp) }
  const lines = new Set(Object.values(tables).flatMap((table) => [...(table?.keys() ?? [])]))
  return [...lines]
    .map((line) => {
      const of = (table: ReadonlyMap<string, string> | undefined) => table && (table.get(line) ?? '0')
      const said = { source: of(tables.source), hub: of(tables.hub), erp: of(tables.erp) }
      return differing(`line ${line}`, said, sameNumber)
    })
    .filter((facet) => facet !== undefined)
}

/** Quantities by line; what a line has in several parts is one sum. */
function tableOf(record: BookRecord | undefined): ReadonlyMap<string, string> | undefined {
  if (record?.lines === undefined) return undefined
  const table = new Map<string, string>()
  for (const { line, quantity } of record.lines) {
    const before = table.get(line)
    table.set(line, before === undefined ? quantity : new Big(before).plus(quantity).toFixed())
  }
  return table
}

// Most are written alike, and a comparison of texts costs nothing.
const sameNumber = (one: string, other: string) => one === other || sameDecimal(one, other)
