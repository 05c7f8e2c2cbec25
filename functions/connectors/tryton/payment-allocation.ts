import Big from 'big.js'
import * as z from 'zod'
import { sum } from '#domain/money.ts'
import type { FoundDocument, PaymentAllocationPosting, PostingPlan, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf } from './errors.ts'
import { processInvoices, processSales, unfinishedAfterPayment } from './lost-tasks.ts'
import { asAmount } from './mapping.ts'
import { refuse } from './original.ts'
import { sending, writeIfUnchanged } from './send.ts'
import type { Settings } from './settings.ts'
import { Decimal, date, decimal, Id, idOf, recordId, Stamped } from './wire.ts'

const model = 'account.invoice'
const wizard = 'wizard.account.invoice.pay'
const PaidInvoice = Stamped.extend({
  party: Id,
  total_amount: Decimal,
  currency: Id,
  'currency.': z.object({ code: z.string() }),
})
const invoiceFields = ['_timestamp', 'party', 'total_amount', 'currency', 'currency.code']
const PaymentMove = z.object({
  id: Id,
  number: z.string().nullable(),
  origin: z.string().nullable(),
  lines: z.array(Id),
})
const MoveLine = z.object({ id: Id, credit: Decimal, amount_second_currency: Decimal.nullable() })
const WizardSession = z.tuple([Id]).rest(z.unknown())

/**
 * Moves an amount between the customer's account and an invoice or a credit note. Both accounts are receivables, so the
 * customer's receivable stays as it is; the invoice becomes `paid` when it is settled in full.
 *
 * Tryton's own pay wizard books it and reconciles it with the invoice. It adds the payment to the invoice, so the
 * invoice's stamp guards it: a second one under the same stamp is refused (`add_payment_lines` writes the invoice).
 * Found by our reference in the move's description.
 */
export function paymentAllocationPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: PaymentAllocationPosting,
): PostingPlan {
  const unfinished = (signal: AbortSignal) => unfinishedAfterPayment(client, recordId(posting.invoiceId), signal)
  return {
    operations: [
      {
        name: 'allocate-payment',
        doubt: 'if-unchanged',
        send: (stamp) => sending(() => allocate(client, settings, posting, stamp)),
      },
      processInvoices(client, 'process-invoices', async (signal) => (await unfinished(signal)).invoices),
      processSales(client, 'process-sales-order', async (signal) => (await unfinished(signal)).sales),
    ],
    find: () => find(client, posting),
  }
}

async function allocate(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: PaymentAllocationPosting,
  stamp: string | undefined,
): Promise<SendOutcome> {
  const { invoiceId, amount, currency, allocatedOn, reference } = posting
  const signal = client.deadline()
  const { onAccount } = await settings()
  const invoice = await invoiceOf(client, posting, signal)
  if (invoice === undefined) throw refuse('UNKNOWN_INVOICE', `Tryton has no invoice ${invoiceId}`)
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
  const [session] = WizardSession.parse(created.result)
  const start = {
    payee: invoice.party,
    // A credit note is an invoice over less than nothing, and is settled by as much.
    amount: decimal(new Big(invoice.total_amount).lt(0) ? `-${amount}` : amount),
    currency: invoice.currency,
    payment_method: onAccount.id,
    date: date(allocatedOn),
    description: reference,
  }
  // With `partial` the wizard refuses what is more than the invoice still asks for, instead of writing it off.
  const params = [session, { start, ask: { type: 'partial' } }, 'pay']
  const context = { active_model: model, active_id: invoice.id, active_ids: [invoice.id] }
  const record = { model, id: invoice.id, stamp }
  const outcome = await writeIfUnchanged(client, record, `${wizard}.execute`, params, { signal, context })
  if (outcome.kind !== 'no-answer') await client.write(`${wizard}.delete`, [session], { signal })
  return outcome
}

async function find(client: TrytonClient, posting: PaymentAllocationPosting): Promise<readonly FoundDocument[]> {
  const { currency, invoiceId, reference } = posting
  const id = recordId(invoiceId)
  const domain = [['description', '=', reference]]
  const moves = await client.search(PaymentMove, 'account.move', domain, ['number', 'origin', 'lines'])
  const [move, second] = moves
  if (move === undefined) {
    const invoice = await invoiceOf(client, posting)
    if (invoice === undefined) return []
    const document = { id: `${model},${invoiceId}`, amount: asAmount('0', currency), currency }
    return [{ document, done: 0, ...(invoice._timestamp && { stamp: invoice._timestamp }), differences: [] }]
  }
  const fields = ['credit', 'amount_second_currency']
  const lines = await client.records(MoveLine, 'account.move.line', move.lines, fields)
  const booked = sum(lines.map(credited))
  return [
    {
      document: {
        id: String(move.id),
        number: move.number ?? undefined,
        amount: asAmount(booked.toFixed(), currency),
        currency,
      },
      done: 1 + (await tasksDone(client, id)),
      differences: [
        ...(second === undefined ? [] : [`invoice ${invoiceId}: allocated ${moves.length} times under one reference`]),
        ...(idOf(move.origin, model) === id ? [] : [`the allocation is to ${move.origin}, should be to ${id}`]),
        ...(booked.eq(posting.amount)
          ? []
          : [
              `invoice ${invoiceId}: allocated were ${booked.toFixed()}, should be ${new Big(posting.amount).toFixed()}`,
            ]),
      ],
    },
  ]
}

/** What a line credits, in the currency that was paid in: the company's own is the other one then. */
function credited({ credit, amount_second_currency }: z.output<typeof MoveLine>): string {
  if (amount_second_currency === null || new Big(credit).eq(0)) return credit
  return new Big(amount_second_currency).abs().toFixed()
}

/** How many of the two tasks that follow a payment have nothing left to do. */
async function tasksDone(client: TrytonClient, invoiceId: number): Promise<number> {
  const unfinished = await unfinishedAfterPayment(client, invoiceId)
  if (unfinished.invoices.length > 0) return 0
  return unfinished.sales.length > 0 ? 1 : 2
}

async function invoiceOf(client: TrytonClient, { invoiceId }: PaymentAllocationPosting, signal?: AbortSignal) {
  const domain = [['id', '=', recordId(invoiceId)]]
  const [invoice] = await client.search(PaidInvoice, model, domain, invoiceFields, signal)
  return invoice
}
