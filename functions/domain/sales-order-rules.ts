import Big from 'big.js'
import { type PricedSalesOrder, priceSalesOrder, type SalesOrder } from './documents.ts'
import type { Refusal } from './errors.ts'
import { isFinerThan, minorUnitsOf, roundAmount, sameDecimal, sum } from './money.ts'
import type { Source } from './sources.ts'

const currencies = new Set(Intl.supportedValuesOf('currency'))

/** Amounts of the whole order, which can be no finer than the currency's smallest unit. */
const wholeAmounts = ['freight', 'netTotal', 'taxTotal', 'grossTotal'] as const

type Rule = (order: SalesOrder, priced: PricedSalesOrder, source: Source, today: string) => readonly Refusal[]

const rules: readonly Rule[] = [
  currencyIsKnown,
  amountsFitTheCurrency,
  datesAgree,
  netTotalAgrees,
  taxAgrees,
  grossTotalAgrees,
]

/**
 * Everything in a sales order that contradicts itself or cannot be, each with its field, value and rule. Its shape is
 * right already; whether the ERP knows its customer and items is for others to say.
 * @param today the day on which it is accepted, as `2026-11-24`
 */
export function findContradictions(order: SalesOrder, source: Source, today: string): readonly Refusal[] {
  const priced = priceSalesOrder(order, source.rounding)
  return rules.flatMap((rule) => rule(order, priced, source, today))
}

function currencyIsKnown({ currency }: SalesOrder): readonly Refusal[] {
  if (currencies.has(currency)) return []
  return [
    {
      code: 'UNKNOWN_CURRENCY',
      message: `currency ${currency} is not in ISO 4217`,
      field: 'currency',
      owner: 'finance',
    },
  ]
}

function amountsFitTheCurrency(order: SalesOrder): readonly Refusal[] {
  const digits = minorUnitsOf(order.currency)
  return wholeAmounts.flatMap((field) => {
    const amount = order[field]
    if (amount === undefined || !isFinerThan(amount, order.currency)) return []
    const message = `${field} ${amount} is finer than ${order.currency} allows, which has ${digits} decimals`
    return [{ code: 'AMOUNT_TOO_FINE', message, field, owner: 'sales' as const }]
  })
}

/** A day of grace, since it may be tomorrow already where the source is. */
function datesAgree({ orderedOn, requestedOn }: SalesOrder, _priced: PricedSalesOrder, _source: Source, today: string) {
  const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10)
  const refuse = (field: string, message: string): Refusal => ({
    code: 'DATE_IMPOSSIBLE',
    message,
    field,
    owner: 'sales',
  })
  return [
    ...(orderedOn > tomorrow
      ? [refuse('orderedOn', `orderedOn ${orderedOn} lies in the future; today is ${today}`)]
      : []),
    ...(requestedOn !== undefined && requestedOn < orderedOn
      ? [refuse('requestedOn', `requestedOn ${requestedOn} is before orderedOn ${orderedOn}`)]
      : []),
  ]
}

function netTotalAgrees({ netTotal }: SalesOrder, priced: PricedSalesOrder, { system, rounding }: Source) {
  if (netTotal === undefined || sameDecimal(netTotal, priced.netTotal)) return []
  const rule = `the sum of its lines and freight, ${priced.netTotal}, under the ${rounding} rounding of ${system}`
  return [differs('netTotal', `netTotal ${netTotal} is not ${rule}`)]
}

/** Checked where every taxed line says its rate; otherwise only the ERP can tell. */
function taxAgrees({ taxTotal }: SalesOrder, priced: PricedSalesOrder, source: Source): readonly Refusal[] {
  const computed = taxOf(priced, source)
  if (taxTotal === undefined || computed === undefined || sameDecimal(taxTotal, computed)) return []
  const rule = `the tax of its lines and freight, ${computed}, rounded ${source.taxRounding} by the ${source.rounding} rounding of ${source.system}`
  return [differs('taxTotal', `taxTotal ${taxTotal} is not ${rule}`)]
}

function grossTotalAgrees({ grossTotal, taxTotal }: SalesOrder, priced: PricedSalesOrder, source: Source) {
  const tax = taxTotal ?? taxOf(priced, source)
  if (grossTotal === undefined) return []
  if (tax === undefined) {
    return [
      differs(
        'grossTotal',
        `grossTotal ${grossTotal} cannot be checked: give taxTotal, or the taxRate of each taxed line`,
      ),
    ]
  }
  const expected = sum([priced.netTotal, tax]).toFixed(minorUnitsOf(priced.currency))
  if (sameDecimal(grossTotal, expected)) return []
  return [
    differs(
      'grossTotal',
      `grossTotal ${grossTotal} is not lines + freight + tax, ${priced.netTotal} + ${tax} = ${expected}`,
    ),
  ]
}

/** The order's tax under the source's rule; undefined when a taxed line does not say its rate. */
function taxOf(order: PricedSalesOrder, { rounding, taxRounding }: Source): string | undefined {
  const taxed = [
    ...order.lines.map(({ amount, taxCode, taxRate }) => ({ amount, taxCode, taxRate })),
    { amount: order.freight ?? '0', taxCode: order.freightTaxCode, taxRate: order.freightTaxRate },
  ].filter(({ taxCode, taxRate }) => taxCode !== undefined || taxRate !== undefined)
  if (taxed.some(({ taxRate }) => taxRate === undefined)) return undefined
  const round = (amount: Big) => roundAmount(amount, order.currency, rounding)
  const tax = (base: Big | string, rate = '0') => round(new Big(base).times(rate).div(100))
  if (taxRounding === 'by line') return sum(taxed.map(({ amount, taxRate }) => tax(amount, taxRate))).toFixed()
  const byRate = Object.entries(Object.groupBy(taxed, ({ taxRate = '0' }) => new Big(taxRate).toFixed()))
  return sum(byRate.map(([rate, group = []]) => tax(sum(group.map(({ amount }) => amount)), rate))).toFixed()
}

function differs(field: string, message: string): Refusal {
  return { code: 'TOTAL_DIFFERS', message, field, owner: 'sales' }
}
