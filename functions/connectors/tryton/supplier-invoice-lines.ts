import Big from 'big.js'
import * as z from 'zod'
import { roundAmount, sum } from '#domain/money.ts'
import type { BilledLinePosting, SupplierInvoicePosting } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import { roundingKey, unitPriceFor } from './mapping.ts'
import { refusePurchase } from './purchase.ts'
import { taxesOf } from './purchase-lines.ts'
import type { Purchased, PurchasedLine } from './purchased.ts'
import type { Settings } from './settings.ts'
import { decimal, Id } from './wire.ts'

/** A line as it must stand on a supplier's invoice; on a credit note quantity and amount are negative. */
export interface InvoiceLineValues {
  readonly key: string
  readonly ordered: PurchasedLine | undefined
  readonly quantity: string
  readonly unitPrice: string
  readonly amount: string
  readonly taxes: readonly number[]
  readonly description: string
  /** It counts as quantity of the order line, not as an amount alone. */
  readonly isQuantity: boolean
}

/**
 * What is billed, with the document's own amounts. Tryton holds unit prices with four decimals; what they leave to the
 * amount stands on a line of its own.
 */
export function supplierInvoiceLines(
  posting: SupplierInvoicePosting,
  purchased: Purchased,
  sign: 1 | -1,
): readonly InvoiceLineValues[] {
  const lines = posting.lines.map((line, index) => valuesOf(line, index, posting, purchased, sign))
  const billed = sum(posting.lines.map(({ amount }) => amount)).times(sign)
  const missing = billed.minus(sum(lines.map(({ amount }) => amount)))
  if (missing.eq(0)) return lines
  const unitPrice = missing.times(sign).toFixed()
  const rounding = {
    key: roundingKey,
    ordered: undefined,
    quantity: String(sign),
    unitPrice,
    amount: missing.toFixed(),
  }
  return [...lines, { ...rounding, taxes: [], description: 'Rounding', isQuantity: false }]
}

function valuesOf(
  line: BilledLinePosting,
  index: number,
  { taxIds, currency }: SupplierInvoicePosting,
  purchased: Purchased,
  sign: 1 | -1,
): InvoiceLineValues {
  const ordered = line.line === undefined ? undefined : purchased.lines.find(({ key }) => key === line.line)
  if (line.line !== undefined && ordered === undefined) {
    const message = `the purchase order has no line ${line.line}`
    throw refusePurchase('NOTHING_TO_BILL', message, `lines[${index}].line`)
  }
  const quantity = line.quantity === undefined || new Big(line.quantity).eq(0) ? undefined : line.quantity
  const counted = quantity ?? (line.amount.startsWith('-') ? '-1' : '1')
  const unitPrice = new Big(line.amount).div(counted).toFixed()
  const priced = unitPriceFor({ unitPrice, discount: undefined, quantity: counted, amount: line.amount }, currency)
  const taxes = taxesOf(taxIds, line.taxRate, `lines[${index}].taxRate`)
  return {
    key: line.line ?? `(${index + 1})`,
    ordered,
    quantity: new Big(counted).times(sign).toFixed(),
    unitPrice: priced.unitPrice,
    amount: roundAmount(new Big(priced.amount).times(sign), currency, 'half-even'),
    taxes: line.taxRate === undefined ? (ordered?.taxes ?? []) : taxes,
    description: line.text ?? ordered?.description ?? (ordered === undefined ? 'Charge' : `Line ${ordered.key}`),
    isQuantity: ordered !== undefined && quantity !== undefined,
  }
}

/**
 * The lines as Tryton takes them.
 * @param goods the lines whose goods are billed, where that is not the order's own: those of a supplier return
 */
export async function invoiceLinesWire(
  client: TrytonClient,
  lines: readonly InvoiceLineValues[],
  { purchased, goods, services }: { purchased: Purchased; goods: Purchased | undefined; services: Settings },
  signal: AbortSignal,
) {
  const products = [...new Set([services.freight.product, ...lines.flatMap(({ ordered }) => ordered?.product ?? [])])]
  const accounts = new Map(
    await Promise.all(products.map(async (id) => [id, await accountOf(client, id, purchased, signal)] as const)),
  )
  return lines.map((line, index) => {
    const product = line.ordered?.product ?? services.freight.product
    const billed = goods?.lines.find(({ key }) => key === line.key) ?? line.ordered
    const moves = (billed?.moves ?? []).filter((move) => move.state === 'done' && move.invoice_lines.length === 0)
    return {
      type: 'line',
      sequence: index + 1,
      ...(line.isQuantity && {
        origin: `purchase.line,${billed?.id}`,
        ...(billed?.product && { product: billed.product, unit: billed.unit }),
        ...(moves.length > 0 && { stock_moves: [['add', moves.map(({ id }) => id)]] }),
      }),
      currency: purchased.currency,
      account: accounts.get(product),
      quantity: Number(line.quantity),
      unit_price: decimal(line.unitPrice),
      note: line.key,
      description: line.description,
      ...(line.taxes.length > 0 && { taxes: [['add', line.taxes]] }),
    }
  })
}

/** What an item is booked to: from the item or from its category, which only Tryton's own form says. */
async function accountOf(
  client: TrytonClient,
  product: number,
  { company, party }: Purchased,
  signal: AbortSignal,
): Promise<number> {
  const Filled = z.object({ account: Id.nullish() })
  const values = { type: 'line', invoice_type: 'in', company, product, party, quantity: 1 }
  const { account } = await client.read(Filled, 'model.account.invoice.line.on_change', [values, ['product']], {
    signal,
  })
  if (account) return account
  throw refusePurchase('ACCOUNTS_MISSING', `item ${product} has no expense account in Tryton`, undefined, 'finance')
}
