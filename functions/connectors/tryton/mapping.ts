import Big from 'big.js'
import type { PricedLine, PricedSalesOrder } from '#domain/documents.ts'
import { BusinessError, type Owner } from '#domain/errors.ts'
import { minorUnitsOf, roundAmount } from '#domain/money.ts'
import type { SalesOrderIds } from '../port.ts'
import type { Settings } from './settings.ts'
import { decimal } from './wire.ts'

/** A line as it must stand on a sale or a purchase. `key` tells which; Tryton copies the note that holds it onto the invoice. */
export interface LineValues {
  readonly key: string
  /** Null on a line of text alone, which a purchase may have. */
  readonly product: number | null
  readonly quantity: string
  readonly unitPrice: string
  readonly taxes: readonly number[]
  readonly amount: string
  readonly description?: string | undefined
}

export interface SaleLineValues extends LineValues {
  readonly product: number
}

// In brackets, since a source may call one of its own lines "freight".
export const freightKey = '(freight)'
export const roundingKey = '(rounding)'
// product.price_decimal, whose default is 4.
const unitPriceDigits = 4

/**
 * The lines of a sale. Tryton has no discount and holds unit prices with four decimals, and rounds quantity × price
 * half to even (trytond-currency, `round`); so the unit price is chosen whose rounded amount is the order's own.
 * With a large quantity there may be none: what is missing then stands on a rounding line, and the total is right.
 */
export function saleLines(
  salesOrder: PricedSalesOrder,
  ids: SalesOrderIds,
  services: Pick<Settings, 'freight' | 'rounding'>,
): readonly SaleLineValues[] {
  const { currency, freight } = salesOrder
  const lines = salesOrder.lines.map((line, index) => {
    const price = unitPriceFor(line, currency)
    return {
      key: line.number,
      product: idOfItem(ids, line.item.id, index),
      quantity: new Big(line.quantity).toFixed(),
      ...price,
      taxes: taxes(ids, line.taxCode, `lines[${index}].taxCode`),
      description: line.item.name,
    }
  })
  const missing = salesOrder.lines.reduce(
    (total, line, index) => total.plus(line.amount).minus(lines[index]?.amount ?? 0),
    new Big(0),
  )
  const service = (key: string, product: number, amount: string, taxIds: readonly number[]) => ({
    key,
    product,
    quantity: '1',
    unitPrice: amount,
    amount: roundAmount(amount, currency, 'half-even'),
    taxes: taxIds,
  })
  return [
    ...lines,
    ...(freight !== undefined && !new Big(freight).eq(0)
      ? [
          service(
            freightKey,
            services.freight.product,
            freight,
            taxes(ids, salesOrder.freightTaxCode, 'freightTaxCode'),
          ),
        ]
      : []),
    ...(missing.eq(0) ? [] : [service(roundingKey, services.rounding.product, missing.toFixed(), [])]),
  ]
}

/** The four-decimal unit price that makes Tryton's amount the line's own, or else comes nearest. */
export function unitPriceFor(
  line: Pick<PricedLine, 'unitPrice' | 'discount' | 'quantity' | 'amount'>,
  currency: string,
): { readonly unitPrice: string; readonly amount: string } {
  const discounted = new Big(line.unitPrice).times(new Big(1).minus(line.discount ?? '0'))
  const fromAmount = new Big(line.amount).div(line.quantity)
  const candidates = [discounted, fromAmount].map((price) => price.toFixed(unitPriceDigits, Big.roundHalfEven))
  const priced = candidates.map((unitPrice) => ({
    unitPrice,
    amount: roundAmount(new Big(unitPrice).times(line.quantity), currency, 'half-even'),
  }))
  const exact = priced.find(({ amount }) => new Big(amount).eq(line.amount))
  const [first] = priced
  if (first === undefined) throw new Error('A line has no candidate for its unit price')
  return exact ?? first
}

/** The line as Tryton takes it. */
export function saleLineWire(line: SaleLineValues, sequence: number, unit: number) {
  return {
    type: 'line',
    sequence,
    product: line.product,
    quantity: Number(line.quantity),
    unit,
    unit_price: decimal(line.unitPrice),
    note: line.key,
    ...(line.description && { description: line.description }),
    ...(line.taxes.length > 0 && { taxes: [['add', line.taxes]] }),
  }
}

/** Whether a line is one that the hub added: not the customer's, and not delivered. */
export function isServiceKey(key: string): boolean {
  return key === freightKey || key === roundingKey
}

/** Digits of an amount of this currency, whatever Tryton wrote. */
export function asAmount(decimalText: string, currency: string): string {
  return new Big(decimalText).toFixed(minorUnitsOf(currency))
}

function idOfItem(ids: SalesOrderIds, item: string, index: number): number {
  return idFrom(ids.itemIds, item, 'UNKNOWN_ITEM', `lines[${index}].item.id`)
}

function taxes(ids: SalesOrderIds, code: string | undefined, field: string): readonly number[] {
  return code === undefined ? [] : [idFrom(ids.taxIds, code, 'UNKNOWN_TAX', field)]
}

/** The ERP's id of what a source calls so. */
export function idFrom(
  ids: Readonly<Record<string, string>>,
  source: string,
  code: string,
  field: string,
  owner: Owner = 'sales',
): number {
  const id = Object.hasOwn(ids, source) ? Number(ids[source]) : Number.NaN
  if (Number.isSafeInteger(id) && id > 0) return id
  const message = `"${source}" has no cross-reference that Tryton could know (${ids[source] ?? 'none'})`
  throw new BusinessError({ code, message, field, owner }, { system: 'tryton' })
}
