import Big from 'big.js'
import { minorUnitsOf, sum } from '#domain/money.ts'
import type { PurchaseOrder, Surcharge } from '#domain/procurement-documents.ts'
import type { Finding } from './outcome.ts'
import { plain } from './price.ts'
import { allowedAbove, type MatchRules, toleranceInWords } from './tolerance.ts'

/** What an invoice, a credit note or an order bears besides its lines. */
export interface Charged {
  readonly freight?: string | undefined
  readonly charges: readonly Surcharge[]
  readonly allowances: readonly Surcharge[]
}

export const freightOf = ({ freight }: Charged): Big => new Big(freight ?? '0')
const total = (entries: readonly Surcharge[]) => sum(entries.map(({ amount }) => amount))

/** Charges less allowances. */
export const surchargeOf = ({ charges, allowances }: Charged): Big => total(charges).minus(total(allowances))

/** Freight and charges of all invoices so far, less those of the credit notes. */
export interface ChargedSoFar {
  readonly freight: Big
  readonly surcharge: Big
  /** Which part of the order's goods is invoiced, from 0 to 1: an agreed allowance is due in that part. */
  readonly share: Big
}

/** What they exceed the order by, each at least zero. */
export function chargeExcess(order: PurchaseOrder, before: ChargedSoFar, after: ChargedSoFar) {
  const above = (found: Big, expected: Big) => (found.gt(expected) ? found.minus(expected) : new Big(0))
  const surcharge = above(after.surcharge, expectedSurcharge(order, after.share))
  const earlier = above(before.surcharge, expectedSurcharge(order, before.share))
  const freight = above(after.freight, freightOf(order)).minus(above(before.freight, freightOf(order)))
  return { freight: above(freight, new Big(0)), surcharge: above(surcharge.minus(earlier), new Big(0)) }
}

/** A part of an allowance may be cut off to the smallest unit; the share itself has a limited number of digits. */
function expectedSurcharge(order: PurchaseOrder, share: Big): Big {
  const due = total(order.allowances).times(share).round(10).round(minorUnitsOf(order.currency), Big.roundDown)
  return total(order.charges).minus(due)
}

/** Freight, and charges less allowances, may not pass what the order says, over all invoices together. */
export function checkCharges(
  order: PurchaseOrder,
  invoice: Charged,
  after: ChargedSoFar,
  rules: MatchRules,
): readonly Finding[] {
  const rows = [
    { rule: 'freight', own: freightOf(invoice), found: after.freight, expected: freightOf(order), name: 'freight' },
    {
      rule: 'charges',
      own: surchargeOf(invoice),
      found: after.surcharge,
      expected: expectedSurcharge(order, after.share),
      name: 'charges less allowances',
    },
  ]
  return rows
    .filter(({ own, found, expected }) => {
      const isMissed = expected.lt(0) && own.lte(0)
      return (own.gt(0) || isMissed) && found.gt(expected.plus(allowedAbove(rules.freight, expected)))
    })
    .map(({ rule, found, expected, name }) => ({
      outcome: 'price-variance' as const,
      rule,
      line: null,
      documentLine: null,
      expected: plain(expected),
      found: plain(found),
      tolerance: toleranceInWords(rules.freight),
      explanation: `With this invoice ${name} come to ${plain(found)}, and the order allows ${plain(expected)} by now.`,
    }))
}
