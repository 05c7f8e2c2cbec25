import Big from 'big.js'
import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import { sum } from '#domain/money.ts'
import type { FoundDocument, PostingPlan, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf } from './errors.ts'
import { processInvoices, processSales, unfinishedAfterPayment } from './lost-tasks.ts'
import { asAmount } from './mapping.ts'
import { sending, writeIfUnchanged } from './send.ts'
import type { Settings } from './settings.ts'
import { Decimal, date, decimal, Id, idOf, recordId } from './wire.ts'

const model = 'account.invoice'
const wizard = 'wizard.account.invoice.pay'
const PaidInvoice = z.object({
  id: Id,
  _timestamp: z.string().nullable(),
  party: Id,
  total_amount: Decimal,
  currency: Id,
  'currency.': z.object({ code: z.string() }),
})
const PaymentMove = z.object({
  id: Id,
  number: z.string().nullable(),
  origin: z.string().nullable(),
  lines: z.array(Id),
})
const MoveLine = z.object({ id: Id, move: Id, credit: Decimal, amount_second_currency: Decimal.nullable() })
const WizardSession = z.tuple([Id]).rest(z.unknown())

/** An amount that settles an invoice, or a credit note as far as it goes the other way. */
export interface Share {
  readonly invoiceId: string
  readonly amount: string
}

/** Invoices that are settled under one reference, and where the money comes from. */
export interface Settlement {
  readonly shares: readonly Share[]
  readonly from: 'bank' | 'onAccount'
  readonly currency: string
  readonly settledOn: string
  readonly reference: string
}

/**
 * Settles invoices with Tryton's own pay wizard, which books the money against the receivable and reconciles it with
 * the invoice; one operation an invoice. The wizard adds the payment to the invoice, so the invoice's stamp guards it: a
 * second one under the same stamp is refused (`add_payment_lines` writes the invoice). Found by our reference in the
 * move's description.
 */
export function settlementPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  name: string,
  settlement: Settlement,
): PostingPlan {
  const { shares } = settlement
  const invoiceIds = shares.map(({ invoiceId }) => recordId(invoiceId))
  const unfinished = (signal: AbortSignal) => unfinishedAfterPayment(client, invoiceIds, signal)
  return {
    operations: [
      ...shares.map((share, index) => ({
        name: shares.length === 1 ? name : `${name}-${index + 1}`,
        doubt: 'if-unchanged' as const,
        send: (stamp: string | undefined) => sending(() => pay(client, settings, settlement, share, stamp)),
      })),
      processInvoices(client, 'process-invoices', async (signal) => (await unfinished(signal)).invoices),
      processSales(client, 'process-sales-order', async (signal) => (await unfinished(signal)).sales),
    ],
    find: () => find(client, settlement),
  }
}

async function pay(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { from, currency, settledOn, reference }: Settlement,
  share: Share,
  stamp: string | undefined,
): Promise<SendOutcome> {
  const signal = client.deadline()
  const method = (await settings())[from]
  const [invoice] = await invoices(client, [share], signal)
  if (invoice === undefined) throw refuse('UNKNOWN_INVOICE', `Tryton has no invoice ${share.invoiceId}`)
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
    amount: decimal(new Big(invoice.total_amount).lt(0) ? `-${share.amount}` : share.amount),
    currency: invoice.currency,
    payment_method: method.id,
    date: date(settledOn),
    description: reference,
  }
  // With `partial` the wizard refuses what is more than the invoice still asks for, instead of writing it off.
  const params = [session, { start, ask: { type: 'partial' } }, 'pay']
  const context = { active_model: model, active_id: invoice.id, active_ids: [invoice.id] }
  const outcome = await writeIfUnchanged(client, { model, id: invoice.id, stamp }, `${wizard}.execute`, params, {
    signal,
    context,
  })
  if (outcome.kind !== 'no-answer') await client.write(`${wizard}.delete`, [session], { signal })
  return outcome
}

async function find(client: TrytonClient, settlement: Settlement): Promise<readonly FoundDocument[]> {
  const { currency, shares, reference } = settlement
  const moves = await client.search(
    PaymentMove,
    'account.move',
    [['description', '=', reference]],
    ['number', 'origin', 'lines'],
  )
  const lines = await client.search(
    MoveLine,
    'account.move.line',
    [['move', 'in', moves.map(({ id }) => id)]],
    ['move', 'credit', 'amount_second_currency'],
  )
  const paid = shares.map((share) => moves.filter(({ origin }) => idOf(origin, model) === recordId(share.invoiceId)))
  const done = paid.findIndex((found) => found.length === 0)
  const next = shares[done]
  const [invoice] = next ? await invoices(client, [next]) : []
  if (moves.length === 0 && invoice === undefined) return []
  const booked = moves.map((move) => sum(lines.filter((line) => line.move === move.id).map(credited)).toFixed())
  return [
    {
      document: {
        id: moves.map(({ id }) => id).join(',') || `${model},${next?.invoiceId}`,
        number: moves.flatMap(({ number }) => number ?? []).join(', ') || undefined,
        amount: asAmount(sum(booked).toFixed(), currency),
        currency,
      },
      done: done === -1 ? shares.length + (await tasksDone(client, shares)) : done,
      ...(invoice?._timestamp && { stamp: invoice._timestamp }),
      differences: shares.flatMap((share, index) => shareDifferences(share, paid[index] ?? [], lines)),
    },
  ]
}

/** What a line credits, in the currency that was paid in: the company's own is the other one then. */
function credited({ credit, amount_second_currency }: z.output<typeof MoveLine>): string {
  if (amount_second_currency === null || new Big(credit).eq(0)) return credit
  return new Big(amount_second_currency).abs().toFixed()
}

/** How many of the two tasks that follow a payment have nothing left to do. */
async function tasksDone(client: TrytonClient, shares: readonly Share[]): Promise<number> {
  const invoiceIds = shares.map(({ invoiceId }) => recordId(invoiceId))
  const unfinished = await unfinishedAfterPayment(client, invoiceIds)
  if (unfinished.invoices.length > 0) return 0
  return unfinished.sales.length > 0 ? 1 : 2
}

function shareDifferences(
  share: Share,
  moves: readonly z.output<typeof PaymentMove>[],
  lines: readonly z.output<typeof MoveLine>[],
): readonly string[] {
  const [move, second] = moves
  if (second !== undefined)
    return [`invoice ${share.invoiceId} has been paid ${moves.length} times under the same reference`]
  if (move === undefined) return []
  const booked = sum(lines.filter((line) => line.move === move.id).map(credited))
  return booked.eq(share.amount)
    ? []
    : [`invoice ${share.invoiceId}: paid were ${booked.toFixed()}, should be ${new Big(share.amount).toFixed()}`]
}

function invoices(client: TrytonClient, shares: readonly Share[], signal?: AbortSignal) {
  const ids = shares.map(({ invoiceId }) => recordId(invoiceId))
  return client.search(
    PaidInvoice,
    model,
    [['id', 'in', ids]],
    ['_timestamp', 'party', 'total_amount', 'currency', 'currency.code'],
    signal,
  )
}

function refuse(code: string, message: string, field?: string): BusinessError {
  return new BusinessError({ code, message, field, owner: 'finance' }, { system: 'tryton' })
}
