import Big from 'big.js'
import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import { roundAmount, sum } from '#domain/money.ts'
import type { FoundDocument, PaymentOnAccountPosting, PostingPlan } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { asAmount } from './mapping.ts'
import { chosen, dropSurplus, type OpenedEmpty, onStamped, opening } from './opened-empty.ts'
import { stampOf } from './send.ts'
import type { Settings } from './settings.ts'
import { AnyRecord, Decimal, date, decimal, Id, Ids, recordId } from './wire.ts'

const model = 'account.move'
const Move = z.object({
  id: Id,
  _timestamp: z.string().nullable(),
  state: z.enum(['draft', 'posted']),
  number: z.string().nullable(),
  lines: Ids,
})
const Line = z.object({
  id: Id,
  account: Id,
  party: Id.nullable(),
  debit: Decimal,
  credit: Decimal,
  amount_second_currency: Decimal.nullable(),
})
const Period = AnyRecord
const Currency = z.object({ id: Id, code: z.string(), rate: Decimal })

const moveFields = ['_timestamp', 'state', 'number', 'lines']

type FoundMove = z.output<typeof Move>

/**
 * Books money between the bank and the customer's account, in a journal entry of its own that is found by our reference
 * in its description. No constraint of Tryton's would refuse a second entry. So it is opened empty, which books nothing
 * however often it is repeated; one of the empty ones is filled and posted, and the stamp of both says which.
 */
export function paymentOnAccountPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: PaymentOnAccountPosting,
): PostingPlan {
  const opened: OpenedEmpty = { model, domain: [['description', '=', posting.reference]], lines: 'lines' }
  return {
    operations: [
      opening(client, 'open-payment', opened, (signal) => head(client, settings, posting, signal)),
      onStamped(client, 'fill-payment', model, 'write', async (signal, id) => {
        // An empty draft would keep its period from being closed.
        await dropSurplus(client, opened, id, signal)
        return [await entry(client, settings, posting, signal)]
      }),
      onStamped(client, 'post-payment', model, 'post'),
    ],
    find: () => find(client, settings, posting, opened),
  }
}

async function head(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { reference, paidOn }: PaymentOnAccountPosting,
  signal: AbortSignal,
) {
  const { bank } = await settings()
  const day = date(paidOn)
  const domain = [
    ['start_date', '<=', day],
    ['end_date', '>=', day],
    ['state', '=', 'open'],
    ['type', '=', 'standard'],
  ]
  const [period] = await client.search(Period, 'account.period', domain, [], signal)
  if (period === undefined) throw refuse('NO_OPEN_PERIOD', `Tryton has no open period on ${paidOn}`, 'paidOn')
  return { journal: bank.journal, period: period.id, date: day, description: reference }
}

async function entry(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: PaymentOnAccountPosting,
  signal: AbortSignal,
) {
  const { bank, onAccount, currencies } = await settings()
  const { direction, customerId, amount, currency } = posting
  const second = currencies[currency]
  const companyAmount = await inCompanyCurrency(client, posting, second, signal)
  const side = (isDebit: boolean) => ({
    debit: decimal(isDebit ? companyAmount.amount : '0'),
    credit: decimal(isDebit ? '0' : companyAmount.amount),
    ...(companyAmount.isForeign && {
      amount_second_currency: decimal(isDebit ? amount : `-${amount}`),
      second_currency: second,
    }),
  })
  const isIncoming = direction === 'incoming'
  const lines = [
    { account: bank.account, ...side(isIncoming) },
    { account: onAccount.account, party: recordId(customerId), ...side(!isIncoming) },
  ]
  return { lines: [['create', lines]] }
}

/** Tryton's rate says how much of a currency one unit of the reference currency is, on that day (trytond-currency). */
async function inCompanyCurrency(
  client: TrytonClient,
  { amount, currency, paidOn }: PaymentOnAccountPosting,
  id: number | undefined,
  signal: AbortSignal,
) {
  if (id === undefined) throw refuse('UNKNOWN_CURRENCY', `Tryton has no currency ${currency}`, 'currency')
  const Company = z.object({ id: Id, currency: Id })
  const [company] = await client.search(Company, 'company.company', [], ['currency'], signal)
  if (company === undefined || company.currency === id) return { amount, isForeign: false }
  const ids = [id, company.currency]
  const params = [ids, ['code', 'rate']]
  const context = { date: date(paidOn) }
  const rates = await client.read(z.array(Currency), 'model.currency.currency.read', params, { context, signal })
  const from = rates.find((rate) => rate.id === id)
  const to = rates.find((rate) => rate.id === company.currency)
  if (!from || !to) throw refuse('UNKNOWN_CURRENCY', `Tryton has no rate of ${currency} on ${paidOn}`, 'currency')
  return { amount: convert(amount, from, to), isForeign: true }
}

/** Rounded as Tryton does: half to even, to the smallest unit of the currency that it becomes. */
export function convert(amount: string, from: Rated, to: Rated & { readonly code: string }): string {
  return roundAmount(new Big(amount).times(to.rate).div(from.rate), to.code, 'half-even')
}

interface Rated {
  readonly rate: string
}

async function find(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: PaymentOnAccountPosting,
  { domain }: OpenedEmpty,
): Promise<readonly FoundDocument[]> {
  const moves = await client.search(Move, model, domain, moveFields)
  const own = chosen(moves, ({ lines }) => lines.length === 0)
  return Promise.all(own.map((move) => inspect(client, settings, posting, move)))
}

async function inspect(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { direction, customerId, amount, currency }: PaymentOnAccountPosting,
  move: FoundMove,
): Promise<FoundDocument> {
  const { onAccount } = await settings()
  const fields = ['account', 'party', 'debit', 'credit', 'amount_second_currency']
  const lines = await client.records(Line, 'account.move.line', move.lines, fields)
  const own = lines.filter(({ account, party }) => account === onAccount.account && party === recordId(customerId))
  const credited = sum(own.map((line) => credit(line)))
  const booked = direction === 'incoming' ? credited : credited.times(-1)
  return {
    document: {
      id: String(move.id),
      number: move.number ?? undefined,
      amount: asAmount(booked.toFixed(), currency),
      currency,
    },
    done: move.state === 'posted' ? 3 : lines.length > 0 ? 2 : 1,
    stamp: stampOf([move]),
    differences:
      lines.length === 0 || booked.eq(amount)
        ? []
        : [`booked on the account were ${booked.toFixed()}, should be ${amount}`],
  }
}

/** What a line credits, in the currency that was paid in. */
function credit(line: z.output<typeof Line>): string {
  return line.amount_second_currency === null
    ? new Big(line.credit).minus(line.debit).toFixed()
    : new Big(line.amount_second_currency).times(-1).toFixed()
}

function refuse(code: string, message: string, field?: string): BusinessError {
  return new BusinessError({ code, message, field, owner: 'finance' }, { system: 'tryton' })
}
