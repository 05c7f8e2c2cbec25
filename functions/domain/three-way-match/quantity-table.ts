import type Big from 'big.js'
import type { AgreedLine } from './agreed-line.ts'
import type { Outcome } from './outcome.ts'
import { allowedAbove, type MatchRules } from './tolerance.ts'

/** One invoiced line's place among all that is invoiced for the order line; credit notes are taken off first. */
export interface InvoicedQuantity {
  readonly agreed: AgreedLine
  /** Invoiced by the lines before it, and with it. */
  readonly before: Big
  readonly after: Big
}

/** How far invoicing may go. */
export interface QuantityLimits {
  readonly byOrder: Big
  readonly byReceipts: Big
}

/** A row: the outcome, when it is one, and why in words. */
interface Row {
  readonly outcome: Outcome
  readonly holds: (at: InvoicedQuantity, limits: QuantityLimits, rules: MatchRules) => boolean
  readonly because: string
}

/** Read from above; the first row that holds decides. The same table stands in docs/match.md. */
export const quantityTable: readonly Row[] = [
  {
    outcome: 'over-invoiced',
    holds: ({ after }, { byOrder }) => after.gt(byOrder),
    because: 'All invoices together ask for more than was ordered.',
  },
  {
    outcome: 'matched',
    holds: ({ agreed }) => !agreed.line.receiptRequired,
    because: 'Nothing is received for this line.',
  },
  {
    outcome: 'matched',
    holds: ({ after }, { byReceipts }) => after.lte(byReceipts),
    because: 'It was ordered and received.',
  },
  {
    outcome: 'missing-receipt',
    holds: (at) => isWhollyUncovered(at) && canStillArrive(at),
    because: 'The goods that it bills are ordered and not received yet; the invoice waits for their receipt.',
  },
  {
    outcome: 'missing-receipt',
    holds: (at, _limits, { partlyReceived }) => partlyReceived === 'missing-receipt' && canStillArrive(at),
    because: 'A part of the goods is ordered and not received yet; by the policy the invoice waits for the rest.',
  },
  {
    outcome: 'quantity-variance',
    holds: (at) => canStillArrive(at),
    because: 'Only a part of what it bills has been received.',
  },
  {
    outcome: 'quantity-variance',
    holds: () => true,
    because: 'It bills more than was received and kept, and nothing further is to come.',
  },
]

/** @throws never: the last row always holds */
export function decideQuantity(at: InvoicedQuantity, rules: MatchRules): Pick<Row, 'outcome' | 'because'> {
  const limits = limitsOf(at.agreed, rules)
  const row = quantityTable.find(({ holds }) => holds(at, limits, rules))
  if (!row) throw new Error('The quantity table has no row that always holds')
  return row
}

/** A tolerance is about what was received a little short; of what never came nothing is paid. */
export function limitsOf({ ordered, kept, factor }: AgreedLine, { quantity }: MatchRules): QuantityLimits {
  const above = (expected: Big) => expected.plus(allowedAbove(quantity, expected, factor))
  return { byOrder: above(ordered), byReceipts: kept.gt(0) ? above(kept) : kept }
}

function isWhollyUncovered({ agreed, before }: InvoicedQuantity): boolean {
  return agreed.kept.lte(before) || agreed.kept.eq(0)
}

/** Whether what is still on its way would cover it. What was sent back is not on its way. */
function canStillArrive({ agreed, after }: InvoicedQuantity): boolean {
  const { ordered, received, kept, isFinal } = agreed
  if (isFinal || received.gte(ordered)) return false
  const limit = after.gt(ordered) ? ordered : after
  return limit.minus(kept).lte(ordered.minus(received))
}
