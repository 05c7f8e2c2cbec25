import Big from 'big.js'

/** How a source rounds a line's amount to the currency's smallest unit. */
export type Rounding = 'half-even' | 'half-up'

const modes = { 'half-even': Big.roundHalfEven, 'half-up': Big.roundHalfUp } as const

/** Minor units by ISO 4217, fund codes included; every currency that is not listed has two. */
const minorUnits: Readonly<Record<string, number>> = {
  BHD: 3, BIF: 0, CLF: 4, CLP: 0, DJF: 0, GNF: 0, IQD: 3, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3, LYD: 3,
  OMR: 3, PYG: 0, RWF: 0, TND: 3, UGX: 0, UYI: 0, UYW: 4, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
} // biome-ignore format: a table

/** Digits after the point that an amount of this currency has. */
export function minorUnitsOf(currency: string): number {
  return minorUnits[currency] ?? 2
}

/** The amount rounded to the currency's smallest unit, always with all its digits: `11.9` EUR is `11.90`. */
export function roundAmount(amount: Big | string, currency: string, rounding: Rounding): string {
  return new Big(amount).toFixed(minorUnitsOf(currency), modes[rounding])
}

/** Whether the amount has a part that the currency has no unit for: `10.005` EUR has, `10.0000` EUR has not. */
export function isFinerThan(amount: string, currency: string): boolean {
  return !new Big(amount).round(minorUnitsOf(currency)).eq(amount)
}

/** The exact sum of decimals; `0` for none. */
export function sum(decimals: readonly string[]): Big {
  return decimals.reduce((total, decimal) => total.plus(decimal), new Big(0))
}

/** Whether two decimals are the same number: `10` and `10.00` are. */
export function sameDecimal(one: string, other: string): boolean {
  return new Big(one).eq(other)
}

/** Exact difference, as a decimal. */
export function minus(one: string, other: string): string {
  return new Big(one).minus(other).toFixed()
}

/** -1, 0 or 1, as for sorting. */
export function compareDecimals(one: string, other: string): -1 | 0 | 1 {
  return new Big(one).cmp(other)
}
