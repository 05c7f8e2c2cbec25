import Big from 'big.js'
import { isFinerThan, minorUnitsOf, sum } from '#domain/money.ts'
import type { PurchaseOrder } from '#domain/procurement-documents.ts'
import { computedAmount } from './billed-line.ts'
import { type Billed, computedPayable, grossOf, netOf, payableOf, statedNet, statedTax } from './document-amounts.ts'
import { ratesOf, roundedTaxes, taxByRatesOf, taxedAmountsOf } from './document-taxes.ts'
import type { Finding } from './outcome.ts'
import { plain, smallestUnit } from './price.ts'

/** A total that has to follow from the rest of the document. */
interface Row {
  readonly rule: string
  readonly name: string
  readonly found: string | undefined
  readonly expected: Big
  readonly slack: Big
  /** May also be cut off to the smallest unit, as taxes are in Japan. */
  readonly isCutOff?: boolean
  /** What `expected` is, where the document does not follow from itself. */
  readonly because?: string
}

/** The document against itself: net, tax, gross and payable. What it does not state is computed. */
export function checkTotals(document: Billed, order: PurchaseOrder): readonly Finding[] {
  const { currency } = order
  const broken = [...rowsOf(document, order), ...boundsOf(document, currency)]
    .filter(({ found, expected, slack, isCutOff }) => {
      if (found === undefined || expected.minus(found).abs().lte(slack)) return false
      return !(isCutOff && expected.round(minorUnitsOf(currency), Big.roundDown).eq(found))
    })
    .map(({ rule, name, found, expected, slack, because }) => ({
      outcome: 'price-variance' as const,
      rule,
      line: null,
      documentLine: null,
      expected: plain(expected),
      found: plain(new Big(found ?? '0')),
      tolerance: slack.eq(0) ? '0' : `rounding, ${plain(slack)}`,
      explanation: `${name} is stated as ${found}, and ${because ?? `follows as ${plain(expected)} from the rest of the document`}.`,
    }))
  return broken.length > 0 ? broken : tooFine(document, currency)
}

/** What is to be paid, in coins that there are: nobody can pay half a yen. */
function tooFine(document: Billed, currency: string): readonly Finding[] {
  const amount = payableOf(document, currency)
  if (!isFinerThan(amount, currency)) return []
  return [
    {
      outcome: 'price-variance',
      rule: 'smallest-unit',
      line: null,
      documentLine: null,
      expected: `a multiple of ${plain(smallestUnit(currency))}`,
      found: amount,
      tolerance: '0',
      explanation: `It comes to ${amount} ${currency}, of which there is nothing smaller than ${plain(smallestUnit(currency))}.`,
    },
  ]
}

function rowsOf(document: Billed, order: PurchaseOrder): readonly Row[] {
  const { currency } = order
  const half = smallestUnit(currency).times('0.5')
  const net = netOf(document, currency)
  const rounded = roundedLines(document, currency)
  const taxed = taxedAmountsOf(document, order)
  const tax = document.taxes.length > 0 ? sum(document.taxes.map(({ amount }) => amount)) : taxByRatesOf(taxed)
  return [
    { rule: 'net-total', name: 'The net total', found: document.netTotal, expected: net, slack: half.times(rounded) },
    ...document.taxes.map(({ rate, base, amount }) => ({
      rule: 'tax-amount',
      name: `The tax of ${rate} % on ${base}`,
      found: amount,
      expected: new Big(base).times(rate).times('0.01'),
      slack: half.times(roundedTaxes(taxed, rate, currency)),
      isCutOff: true,
    })),
    // Where each rate is known, each rate's own row says all, and what bears none may be below zero.
    ...(document.taxes.length === 0 || taxByRatesOf(taxed) ? [] : [baseRow(document, currency)]),
    ...ratesOf(document, taxed).map(({ rate, found, expected, unknown }) => ({
      rule: 'tax-base',
      name: `What is taxed at ${rate} %`,
      found: found.toFixed(),
      expected,
      slack: unknown.plus(half.times(rounded + document.taxes.length)),
    })),
    {
      rule: 'tax-total',
      name: 'The tax total',
      found: tax && document.taxTotal,
      expected: tax ?? new Big(0),
      slack: document.taxes.length > 0 ? new Big(0) : half.times(document.lines.length + 1),
    },
    {
      rule: 'gross-total',
      name: 'The gross total',
      found: document.grossTotal,
      ...after(statedNet(document, currency).plus(statedTax(document, currency))),
    },
    {
      rule: 'payable',
      name: 'The payable amount',
      found: document.payable,
      ...after(computedPayable(document, currency)),
    },
  ]
}

/** Lines whose amount is not stated and has to be rounded, by whichever rule of the supplier's. */
function roundedLines(document: Billed, currency: string): number {
  return document.lines.filter((line) => {
    const computed = line.amount === undefined ? computedAmount(line) : undefined
    return computed && isFinerThan(computed.toFixed(), currency)
  }).length
}

/** A rounding rounds, and what is paid already lowers what is to be paid: otherwise either could ask for any sum. */
function boundsOf(document: Billed, currency: string): readonly Row[] {
  const { prepaid, rounding } = document
  const gross = grossOf(document, currency)
  const paid = new Big(prepaid ?? '0')
  // Whoever has paid all beforehand has paid what it was rounded to.
  const isPaidOf = (total: Big) => paid.times(total).gte(0) && paid.abs().lte(total.abs())
  const isPart = isPaidOf(gross) || isPaidOf(gross.plus(rounding ?? '0'))
  const most = new Big(hasNoSmallCoins(currency) ? 10 : 1)
  return [
    {
      rule: 'prepaid',
      name: 'What is prepaid',
      found: isPart ? undefined : prepaid,
      ...after(gross),
      because: `must be a part of ${plain(gross)}, the total with tax`,
    },
    {
      rule: 'rounding',
      name: 'The rounding',
      found: rounding,
      expected: new Big(0),
      slack: most,
      because: `may come to ${plain(most)} ${currency} at most`,
    },
  ]
}

/** Of the forint the smallest coin is five, though ISO 4217 gives it two decimals. */
function hasNoSmallCoins(currency: string): boolean {
  return minorUnitsOf(currency) === 0 || currency === 'HUF'
}

const after = (expected: Big) => ({ expected, slack: new Big(0) })

/** What bears no tax may be left out of the breakdown, so that its bases may be less than the net total. */
function baseRow(document: Billed, currency: string): Row {
  const found = sum(document.taxes.map(({ base }) => base))
  const net = statedNet(document, currency)
  return {
    rule: 'tax-base',
    name: 'The sum of the taxed amounts',
    found: found.toFixed(),
    expected: found.abs().lt(net.abs()) ? found : net,
    slack: smallestUnit(currency).times('0.5').times(document.taxes.length),
  }
}
