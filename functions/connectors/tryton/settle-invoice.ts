import Big from 'big.js'
import * as z from 'zod'
import type { BusinessError } from '#domain/errors.ts'
import { sum } from '#domain/money.ts'
import type { FoundDocument, Operation, PostingPlan, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf } from './errors.ts'
import { invoiceModel } from './invoice.ts'
import { processInvoices } from './lost-tasks.ts'
import { asAmount } from './mapping.ts'
import { recordsOf, sending, stampOf, writeIfUnchanged } from './send.ts'
import type { PaymentMethod } from './settings.ts'
import { Decimal, date, decimal, Id, Ids, idOf, recordId, Stamped } from './wire.ts'

const wizard = 'wizard.account.invoice.pay'
const Settled = Stamped.extend({
  party: Id,
  total_amount: Decimal,
  currency: Id,
  'currency.': z.object({ code: z.string() }),
})
const fields = ['_timestamp', 'party', 'total_amount', 'currency', 'currency.code']
const Entry = z.object({ id: Id, number: z.string().nullable(), origin: z.string().nullable(), lines: Ids })
const EntryLine = z.object({ id: Id, credit: Decimal, amount_second_currency: Decimal.nullable() })

/** One amount that settles an invoice or a credit note, of a customer or of a supplier. */
export interface Settling {
  /** Of the operation that books it. */
  readonly name: string
  readonly invoiceId: string
  readonly amount: string
  readonly currency: string
  readonly settledOn: string
  readonly reference: string
  readonly method: () => Promise<PaymentMethod>
  readonly refuse: (code: string, message: string, field?: string) => BusinessError
  readonly tasks: TasksAfterwards
}

/** What Tryton does in tasks of their own after an invoice is settled: its state, and that of its orders. */
export interface TasksAfterwards {
  readonly unfinished: (
    client: TrytonClient,
    invoiceId: number,
    signal?: AbortSignal,
  ) => Promise<{ readonly invoices: readonly number[]; readonly orders: readonly number[] }>
  readonly processOrders: (
    client: TrytonClient,
    orders: (signal: AbortSignal) => Promise<readonly number[]>,
  ) => Operation
}

/**
 * Tryton's own pay wizard books the entry and reconciles it with the invoice. It adds the payment to the invoice, so the
 * invoice's stamp guards it: a second one under the same stamp is refused (`add_payment_lines` writes the invoice). The
 * entry is found by our reference in its description.
 */
export function settlingPlan(client: TrytonClient, settling: Settling): PostingPlan {
  const { name, invoiceId, tasks } = settling
  const unfinished = (signal?: AbortSignal) => tasks.unfinished(client, recordId(invoiceId), signal)
  return {
    operations: [
      { name, doubt: 'if-unchanged', send: (stamp) => sending(() => settle(client, settling, stamp)) },
      processInvoices(client, 'process-invoices', async (signal) => (await unfinished(signal)).invoices),
      tasks.processOrders(client, async (signal) => (await unfinished(signal)).orders),
    ],
    find: () => find(client, settling, unfinished),
  }
}

async function settle(client: TrytonClient, settling: Settling, stamp: string | undefined): Promise<SendOutcome> {
  const { invoiceId, amount, currency, settledOn, reference, refuse } = settling
  const signal = client.deadline()
  const method = await settling.method()
  const [record] = recordsOf(invoiceModel, stamp)
  const invoice = await invoiceOf(client, invoiceId, signal)
  if (invoice === undefined || record === undefined) {
    throw refuse('UNKNOWN_INVOICE', `Tryton has no invoice ${invoiceId}`)
  }
  if (invoice['currency.'].code !== currency) {
    const message = `the payment is in ${currency}, the invoice in ${invoice['currency.'].code}`
    throw refuse('CURRENCY_DIFFERS', message, 'currency')
  }
  // The wizard's session is scratch paper; nothing is booked before `execute`.
  const created = await client.write(`${wizard}.create`, [], { signal })
  if (created.kind !== 'result') {
    const outcome = outcomeOf(created)
    return outcome.kind === 'no-answer' ? { kind: 'not-applied', cause: outcome.cause } : outcome
  }
  const [session] = z.tuple([Id]).rest(z.unknown()).parse(created.result)
  const start = {
    payee: invoice.party,
    // A credit note is an invoice over less than nothing, and is settled by as much.
    amount: decimal(new Big(invoice.total_amount).lt(0) ? `-${amount}` : amount),
    currency: invoice.currency,
    payment_method: method.id,
    date: date(settledOn),
    description: reference,
  }
  // With `partial` the wizard refuses what is more than the invoice still asks for, instead of writing it off.
  const params = [session, { start, ask: { type: 'partial' } }, 'pay']
  const context = { active_model: invoiceModel, active_id: invoice.id, active_ids: [invoice.id] }
  const outcome = await writeIfUnchanged(client, record, `${wizard}.execute`, params, { signal, context })
  if (outcome.kind !== 'no-answer') await client.write(`${wizard}.delete`, [session], { signal })
  return outcome
}

async function find(
  client: TrytonClient,
  { amount, currency, invoiceId, reference }: Settling,
  unfinished: () => ReturnType<TasksAfterwards['unfinished']>,
): Promise<readonly FoundDocument[]> {
  const id = recordId(invoiceId)
  const domain = [['description', '=', reference]]
  const entries = await client.search(Entry, 'account.move', domain, ['number', 'origin', 'lines'])
  const [entry, second] = entries
  if (entry === undefined) {
    const invoice = await invoiceOf(client, invoiceId)
    if (invoice === undefined) return []
    const document = { id: `${invoiceModel},${invoiceId}`, amount: asAmount('0', currency), currency }
    return [{ document, done: 0, stamp: stampOf([invoice]), differences: [] }]
  }
  const lines = await client.records(EntryLine, 'account.move.line', entry.lines, ['credit', 'amount_second_currency'])
  const booked = sum(lines.map(credited))
  const { invoices, orders } = await unfinished()
  const wanted = new Big(amount).toFixed()
  return [
    {
      document: {
        id: String(entry.id),
        number: entry.number ?? undefined,
        amount: asAmount(booked.toFixed(), currency),
        currency,
      },
      done: invoices.length > 0 ? 1 : orders.length > 0 ? 2 : 3,
      differences: [
        ...(second === undefined ? [] : [`invoice ${invoiceId}: settled ${entries.length} times under one reference`]),
        ...(idOf(entry.origin, invoiceModel) === id ? [] : [`the entry is of ${entry.origin}, should be of ${id}`]),
        ...(booked.eq(wanted) ? [] : [`invoice ${invoiceId}: booked were ${booked.toFixed()}, should be ${wanted}`]),
      ],
    },
  ]
}

/** What a line credits, in the currency that was paid in: the company's own is the other one then. */
function credited({ credit, amount_second_currency }: z.output<typeof EntryLine>): string {
  if (amount_second_currency === null || new Big(credit).eq(0)) return credit
  return new Big(amount_second_currency).abs().toFixed()
}

async function invoiceOf(client: TrytonClient, invoiceId: string, signal?: AbortSignal) {
  const domain = [['id', '=', recordId(invoiceId)]]
  const [invoice] = await client.search(Settled, invoiceModel, domain, fields, signal)
  return invoice
}
