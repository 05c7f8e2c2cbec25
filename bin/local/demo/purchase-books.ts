import * as z from 'zod'
import { Decimal, Id, Ids, idOf } from '#connectors/tryton/wire.ts'
import type { LocalEnvironment } from '../state.ts'
import type { OrderBooks } from './books.ts'
import { type DemoOrder, source } from './demo-order.ts'
import { administrator, booksOf, doneOf, Invoice, Move, money, movesOf, Shipment, stockOf } from './erp-records.ts'
import { readPayments } from './payments.ts'

const model = 'purchase.purchase'
const Purchase = z.object({
  id: Id,
  description: z.string().nullable(),
  number: z.string().nullable(),
  state: z.string(),
  total_amount: Decimal,
  /** Of what goes back: the purchase order that it is of. */
  origin: z.string().nullable(),
  lines: Ids,
  shipments: Ids,
  shipment_returns: Ids,
  invoices: Ids,
})
const fields = Object.keys(Purchase.shape).slice(1)

/** Reads what stands in the ERP of these purchases, in the order in which they are given. */
export async function readPurchases(
  erp: LocalEnvironment['erp'],
  orders: readonly DemoOrder[],
): Promise<readonly OrderBooks[]> {
  const client = administrator(erp)
  const nameOf = ({ number }: DemoOrder) => `${source} ${number}`
  const forth = await client.search(Purchase, model, [['description', 'in', orders.map(nameOf)]], fields)
  const origins = forth.map(({ id }) => `${model},${id}`)
  const back = await client.search(Purchase, model, [['origin', 'in', origins]], fields)
  const all = [...forth, ...back]
  const read = (of: string, ids: readonly number[]) => client.records(Shipment, of, ids, ['number', 'state'])
  const receipts = await read('stock.shipment.in', unique(all.flatMap(({ shipments }) => shipments)))
  const returns = await read('stock.shipment.in.return', unique(all.flatMap((one) => one.shipment_returns)))
  const invoiceFields = ['number', 'state', 'total_amount', 'amount_to_pay']
  const invoiceIds = unique(all.flatMap(({ invoices }) => invoices))
  const invoices = await client.records(Invoice, 'account.invoice', invoiceIds, invoiceFields)
  const moved = [
    ['origin.purchase', 'in', all.map(({ id }) => id), 'purchase.line'],
    ['state', '=', 'done'],
  ]
  const moves = await client.search(Move, 'stock.move', moved, ['quantity', 'origin', 'product.code'])
  const payments = await readPayments(client, orders)
  return orders.map((order, index) => {
    const own = forth.filter(({ description }) => description === nameOf(order))
    const returned = back.filter(({ origin }) => own.some(({ id }) => id === idOf(origin, model)))
    const ids = (of: typeof own, field: 'shipments' | 'shipment_returns' | 'invoices') =>
      of.flatMap((one) => one[field])
    return {
      orders: own.map(({ number, state, total_amount }) => ({
        number: number ?? '-',
        state,
        gross: money(total_amount),
      })),
      deliveries: doneOf(receipts, ids(own, 'shipments')),
      returns: doneOf(returns, ids(returned, 'shipment_returns')),
      invoices: booksOf(invoices, ids(own, 'invoices'), 1),
      creditNotes: booksOf(invoices, ids(returned, 'invoices'), -1),
      stock: stockOf([...movesOf(moves, 'purchase.line', own, 1), ...movesOf(moves, 'purchase.line', returned, -1)]),
      payments: payments[index] ?? { paidIn: [], paidOut: [] },
    }
  })
}

function unique(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)]
}
