import { resolve } from 'node:path'
import * as z from 'zod'
import { readUbl } from '#ubl/read-ubl.ts'
import { inWords } from '#ubl/told-in-ubl.ts'
import { InputError } from '../terminal/explain.ts'
import { readBytes } from '../ubl.ts'

const UblEntry = z.strictObject({ ubl: z.string(), supplier: z.unknown().optional() })
const WithLists = z.looseObject({
  invoices: z.array(z.unknown()).optional(),
  creditNotes: z.array(z.unknown()).optional(),
})

/**
 * Reads each `{ "ubl": "path.xml" }` among the invoices and credit notes, and puts it where it belongs by its kind. Who
 * its supplier is in the buyer's own numbers it cannot say: it is the order's, or the one that stands beside the path.
 */
export function withUblRead(value: unknown, folder: string): unknown {
  const lists = WithLists.safeParse(value)
  if (!lists.success) return value
  const { invoices = [], creditNotes = [] } = lists.data
  const entries = [
    ...invoices.map((entry) => ({ list: 'invoices', ...entryOf(entry, folder) })),
    ...creditNotes.map((entry) => ({ list: 'creditNotes', ...entryOf(entry, folder) })),
  ]
  const of = (list: string) => entries.filter((entry) => entry.list === list).map(({ document }) => document)
  return {
    ...lists.data,
    ...(lists.data.invoices || of('invoices').length > 0 ? { invoices: of('invoices') } : {}),
    ...(lists.data.creditNotes || of('creditNotes').length > 0 ? { creditNotes: of('creditNotes') } : {}),
  }
}

/** @throws InputError that names the rules that it breaks */
function entryOf(entry: unknown, folder: string): { readonly list?: string; readonly document: unknown } {
  const given = UblEntry.safeParse(entry)
  if (!given.success) return { document: entry }
  const { ubl, supplier } = given.data
  const reading = readUbl(readBytes(resolve(folder, ubl)))
  if (reading.kind === 'refused') throw new InputError(`${ubl} is refused: ${inWords(reading.refusals)}`)
  return {
    list: reading.kind === 'supplier-invoice' ? 'invoices' : 'creditNotes',
    document: { ...reading.document, supplier },
  }
}
