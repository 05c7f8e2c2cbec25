import Big from 'big.js'
import * as z from 'zod'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, Id, Ids, idOf, Quantity } from '#connectors/tryton/wire.ts'
import { sum } from '#domain/money.ts'
import type { LocalEnvironment } from '../state.ts'
import type { DemoOrder } from './demo-order.ts'
import { type PaymentBooks, readPayments } from './payments.ts'

/** What stands in the ERP for one order: read from the ERP itself, past the hub and its connector. */
export interface OrderBooks {
  readonly salesOrders: readonly { readonly number: string; readonly state: string; readonly gross: string }[]
  /** Numbers of what has left and what has come back. */
  readonly deliveries: readonly string[]
  readonly returns: readonly string[]
  readonly invoices: readonly InvoiceBooks[]
  readonly creditNotes: readonly InvoiceBooks[]
  /** What moved in the warehouse, by item. */
  readonly stock: Readonly<Record<string, string>>
  readonly payments: PaymentBooks
}

export interface InvoiceBooks {
  readonly number: string
  readonly state: string
  readonly amount: string
  /** What of it is neither paid nor allocated. */
  readonly open: string
}

const Sale = z.object({
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
const Shipment = z.object({ id: Id, number: z.string().nullable(), state: z.string() })
const Invoice = z.object({
  id: Id,
  number: z.string().nullable(),
  state: z.string(),
  total_amount: Decimal,
  amount_to_pay: Decimal,
})
const Move = z.object({ quantity: Quantity, origin: z.string(), 'product.': z.object({ code: z.string() }) })

/** Reads the books of all orders of a run, in the order in which they are given. */
export async function readOrderBooks(
  erp: LocalEnvironment['erp'],
  orders: readonly DemoOrder[],
): Promise<readonly OrderBooks[]> {
  const client = administrator(erp)
  const numbers = orders.map(({ number }) => number)
  const sales = await client.search(Sale, 'sale.sale', [['reference', 'in', numbers]], Object.keys(Sale.shape).slice(1))
  const ids = (field: 'shipments' | 'shipment_returns' | 'invoices') => [
    ...new Set(sales.flatMap((sale) => sale[field])),
  ]
  const read = (model: string, field: 'shipments' | 'shipment_returns') =>
    client.records(Shipment, model, ids(field), ['number', 'state'])
  const shipments = await read('stock.shipment.out', 'shipments')
  const returns = await read('stock.shipment.out.return', 'shipment_returns')
  const invoiceFields = ['number', 'state', 'total_amount', 'amount_to_pay']
  const invoices = await client.records(Invoice, 'account.invoice', ids('invoices'), invoiceFields)
  const saleIds = sales.map(({ id }) => id)
  const moved = [
    ['origin.sale', 'in', saleIds, 'sale.line'],
    ['state', '=', 'done'],
  ]
  const moves = await client.search(Move, 'stock.move', moved, ['quantity', 'origin', 'product.code'])
  const payments = await readPayments(client, orders)
  return orders.map((order, index) => {
    const all = sales.filter(({ reference }) => reference === order.number)
    const forth = all.filter(({ origin }) => origin === null)
    const back = all.filter(({ origin }) => origin !== null)
    return {
      salesOrders: forth.map(({ number, state, total_amount }) => ({
        number: number ?? '-',
        state,
        gross: money(total_amount),
      })),
      deliveries: doneOf(
        shipments,
        forth.flatMap((sale) => sale.shipments),
      ),
      returns: doneOf(
        returns,
        back.flatMap((sale) => sale.shipment_returns),
      ),
      invoices: booksOf(
        invoices,
        forth.flatMap((sale) => sale.invoices),
        1,
      ),
      creditNotes: booksOf(
        invoices,
        back.flatMap((sale) => sale.invoices),
        -1,
      ),
      stock: stockOf([...movesOf(moves, forth, -1), ...movesOf(moves, back, 1)]),
      payments: payments[index] ?? { paidIn: [], paidOut: [] },
    }
  })
}

export function administrator(erp: LocalEnvironment['erp']): TrytonClient {
  const credentials = { database: erp.database, ...erp.admin }
  return new TrytonClient({ url: erp.url, credentials, clientTimeoutMs: 60_000, settleMs: 0 })
}

function doneOf(shipments: readonly z.output<typeof Shipment>[], ids: readonly number[]): readonly string[] {
  return shipments.flatMap(({ id, state, number }) => (ids.includes(id) && state === 'done' ? [number ?? '-'] : []))
}

function booksOf(
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

function movesOf(moves: readonly z.output<typeof Move>[], sales: readonly z.output<typeof Sale>[], sign: 1 | -1) {
  const lines = sales.flatMap((sale) => sale.lines)
  const own = moves.filter(({ origin }) => lines.includes(idOf(origin, 'sale.line') ?? 0))
  return own.map(({ quantity, 'product.': { code } }) => ({
    item: code.slice(code.indexOf('-') + 1),
    quantity: new Big(quantity).times(sign).toFixed(),
  }))
}

function stockOf(moved: readonly { readonly item: string; readonly quantity: string }[]) {
  const items = Object.entries(Object.groupBy(moved, ({ item }) => item))
  return Object.fromEntries(items.map(([item, own = []]) => [item, sum(own.map(({ quantity }) => quantity)).toFixed()]))
}

function money(amount: Big | string): string {
  return new Big(amount).toFixed(2)
}
