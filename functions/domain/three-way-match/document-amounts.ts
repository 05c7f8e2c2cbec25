import Big from 'big.js'
import { minorUnitsOf, roundAmount, sum } from '#domain/money.ts'
import type { SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { computedAmount } from './billed-line.ts'
import { freightOf, surchargeOf } from './charges.ts'

export type Billed = SupplierInvoice | SupplierCreditNote

/** What is to be paid for it: stated, or computed. */
export function payableOf(document: Billed, currency: string): string {
  const amount = document.payable ?? computedPayable(document, currency)
  return new Big(amount).toFixed(Math.max(minorUnitsOf(currency), decimalsOf(String(amount))))
}

/**
 * What an ERP's invoice for it is over: with tax and rounding, whatever of it is prepaid.
 * @returns undefined for a document that says nothing of its tax, which is the ERP's own business then
 */
export function bookedTotalOf(document: Billed, currency: string): string | undefined {
  const { payable: stated, grossTotal, taxTotal, prepaid = '0' } = document
  const isKnown =
    [stated, grossTotal, taxTotal].some((total) => total !== undefined) || taxOf(document, currency).isKnown
  return isKnown ? new Big(payableOf(document, currency)).plus(prepaid).toFixed() : undefined
}

function decimalsOf(decimal: string): number {
  return decimal.split('.')[1]?.replace(/0+$/, '').length ?? 0
}

/** Lines + freight + charges − allowances. */
export function netOf(document: Billed, currency: string): Big {
  const lines = document.lines.map(
    (line) => line.amount ?? roundAmount(computedAmount(line) ?? '0', currency, 'half-up'),
  )
  return sum(lines).plus(freightOf(document)).plus(surchargeOf(document))
}

/** Known from the breakdown, or from the lines' rates where each line has one. */
function taxOf(document: Billed, currency: string): { readonly amount: Big; readonly isKnown: boolean } {
  if (document.taxes.length > 0) return { amount: sum(document.taxes.map(({ amount }) => amount)), isKnown: true }
  const taxed = [...document.lines, ...document.charges, ...document.allowances]
  const { freight, freightTaxRate } = document
  const isKnown =
    taxed.every(({ taxRate }) => taxRate !== undefined) && (freight === undefined || freightTaxRate !== undefined)
  if (!isKnown) return { amount: new Big(0), isKnown }
  const of = (amount: Big | string, rate: string | undefined) => new Big(amount).times(rate ?? '0').times('0.01')
  const add = (amounts: readonly Big[]) => amounts.reduce((total, amount) => total.plus(amount), new Big(0))
  const amount = add(document.lines.map((line) => of(line.amount ?? computedAmount(line) ?? '0', line.taxRate)))
    .plus(of(freight ?? '0', freightTaxRate))
    .plus(add(document.charges.map((charge) => of(charge.amount, charge.taxRate))))
    .minus(add(document.allowances.map((allowance) => of(allowance.amount, allowance.taxRate))))
  return { amount: new Big(roundAmount(amount, currency, 'half-up')), isKnown }
}

export function statedNet(document: Billed, currency: string): Big {
  return new Big(document.netTotal ?? netOf(document, currency))
}

export function statedTax(document: Billed, currency: string): Big {
  return new Big(document.taxTotal ?? taxOf(document, currency).amount)
}

export function grossOf(document: Billed, currency: string): Big {
  return new Big(document.grossTotal ?? statedNet(document, currency).plus(statedTax(document, currency)))
}

/** By its gross total, whatever it states itself. */
export function computedPayable(document: Billed, currency: string): Big {
  return grossOf(document, currency)
    .minus(document.prepaid ?? '0')
    .plus(document.rounding ?? '0')
}
