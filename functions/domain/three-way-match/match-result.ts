import * as z from 'zod'
import { Decimal } from '#domain/schema.ts'
import { Finding, Outcome } from './outcome.ts'

export const MatchedLine = z.strictObject({
  documentLine: z.string(),
  /** The order line that it bills; null where none is known. */
  line: z.string().nullable(),
  outcome: Outcome,
  /** In the order line's unit. */
  quantity: Decimal,
  amount: Decimal,
})
export type MatchedLine = z.output<typeof MatchedLine>

export const MatchedDocument = z.strictObject({
  number: z.string(),
  /** The worst of its findings. */
  outcome: Outcome,
  lines: z.array(MatchedLine),
  findings: z.array(Finding),
  /** Net of its matched lines. */
  matchedAmount: Decimal,
  /** What is to be paid: its payable amount if all of it matched, else 0. */
  payable: Decimal,
})
export type MatchedDocument = z.output<typeof MatchedDocument>

/** An order line over all documents, in its own unit; amounts are net of tax. */
export const LineSummary = z.strictObject({
  line: z.string(),
  outcome: Outcome,
  ordered: Decimal,
  received: Decimal,
  returned: Decimal,
  invoiced: Decimal,
  credited: Decimal,
  /** Matched less credited. */
  matchedQuantity: Decimal,
  matchedAmount: Decimal,
})
export type LineSummary = z.output<typeof LineSummary>

/** What the match says: deterministic, whatever the order of the documents. */
export const MatchResult = z.strictObject({
  order: z.string(),
  supplier: z.string(),
  currency: z.string(),
  /** The worst of all invoices, credit notes and goods movements. */
  outcome: Outcome,
  invoices: z.array(MatchedDocument),
  creditNotes: z.array(MatchedDocument),
  lines: z.array(LineSummary),
  /** Receipts and returns that fit no line of the order. */
  goodsFindings: z.array(Finding),
  totals: z.strictObject({ ordered: Decimal, matched: Decimal, payable: Decimal }),
})
export type MatchResult = z.output<typeof MatchResult>
