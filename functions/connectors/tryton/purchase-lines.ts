import Big from 'big.js'
import { roundAmount, sum } from '#domain/money.ts'
import type { PurchaseOrder, PurchaseOrderLine } from '#domain/procurement-documents.ts'
import type { PurchaseOrderIds } from '../purchasing-port.ts'
import { freightKey, idFrom, type LineValues, roundingKey, unitPriceFor } from './mapping.ts'
import type { Settings } from './settings.ts'
import { decimal } from './wire.ts'

/** The lines of a purchase: what is ordered, then freight, charges and allowances, then what rounding leaves. */
export function purchaseLines(
  order: PurchaseOrder,
  ids: PurchaseOrderIds,
  services: Pick<Settings, 'freight' | 'rounding'>,
): readonly LineValues[] {
  const { currency } = order
  const ordered = order.lines.map((line, index) => orderedLine(line, index, order, ids))
  const missing = sum(ordered.map(({ line, wanted }) => new Big(wanted).minus(line.amount).toFixed()))
  const single = (key: string, product: number | null, amount: string, description?: string): LineValues => ({
    key,
    product,
    quantity: '1',
    unitPrice: amount,
    amount: roundAmount(amount, currency, 'half-even'),
    taxes: [],
    description,
  })
  const { freight = '0' } = order
  return [
    ...ordered.map(({ line }) => line),
    ...(new Big(freight).eq(0) ? [] : [single(freightKey, services.freight.product, freight)]),
    ...order.charges.map(({ amount, reason }, index) =>
      single(`(charge ${index + 1})`, null, amount, reason ?? 'Charge'),
    ),
    ...order.allowances.map(({ amount, reason }, index) =>
      single(`(allowance ${index + 1})`, null, new Big(amount).times(-1).toFixed(), reason ?? 'Allowance'),
    ),
    ...(missing.eq(0) ? [] : [single(roundingKey, services.rounding.product, missing.toFixed())]),
  ]
}

function orderedLine(line: PurchaseOrderLine, index: number, { currency }: PurchaseOrder, ids: PurchaseOrderIds) {
  const { item, quantity, discount, taxRate } = line
  const unitPrice = new Big(line.unitPrice).div(line.priceQuantity)
  const exact = unitPrice.times(quantity).times(new Big(1).minus(discount ?? '0'))
  const wanted = roundAmount(exact, currency, 'half-up')
  const field = `lines[${index}].item.id`
  return {
    wanted,
    line: {
      key: line.number,
      product: item === undefined ? null : idFrom(ids.itemIds, item.id ?? '', 'UNKNOWN_ITEM', field, 'purchasing'),
      quantity: new Big(quantity).toFixed(),
      ...unitPriceFor({ unitPrice: unitPrice.toFixed(), discount, quantity, amount: wanted }, currency),
      taxes: taxesOf(ids.taxIds, taxRate, `lines[${index}].taxRate`),
      description: item?.name ?? line.description ?? (item === undefined ? `Line ${line.number}` : undefined),
    },
  }
}

/** Taxes of a percentage: `20` and `20.0` are the same. */
export function taxesOf(ids: Readonly<Record<string, string>>, rate: string | undefined, field: string) {
  const key = rate === undefined ? undefined : new Big(rate).toFixed()
  if (key === undefined || (key === '0' && !Object.hasOwn(ids, key))) return []
  return [idFrom(ids, key, 'UNKNOWN_TAX', field, 'finance')]
}

/** Whether the line is none that was ordered. */
export function isAddedKey(key: string): boolean {
  return /^\((freight|rounding|charge \d+|allowance \d+)\)$/.test(key)
}

/** The line as Tryton takes it. */
export function purchaseLineWire(line: LineValues, sequence: number, unit: number | undefined) {
  return {
    type: 'line',
    sequence,
    ...(line.product !== null && { product: line.product, unit }),
    quantity: Number(line.quantity),
    unit_price: decimal(line.unitPrice),
    note: line.key,
    ...(line.description && { description: line.description }),
    ...(line.taxes.length > 0 && { taxes: [['add', line.taxes]] }),
  }
}
