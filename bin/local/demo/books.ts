import type { LocalEnvironment } from '../state.ts'
import type { DemoOrder } from './demo-order.ts'
import {
  administrator,
  booksOf,
  doneOf,
  Invoice,
  Move,
  money,
  movesOf,
  Sale,
  Shipment,
  stockOf,
} from './erp-records.ts'
import { type PaymentBooks, readPayments } from './payments.ts'
import { readPurchases } from './purchase-books.ts'

/** What stands in the ERP for one order, sold or bought: read from the ERP itself, past the hub and its connector. */
export interface OrderBooks {
  readonly orders: readonly { readonly number: string; readonly state: string; readonly gross: string }[]
  /** Numbers of what has left or arrived, and of what has come or gone back. */
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

/** Reads the books of all orders of a run, in the order in which they are given. */
export async function readOrderBooks(
  erp: LocalEnvironment['erp'],
  orders: readonly DemoOrder[],
): Promise<readonly OrderBooks[]> {
  const [sold, bought] = [orders.filter(isSold), orders.filter((order) => !isSold(order))]
  const [sales, purchases] = [await readSales(erp, sold), await readPurchases(erp, bought)]
  return orders.map((order) => {
    const books = isSold(order) ? sales[sold.indexOf(order)] : purchases[bought.indexOf(order)]
    if (books === undefined) throw new Error(`The books of ${order.number} were not read`)
    return books
  })
}

const isSold = ({ kind }: DemoOrder) => kind.supplier === undefined

async function readSales(erp: LocalEnvironment['erp'], orders: readonly DemoOrder[]): Promise<readonly OrderBooks[]> {
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
      orders: forth.map(({ number, state, total_amount }) => ({
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
      stock: stockOf([...movesOf(moves, 'sale.line', forth, -1), ...movesOf(moves, 'sale.line', back, 1)]),
      payments: payments[index] ?? { paidIn: [], paidOut: [] },
    }
  })
}
