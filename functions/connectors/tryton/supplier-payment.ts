import Big from 'big.js'
import * as z from 'zod'
import { sum } from '#domain/money.ts'
import type { FoundDocument, PostingPlan, SendOutcome } from '../port.ts'
import type { SupplierPaymentPosting } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf } from './errors.ts'
import { processInvoices } from './lost-tasks.ts'
import { asAmount } from './mapping.ts'
import { refusePurchase } from './purchase.ts'
import { processPurchases, unfinishedAfterSettling } from './purchase-lost-tasks.ts'
import { recordsOf, sending, stampOf, writeIfUnchanged } from './send.ts'
import type { Settings } from './settings.ts'
import { Decimal, date, decimal, Id, Ids, idOf, recordId, Stamped } from './wire.ts'

const model = 'account.invoice'
const wizard = 'wizard.account.invoice.pay'
const Settled = Stamped.extend({
  state: z.string(),
  party: Id,
  total_amount: Decimal,
  currency: Id,
  'currency.': z.object({ code: z.string() }),
})
const fields = ['_timestamp', 'state', 'party', 'total_amount', 'currency', 'currency.code']
const Entry = z.object({ id: Id, number: z.string().nullable(), origin: z.string().nullable(), lines: Ids })
const EntryLine = z.object({ id: Id, debit: Decimal, amount_second_currency: Decimal.nullable() })

/**
 * Settles a supplier's invoice with Tryton's own pay wizard, which books the entry and reconciles it. It adds the payment
 * to the invoice, so that the invoice's stamp guards it; the entry is found by our reference in its description.
 */
export function supplierPaymentPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: SupplierPaymentPosting,
): PostingPlan {
  const unfinished = (signal: AbortSignal) => unfinishedAfterSettling(client, recordId(posting.invoiceId), signal)
  return {
    operations: [
      {
        name: 'pay-supplier',
        doubt: 'if-unchanged',
        send: (stamp) => sending(() => pay(client, settings, posting, stamp)),
      },
      processInvoices(client, 'process-invoices', async (signal) => (await unfinished(signal)).invoices),
      processPurchases(client, 'process-purchase-order', async (signal) => (await unfinished(signal)).purchases),
    ],
    find: () => find(client, posting),
  }
}

async function pay(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { over, invoiceId, amount, currency, paidOn, reference }: SupplierPaymentPosting,
  stamp: string | undefined,
): Promise<SendOutcome> {
  const signal = client.deadline()
  const known = await settings()
  const [record] = recordsOf(model, stamp)
  const invoice = await invoiceOf(client, invoiceId, signal)
  if (invoice === undefined || record === undefined) {
    throw refusePurchase('UNKNOWN_INVOICE', `Tryton has no invoice ${invoiceId}`, undefined, 'finance')
  }
  if (invoice['currency.'].code !== currency) {
    const message = `the payment is in ${currency}, the invoice in ${invoice['currency.'].code}`
    throw refusePurchase('CURRENCY_DIFFERS', message, 'currency', 'finance')
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
    amount: decimal(new Big(invoice.total_amount).lt(0) ? `-${amount}` : amount),
    currency: invoice.currency,
    payment_method: (over === 'bank' ? known.bank : known.suppliersOnAccount()).id,
    date: date(paidOn),
    description: reference,
  }
  // With `partial` the wizard refuses what is more than the invoice still asks for, instead of writing it off.
  const params = [session, { start, ask: { type: 'partial' } }, 'pay']
  const context = { active_model: model, active_id: invoice.id, active_ids: [invoice.id] }
  const outcome = await writeIfUnchanged(client, record, `${wizard}.execute`, params, { signal, context })
  if (outcome.kind !== 'no-answer') await client.write(`${wizard}.delete`, [session], { signal })
  return outcome
}

async function find(client: TrytonClient, posting: SupplierPaymentPosting): Promise<readonly FoundDocument[]> {
  const { currency, invoiceId, reference } = posting
  const id = recordId(invoiceId)
  const domain = [['description', '=', reference]]
  const entries = await client.search(Entry, 'account.move', domain, ['number', 'origin', 'lines'])
  const [entry, second] = entries
  if (entry === undefined) {
    const invoice = await invoiceOf(client, invoiceId)
    if (invoice === undefined) return []
    const document = { id: `${model},${invoiceId}`, amount: asAmount('0', currency), currency }
    return [{ document, done: 0, stamp: stampOf([invoice]), differences: [] }]
  }
  const lines = await client.records(EntryLine, 'account.move.line', entry.lines, ['debit', 'amount_second_currency'])
  const booked = sum(lines.map(debited))
  const unfinished = await unfinishedAfterSettling(client, id)
  return [
    {
      document: {
        id: String(entry.id),
        number: entry.number ?? undefined,
        amount: asAmount(booked.toFixed(), currency),
        currency,
      },
      done: unfinished.invoices.length > 0 ? 1 : unfinished.purchases.length > 0 ? 2 : 3,
      differences: [
        ...(second === undefined ? [] : [`invoice ${invoiceId}: paid ${entries.length} times under one reference`]),
        ...(idOf(entry.origin, model) === id ? [] : [`the payment is of ${entry.origin}, should be of ${id}`]),
        ...(booked.eq(posting.amount) ? [] : [`paid were ${booked.toFixed()}, should be ${posting.amount}`]),
      ],
    },
  ]
}

/** What a line debits, in the currency that was paid in: the company's own is the other one then. */
function debited({ debit, amount_second_currency }: z.output<typeof EntryLine>): string {
  if (amount_second_currency === null || new Big(debit).eq(0)) return debit
  return new Big(amount_second_currency).abs().toFixed()
}

async function invoiceOf(client: TrytonClient, invoiceId: string, signal?: AbortSignal) {
  const [invoice] = await client.search(Settled, model, [['id', '=', recordId(invoiceId)]], fields, signal)
  return invoice
}
