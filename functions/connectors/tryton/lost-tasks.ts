import * as z from 'zod'
import type { Operation } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf } from './errors.ts'
import { sending } from './send.ts'
import { Id, Ids, InvoiceState, SaleState } from './wire.ts'

/**
 * Tryton finishes much in tasks: transactions of their own after the one that was asked for (trytond/ir/queue_.py).
 * A crash in between loses them, and nothing in Tryton runs them again. Each is idempotent, it makes only what is
 * missing, so the connector looks for what a lost task would have made and runs it again.
 */

const SettledInvoice = z.object({
  id: Id,
  state: InvoiceState,
  reconciled: z.unknown(),
  sales: Ids,
})
const SettledSale = z.object({ id: Id, state: SaleState, invoice_state: z.string(), invoices: Ids })

/** Draft invoices and next deliveries that a sale still has to get, and its states. */
export function processSales(
  client: TrytonClient,
  name: string,
  sales: (signal: AbortSignal) => Promise<readonly number[]>,
): Operation {
  return idempotent(client, name, 'model.sale.sale.process', sales)
}

/** Invoices that are settled but not yet in the state `paid`. */
export function processInvoices(
  client: TrytonClient,
  name: string,
  invoices: (signal: AbortSignal) => Promise<readonly number[]>,
): Operation {
  return idempotent(client, name, 'model.account.invoice.process', invoices)
}

/** What the tasks after a payment have left undone. */
export async function unfinishedAfterPayment(client: TrytonClient, invoiceId: number, signal?: AbortSignal) {
  const fields = ['state', 'reconciled', 'sales']
  const invoices = await client.search(SettledInvoice, 'account.invoice', [['id', '=', invoiceId]], fields, signal)
  const saleIds = [...new Set(invoices.flatMap(({ sales }) => sales))]
  const sales = await client.records(SettledSale, 'sale.sale', saleIds, ['state', 'invoice_state', 'invoices'], signal)
  const all = await client.records(
    SettledInvoice,
    'account.invoice',
    [...new Set(sales.flatMap((sale) => sale.invoices))],
    fields,
    signal,
  )
  const isPaid = (id: number) => all.some((invoice) => invoice.id === id && invoice.state === 'paid')
  return {
    invoices: invoices.filter(({ state, reconciled }) => state === 'posted' && reconciled !== null).map(({ id }) => id),
    orders: sales.filter((sale) => sale.invoice_state !== 'paid' && sale.invoices.every(isPaid)).map(({ id }) => id),
  }
}

/** A task that makes only what is missing. */
export function idempotent(
  client: TrytonClient,
  name: string,
  method: string,
  find: (signal: AbortSignal) => Promise<readonly number[]>,
): Operation {
  return {
    name,
    doubt: 'natural-key',
    send: () =>
      sending(async () => {
        const signal = client.deadline()
        const ids = await find(signal)
        if (ids.length === 0) return { kind: 'exists' }
        const reply = await client.write(method, [ids], { signal })
        return reply.kind === 'result' ? { kind: 'answered' } : outcomeOf(reply)
      }),
  }
}
