import Big from 'big.js'
import { minorUnitsOf } from '#domain/money.ts'

/** `1` EUR as `1.00 EUR`, with all digits that it has beyond those: nothing is rounded. Empty where there is no amount. */
export function formatMoney(amount: string | undefined, currency: string | undefined): string {
  if (amount === undefined) return ''
  if (currency === undefined || currency === '') return amount
  const digits = Math.max(minorUnitsOf(currency), amount.split('.')[1]?.length ?? 0)
  return `${new Big(amount).toFixed(digits)} ${currency}`
}
