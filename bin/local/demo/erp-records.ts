import Big from 'big.js'
import * as z from 'zod'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, Id, Ids, idOf, Quantity } from '#connectors/tryton/wire.ts'
import { sum } from '#domain/money.ts'
import type { LocalEnvironment } from '../state.ts'
import type { InvoiceBooks } from './books.ts'

/** The ERP's records as the demo reads them, with its own schemas: the connector under test has no part in it. */

export const Sale = z.object({
  id: Id,
  reference: z.string(),
  number: z.string().nullable(),
  state: z.string(),
  total_amount: Decimal,
  /** Of a return and of a credit: the sales order that it takes back. */
  origin: z.string().nullable(),
  lines: Ids,
  shipments: Ids,
  shipment_returns: Ids,
  invoices: Ids,
})
export const Shipment = z.object({ id: Id, number: z.string().nullable(), state: z.string() })
export const Invoice = z.object({
  id: Id,
  number: z.string().nullable(),
  state: z.string(),
  total_amount: Decimal,
  amount_to_pay: Decimal,
})
export const Move = z.object({ quantity: Quantity, origin: z.string(), 'product.': z.object({ code: z.string() }) })

/** Reads past the hub, as somebody who may see everything. */
export function administrator(erp: LocalEnvironment['erp']): TrytonClient {
  const credentials = { database: erp.database, ...erp.admin }
  return new TrytonClient({ url: erp.url, credentials, clientTimeoutMs: 60_000, settleMs: 0 })
}

export function doneOf(shipments: readonly z.output<typeof Shipment>[], ids: readonly number[]): readonly string[] {
  return shipments.flatMap(({ id, state, number }) => (ids.includes(id) && state === 'done' ? [number ?? '-'] : []))
}

export function booksOf(
  invoices: readonly z.output<typeof Invoice>[],
  ids: readonly number[],
  sign: 1 | -1,
): readonly InvoiceBooks[] {
  const own = invoices.filter(({ id, state }) => ids.includes(id) && state !== 'cancelled')
  return own.map(({ number, state, total_amount, amount_to_pay }) => ({
    number: number ?? '-',
    state,
    amount: money(new Big(total_amount).times(sign)),
    open: money(new Big(amount_to_pay).times(sign)),
  }))
}

export function movesOf(
  moves: readonly z.output<typeof Move>[],
  model: 'sale.line' | 'purchase.line',
  orders: readonly { readonly lines: readonly number[] }[],
  sign: 1 | -1,
) {
  const lines = orders.flatMap((order) => order.lines)
  const own = moves.filter(({ origin }) => lines.includes(idOf(origin, model) ?? 0))
  return own.map(({ quantity, 'product.': { code } }) => ({
    item: code.slice(code.indexOf('-') + 1),
    quantity: new Big(quantity).times(sign).toFixed(),
  }))
}

export function stockOf(moved: readonly { readonly item: string; readonly quantity: string }[]) {
  const items = Object.entries(Object.groupBy(moved, ({ item }) => item))
  return Object.fromEntries(items.map(([item, own = []]) => [item, sum(own.map(({ quantity }) => quantity)).toFixed()]))
}

export function money(amount: Big | string): string {
  return new Big(amount).toFixed(2)
}
