import Big from 'big.js'
import * as z from 'zod'
import { sum } from '#domain/money.ts'
import type { Operation } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { idempotent } from './lost-tasks.ts'
import { purchaseModel } from './purchase.ts'
import type { Purchased } from './purchased.ts'
import { Id, Ids, InvoiceState } from './wire.ts'

/** What of purchases a lost task has left undone: the next planned arrival, and the states (lost-tasks.ts). */
export function processPurchases(
  client: TrytonClient,
  name: string,
  purchases: (signal: AbortSignal) => Promise<readonly number[]>,
): Operation {
  return idempotent(client, name, `model.${purchaseModel}.process`, purchases)
}

/** Whether what is left of the order is planned, and its state says what has arrived. */
export function isProcessed({ lines, shipment_state }: Purchased): boolean {
  const movable = lines.filter(({ movable }) => movable)
  const isPlanned = movable.every(({ quantity, moves }) =>
    sum(moves.map((move) => move.quantity)).gte(new Big(quantity ?? '0').abs()),
  )
  if (!isPlanned) return false
  if (shipment_state === 'exception' || shipment_state === 'none') return true
  const progress = movable.flatMap(({ moves_progress }) => moves_progress ?? [])
  if (progress.every((part) => part >= 1)) return shipment_state === 'received'
  return shipment_state === (progress.some((part) => part > 0) ? 'partially shipped' : 'waiting')
}

const Settled = z.object({ id: Id, state: InvoiceState, reconciled: z.unknown(), purchases: Ids })
const Bought = z.object({ id: Id, invoice_state: z.string(), invoices: Ids })

/** What the tasks after a payment have left undone. */
export async function unfinishedAfterSettling(client: TrytonClient, invoiceId: number, signal?: AbortSignal) {
  const fields = ['state', 'reconciled', 'purchases']
  const invoices = await client.search(Settled, 'account.invoice', [['id', '=', invoiceId]], fields, signal)
  const ids = [...new Set(invoices.flatMap(({ purchases }) => purchases))]
  const bought = await client.records(Bought, purchaseModel, ids, ['invoice_state', 'invoices'], signal)
  const all = [...new Set(bought.flatMap((purchase) => purchase.invoices))]
  const billed = await client.records(Settled, 'account.invoice', all, fields, signal)
  const isPaid = (id: number) => billed.some((invoice) => invoice.id === id && invoice.state === 'paid')
  return {
    invoices: invoices.filter(({ state, reconciled }) => state === 'posted' && reconciled !== null).map(({ id }) => id),
    orders: bought
      .filter((purchase) => purchase.invoice_state !== 'paid' && purchase.invoices.every(isPaid))
      .map(({ id }) => id),
  }
}

/** Purchases whose state does not say yet that an invoice of theirs is posted. */
export async function unfinishedAfterInvoice(client: TrytonClient, invoiceId: number, signal?: AbortSignal) {
  const fields = ['state', 'reconciled', 'purchases']
  const invoices = await client.search(Settled, 'account.invoice', [['id', '=', invoiceId]], fields, signal)
  const isPosted = invoices.some(({ state }) => state === 'posted')
  const ids = [...new Set(invoices.flatMap(({ purchases }) => purchases))]
  const bought = await client.records(Bought, purchaseModel, ids, ['invoice_state', 'invoices'], signal)
  return bought
    .filter(({ invoice_state }) => isPosted && (invoice_state === 'none' || invoice_state === 'pending'))
    .map(({ id }) => id)
}
