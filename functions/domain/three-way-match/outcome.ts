import * as z from 'zod'

/** From the worst to the best: a document is as good as the worst of its findings. */
export const outcomes = [
  'duplicate-number',
  'wrong-currency',
  'unknown-line',
  'over-invoiced',
  'quantity-variance',
  'price-variance',
  'missing-receipt',
  'matched',
] as const

export const Outcome = z.enum(outcomes)
export type Outcome = z.output<typeof Outcome>

/** One thing that is not as agreed. */
export const Finding = z.strictObject({
  outcome: Outcome,
  /** What was compared: `quantity`, `price`, `freight`, `net-total`, … */
  rule: z.string(),
  /** The line of the purchase order; null where it is about the document or no order line is known. */
  line: z.string().nullable(),
  /** The document's own line. */
  documentLine: z.string().nullable(),
  expected: z.string(),
  found: z.string(),
  tolerance: z.string(),
  explanation: z.string(),
})
export type Finding = z.output<typeof Finding>

/** The worst of them; `matched` for none. */
export function worst(found: readonly { readonly outcome: Outcome }[]): Outcome {
  return outcomes.find((outcome) => found.some((finding) => finding.outcome === outcome)) ?? 'matched'
}
