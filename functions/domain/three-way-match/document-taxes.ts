import Big from 'big.js'
import { isFinerThan, roundAmount, sum } from '#domain/money.ts'
import type { PurchaseOrder, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { findLine } from './agreed-line.ts'
import { computedAmount } from './billed-line.ts'

type Billed = SupplierInvoice | SupplierCreditNote

/** What a document asks for, net, with the rate at which it is taxed: its own, else that of the order line. */
export interface Taxed {
  readonly amount: Big
  /** Undefined where neither document says. */
  readonly rate: string | undefined
}

export function taxedAmountsOf(document: Billed, order: PurchaseOrder): readonly Taxed[] {
  const lines = document.lines.map((line) => {
    const agreed = findLine(order, line)
    const amount = line.amount ?? roundAmount(computedAmount(line) ?? '0', order.currency, 'half-up')
    return { amount: new Big(amount), rate: line.taxRate ?? (typeof agreed === 'string' ? undefined : agreed.taxRate) }
  })
  const { freight, freightTaxRate } = document
  return [
    ...lines,
    ...(freight === undefined ? [] : [{ amount: new Big(freight), rate: freightTaxRate }]),
    ...document.charges.map(({ amount, taxRate }) => ({ amount: new Big(amount), rate: taxRate })),
    ...document.allowances.map(({ amount, taxRate }) => ({ amount: new Big(amount).times(-1), rate: taxRate })),
  ].filter(({ amount }) => !amount.eq(0))
}

/** The tax of all of it, unrounded; undefined where a rate is missing. */
export function taxByRatesOf(taxed: readonly Taxed[]): Big | undefined {
  return taxed.reduce<Big | undefined>(
    (total, { amount, rate }) => (rate === undefined ? undefined : total?.plus(taxOn(amount, rate))),
    new Big(0),
  )
}

/** For how many amounts at this rate a tax of their own would have to be rounded, at least one. */
export function roundedTaxes(taxed: readonly Taxed[], rate: string, currency: string): number {
  const own = taxed.filter((one) => one.rate === undefined || new Big(one.rate).eq(rate))
  return Math.max(1, own.filter(({ amount }) => isFinerThan(taxOn(amount, rate).toFixed(), currency)).length)
}

/** A rate with what the breakdown says is taxed at it, and what is. */
export interface RateOfTax {
  readonly rate: string
  readonly found: Big
  readonly expected: Big
  /** What bears no rate of its own, and may be part of it. */
  readonly unknown: Big
}

/** Each rate of breakdown and amounts but zero, which may be left out; none where no rate is known. */
export function ratesOf({ taxes }: Billed, taxed: readonly Taxed[]): readonly RateOfTax[] {
  const known = taxed.flatMap(({ amount, rate }) => (rate === undefined ? [] : [{ amount, rate }]))
  if (taxes.length === 0 || known.length === 0) return []
  const unknown = taxed
    .filter(({ rate }) => rate === undefined)
    .reduce((total, { amount }) => total.plus(amount.abs()), new Big(0))
  const rates = new Set([...known, ...taxes].map(({ rate }) => new Big(rate).toFixed()))
  return [...rates]
    .filter((rate) => rate !== '0')
    .map((rate) => ({
      rate,
      found: sum(taxes.filter((tax) => new Big(tax.rate).eq(rate)).map(({ base }) => base)),
      expected: known
        .filter((one) => new Big(one.rate).eq(rate))
        .reduce((total, { amount }) => total.plus(amount), new Big(0)),
      unknown,
    }))
}

function taxOn(amount: Big, rate: string): Big {
  return amount.times(rate).times('0.01')
}
