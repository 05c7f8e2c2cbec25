import Big from 'big.js'
import { roundAmount } from '#domain/money.ts'
import type { PurchaseOrder, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { agreedLines, inOrderUnit } from './agreed-line.ts'
import { resolveLine } from './billed-line.ts'

/** A line of a supplier's document in the terms of its purchase order, ready to be booked. */
export interface BookedLine {
  /** The order line that it bills; none: freight, a charge or an allowance. */
  readonly line?: string | undefined
  readonly text?: string | undefined
  /** In the order line's unit; none where only an amount changes. */
  readonly quantity?: string | undefined
  /** Net of tax, rounded. */
  readonly amount: string
  readonly taxRate?: string | undefined
}

/**
 * Everything that the document asks to be paid, net of tax: its lines, freight, charges and allowances.
 * @returns in words which lines name none of the order's, for a document that the match has not seen
 */
export function bookedLinesOf(
  document: SupplierInvoice | SupplierCreditNote,
  order: PurchaseOrder,
): readonly BookedLine[] | { readonly unknown: readonly string[] } {
  const agreed = agreedLines(order, [], [])
  const resolved = document.lines.map((line, index) => resolveLine(line, index, order, agreed))
  const unknown = resolved.flatMap((line) => ('finding' in line ? [line.finding.explanation] : []))
  if (unknown.length > 0) return { unknown }
  const lines = resolved.flatMap((line): BookedLine[] => {
    if (!('agreed' in line)) return []
    const isAmount = line.quantity.eq(0) || line.billed.kind === 'price'
    return [
      {
        line: line.agreed.line.number,
        text: line.billed.description,
        quantity: isAmount ? undefined : inOrderUnit(line.agreed, line.quantity),
        amount: amountOf(line.amount, order),
        taxRate: line.billed.taxRate,
      },
    ]
  })
  const rate = onlyRateOf(document)
  const surcharge = (sign: 1 | -1, name: string) => (entry: SupplierInvoice['charges'][number]) => ({
    text: entry.reason ?? name,
    amount: amountOf(new Big(entry.amount).times(sign), order),
    taxRate: entry.taxRate ?? rate,
  })
  const added = (text: string, amount: string | undefined, taxRate: string | undefined) =>
    new Big(amount ?? '0').eq(0) ? [] : [{ text, amount: amountOf(new Big(amount ?? '0'), order), taxRate }]
  return [
    ...lines,
    ...added('Freight', document.freight, document.freightTaxRate ?? rate),
    ...document.charges.map(surcharge(1, 'Charge')),
    ...document.allowances.map(surcharge(-1, 'Allowance')),
    // Not taxed: it only rounds what is to be paid.
    ...added('Rounding', document.rounding, undefined),
  ]
}

/** Freight and charges that name no rate bear the document's, where it has one for all of its net total. */
function onlyRateOf({ taxes, netTotal }: SupplierInvoice | SupplierCreditNote): string | undefined {
  const [only, second] = taxes
  if (only === undefined || second !== undefined) return undefined
  return netTotal === undefined || new Big(netTotal).eq(only.base) ? only.rate : undefined
}

function amountOf(amount: Big, { currency }: PurchaseOrder): string {
  return roundAmount(amount, currency, 'half-up')
}
