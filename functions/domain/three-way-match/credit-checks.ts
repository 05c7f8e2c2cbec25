import Big from 'big.js'
import { minorUnitsOf } from '#domain/money.ts'
import type { SupplierCreditNote } from '#domain/procurement-documents.ts'
import { agreedAmount, inOrderUnit } from './agreed-line.ts'
import type { ResolvedLine } from './billed-line.ts'
import { surchargeOf } from './charges.ts'
import type { Finding } from './outcome.ts'
import { plain, priceAllowance, roundedBy } from './price.ts'
import { allowedAbove, type MatchRules, toleranceInWords } from './tolerance.ts'

/** What is credited by order line before a line: quantities in the smallest unit, and amounts that only lower the price. */
export interface CreditedBefore {
  readonly quantity: ReadonlyMap<string, Big>
  readonly price: ReadonlyMap<string, Big>
}

/** Whether a credited line lowers the price and leaves the quantity invoiced. */
export function isPriceOnly({ billed, quantity }: ResolvedLine): boolean {
  return billed.kind === 'price' || quantity.eq(0)
}

const none = new Big(0)

/** A credit may not take back more than was invoiced, nor at less than it was invoiced or agreed at. */
export function checkCredit(
  credited: ResolvedLine,
  before: CreditedBefore,
  invoiced: readonly ResolvedLine[],
  currency: string,
  rules: MatchRules,
): readonly Finding[] {
  const own = invoiced.filter((line) => line.agreed.line.number === credited.agreed.line.number)
  const total = (amounts: readonly Big[]) => amounts.reduce((one, other) => one.plus(other), none)
  const net = total(own.map((line) => line.net))
  if (isPriceOnly(credited)) return checkPriceCredit(credited, before, net)
  const { agreed, documentLine, quantity } = credited
  const invoicedQuantity = total(own.map((line) => line.quantity))
  const line = agreed.line.number
  const findings: Finding[] = []
  const after = (before.quantity.get(line) ?? none).plus(quantity)
  if (after.gt(invoicedQuantity)) {
    findings.push({
      outcome: 'quantity-variance',
      rule: 'credited-quantity',
      line,
      documentLine,
      expected: inOrderUnit(agreed, invoicedQuantity),
      found: inOrderUnit(agreed, after),
      tolerance: '0',
      explanation: `With line ${documentLine} more of order line ${line} is credited than was invoiced.`,
    })
  }
  const asAgreed = agreedAmount(agreed, quantity)
  const asInvoiced = invoicedQuantity.eq(0) ? asAgreed : net.times(quantity).div(invoicedQuantity)
  const expected = asInvoiced.lt(asAgreed) ? asInvoiced : asAgreed
  const allowance = priceAllowance(agreed, quantity, rules).plus(roundedBy(credited, currency))
  if (credited.net.lt(expected.minus(allowance))) {
    findings.push({
      outcome: 'price-variance',
      rule: 'credited-price',
      line,
      documentLine,
      expected: plain(expected),
      found: plain(credited.net),
      tolerance: toleranceInWords(rules.price),
      explanation: `Line ${documentLine} gives back ${plain(credited.net)} for what was invoiced at ${plain(expected)}.`,
    })
  }
  return findings
}

function checkPriceCredit({ agreed, documentLine, amount }: ResolvedLine, before: CreditedBefore, net: Big) {
  const line = agreed.line.number
  const after = (before.price.get(line) ?? none).plus(amount)
  if (after.lte(net)) return []
  const finding: Finding = {
    outcome: 'price-variance',
    rule: 'credited-price',
    line,
    documentLine,
    expected: plain(net),
    found: plain(after),
    tolerance: '0',
    explanation: `With line ${documentLine} the price of order line ${line} is lowered by ${plain(after)}, and ${plain(net)} was invoiced.`,
  }
  return [finding]
}

/** What a credit note keeps back by its allowances: no more than the invoices granted of theirs for the same goods. */
export function checkKeptBack(
  creditNote: SupplierCreditNote,
  goods: Big,
  invoiced: { readonly goods: Big; readonly surcharge: Big },
  currency: string,
  rules: MatchRules,
): readonly Finding[] {
  const kept = surchargeOf(creditNote).times(-1)
  const granted = invoiced.surcharge.lt(0) ? invoiced.surcharge.times(-1) : none
  const exact = invoiced.goods.gt(0) ? granted.times(goods).div(invoiced.goods) : none
  const expected = exact.round(minorUnitsOf(currency), Big.roundUp)
  if (kept.lte(0) || kept.lte(expected.plus(allowedAbove(rules.freight, expected)))) return []
  return [
    {
      outcome: 'price-variance',
      rule: 'charges',
      line: null,
      documentLine: null,
      expected: plain(expected),
      found: plain(kept),
      tolerance: toleranceInWords(rules.freight),
      explanation: `It keeps back ${plain(kept)} by allowances, and what was invoiced had ${plain(expected)} for these goods.`,
    },
  ]
}
