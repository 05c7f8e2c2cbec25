import Big from 'big.js'
import { isFinerThan, minorUnitsOf } from '#domain/money.ts'
import { type AgreedLine, agreedAmount } from './agreed-line.ts'
import { computedAmount, type ResolvedLine } from './billed-line.ts'
import type { Finding } from './outcome.ts'
import { allowedAbove, type MatchRules, toleranceInWords } from './tolerance.ts'

/** The currency's smallest unit: 0.01, 1 or 0.001. */
export function smallestUnit(currency: string): Big {
  return new Big(10).pow(-minorUnitsOf(currency))
}

/** What a line costs above the agreed price; negative in the buyer's favour. A stated amount may be rounded. */
export function excessOf(resolved: ResolvedLine, currency: string): Big {
  const excess = resolved.net.minus(agreedAmount(resolved.agreed, resolved.quantity))
  return excess.abs().lte(roundedBy(resolved, currency)) ? new Big(0) : excess
}

/** By how much a line may differ from its exact amount: not at all where that follows from its price. */
export function roundedBy({ billed }: ResolvedLine, currency: string): Big {
  return computedAmount(billed) ? new Big(0) : smallestUnit(currency).times('0.5')
}

/** How much a line may cost above the agreed price. */
export function priceAllowance(agreed: AgreedLine, quantity: Big, rules: MatchRules): Big {
  const priceQuantities = quantity.abs().div(agreed.factor.times(agreed.line.priceQuantity))
  return allowedAbove(rules.price, agreedAmount(agreed, quantity), priceQuantities)
}

/** Compares a line with the agreed price, after credit notes for the price have been taken off its excess. */
export function checkPrice(resolved: ResolvedLine, excess: Big, rules: MatchRules): readonly Finding[] {
  const { agreed, quantity } = resolved
  const allowance = priceAllowance(agreed, quantity, rules)
  const isCheap = rules.buyersFavour === 'price-variance' && excess.lt(allowance.times(-1))
  if (excess.lte(allowance) && !isCheap) return []
  const line = agreed.line.number
  const expected = agreedAmount(agreed, quantity)
  const found = expected.plus(excess)
  const prices = quantity.div(agreed.factor.times(agreed.line.priceQuantity))
  const priceOf = (amount: Big) => plain(quantity.eq(0) ? amount : amount.div(prices))
  const per = agreed.line.priceQuantity === '1' ? '' : ` for ${agreed.line.priceQuantity}`
  return [
    {
      outcome: 'price-variance',
      rule: 'price',
      line,
      documentLine: resolved.documentLine,
      expected: priceOf(expected),
      found: priceOf(found),
      tolerance: toleranceInWords(rules.price),
      explanation: `Line ${resolved.documentLine} has a net price of ${priceOf(found)}${per}, and order line ${line} one of ${priceOf(expected)}${per}: ${plain(excess.abs())} ${isCheap ? 'less for the line, in the buyer’s favour, which the policy wants to be seen' : 'more for the line'}.`,
    },
  ]
}

/** The stated amount against quantity × price: rounded, or cut off, but not otherwise. */
export function checkLineAmount(resolved: ResolvedLine, currency: string): readonly Finding[] {
  const computed = computedAmount(resolved.billed)
  if (!computed || isRoundingOf(resolved.amount, computed, currency)) return []
  const { documentLine, agreed } = resolved
  return [
    {
      outcome: 'price-variance',
      rule: 'line-amount',
      line: agreed.line.number,
      documentLine,
      expected: plain(computed),
      found: plain(resolved.amount),
      tolerance: 'rounding',
      explanation: `Line ${documentLine} states ${plain(resolved.amount)}, and its own quantity and price make ${plain(computed)}.`,
    },
  ]
}

function isRoundingOf(amount: Big, exact: Big, currency: string): boolean {
  if (amount.eq(exact)) return true
  if (isFinerThan(amount.toFixed(), currency)) return false
  const isNearest = amount.minus(exact).abs().lte(smallestUnit(currency).times('0.5'))
  return isNearest || amount.eq(exact.round(minorUnitsOf(currency), Big.roundDown))
}

/** The tax rate where both documents name one. */
export function checkTaxRate({ billed, agreed, documentLine }: ResolvedLine): readonly Finding[] {
  const expected = agreed.line.taxRate
  const found = billed.taxRate
  if (expected === undefined || found === undefined || new Big(expected).eq(found)) return []
  return [
    {
      outcome: 'price-variance',
      rule: 'tax-rate',
      line: agreed.line.number,
      documentLine,
      expected: `${expected} %`,
      found: `${found} %`,
      tolerance: '0',
      explanation: `Line ${documentLine} is taxed at ${found} %, and order line ${agreed.line.number} at ${expected} %.`,
    },
  ]
}

/** A decimal for people: at most six digits after the point, without zeros that say nothing. */
export function plain(amount: Big): string {
  const text = amount.toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')
  return text.startsWith('-') && !/[1-9]/.test(text) ? text.slice(1) : text
}
