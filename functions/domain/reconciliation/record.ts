import * as z from 'zod'
import { documentKinds } from '#domain/documents.ts'
import { Currency, Decimal, Identifier, IsoDate } from '#domain/schema.ts'

/** Where a document can be: with whoever asked for it, in the hub's own books, in the ERP. */
export const sides = ['source', 'hub', 'erp'] as const
export type Side = (typeof sides)[number]

/**
 * How far a document is on one side.
 *  - `in-effect`: it counts; confirmed, done, posted.
 *  - `under-way`: it is to come: a draft, a posting that is claimed or in doubt, an event that waits.
 *  - `ended`: it was taken back, and counts no more.
 */
export const standings = ['in-effect', 'under-way', 'ended'] as const
export type Standing = (typeof standings)[number]

/** One document as one side has it: keys, amounts and quantities, no personal data. */
export const BookRecord = z.strictObject({
  /** The same on all sides: the reference under which the ERP knows the document. */
  key: z.string().min(1),
  document: z.enum(documentKinds),
  /** The document's own day there, for the control totals. */
  onDay: IsoDate,
  company: Identifier,
  standing: z.enum(standings),
  amount: Decimal.optional(),
  currency: Currency.optional(),
  lines: z
    .array(z.strictObject({ line: Identifier, quantity: Decimal }))
    .readonly()
    .optional(),
  /** The posting's key, `shop/sales-order/T1/customer-invoice/DN-7`; of a document that only the ERP has, nobody knows it. */
  posting: z.string().optional(),
  /** The side's own id of it, and the number that people see there. */
  id: z.string().optional(),
  number: z.string().optional(),
  /** Since when the side has it. */
  sinceMs: z.number().optional(),
})
export type BookRecord = z.output<typeof BookRecord>

/** Everything that one side has. */
export type Feed = AsyncIterable<BookRecord> | Iterable<BookRecord>

/** The order that feeds are joined in: by key, by code units. */
export function byKey(one: { readonly key: string }, other: { readonly key: string }): -1 | 0 | 1 {
  if (one.key === other.key) return 0
  return one.key < other.key ? -1 : 1
}
