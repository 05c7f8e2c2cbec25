import Big from 'big.js'
import * as z from 'zod'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, Id, Ids } from '#connectors/tryton/wire.ts'
import type { LocalEnvironment } from '../state.ts'

/** What stands in the ERP for one order: read from the ERP itself, past the hub and its connector. */
export interface OrderBooks {
  readonly salesOrders: readonly { readonly number: string; readonly state: string; readonly gross: string }[]
  readonly deliveries: readonly { readonly number: string; readonly state: string }[]
  readonly invoices: readonly InvoiceBooks[]
}

export interface InvoiceBooks {
  readonly number: string
  readonly state: string
  readonly amount: string
  readonly paid: string
  readonly payments: number
}

const Sale = z.object({
  reference: z.string(),
  number: z.string().nullable(),
  state: z.string(),
  total_amount: Decimal,
  shipments: Ids,
  invoices: Ids,
})
const Shipment = z.object({ id: Id, number: z.string().nullable(), state: z.string() })
const Invoice = z.object({
  id: Id,
  number: z.string().nullable(),
  state: z.string(),
  total_amount: Decimal,
  amount_to_pay: Decimal,
  payment_lines: Ids,
})

/** Reads the books of a whole run, by the order's own number. */
export async function readBooks(erp: LocalEnvironment['erp'], run: string): Promise<ReadonlyMap<string, OrderBooks>> {
  const client = new TrytonClient({
    url: erp.url,
    credentials: { database: erp.database, ...erp.admin },
    clientTimeoutMs: 60_000,
    settleMs: 0,
  })
  const sales = await client.search(
    Sale,
    'sale.sale',
    [['reference', 'like', `${run}-%`]],
    ['reference', 'number', 'state', 'total_amount', 'shipments', 'invoices'],
  )
  const ids = (field: 'shipments' | 'invoices') => [...new Set(sales.flatMap((sale) => sale[field]))]
  const shipments = await client.records(Shipment, 'stock.shipment.out', ids('shipments'), ['number', 'state'])
  const invoiceFields = ['number', 'state', 'total_amount', 'amount_to_pay', 'payment_lines']
  const invoices = await client.records(Invoice, 'account.invoice', ids('invoices'), invoiceFields)
  const references = [...new Set(sales.map(({ reference }) => reference))]
  return new Map(
    references.map((reference) => {
      const own = sales.filter((sale) => sale.reference === reference)
      const isOf = (field: 'shipments' | 'invoices') => (record: { readonly id: number }) =>
        own.some((sale) => sale[field].includes(record.id))
      const books: OrderBooks = {
        salesOrders: own.map(({ number, state, total_amount }) => ({
          number: number ?? '-',
          state,
          gross: total_amount,
        })),
        deliveries: shipments.filter(isOf('shipments')).map(({ number, state }) => ({ number: number ?? '-', state })),
        invoices: invoices.filter(isOf('invoices')).map(invoiceBooks),
      }
      return [reference, books]
    }),
  )
}

function invoiceBooks(invoice: z.output<typeof Invoice>): InvoiceBooks {
  const { number, state, total_amount, amount_to_pay, payment_lines } = invoice
  const booked = state === 'posted' || state === 'paid'
  return {
    number: number ?? '-',
    state,
    amount: new Big(total_amount).toFixed(2),
    paid: booked ? new Big(total_amount).minus(amount_to_pay).toFixed(2) : '0.00',
    payments: payment_lines.length,
  }
}
