import Big from 'big.js'
import * as z from 'zod'
import { sum } from '#domain/money.ts'
import type { NumberedDocument } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { invoiceModel } from './invoice.ts'
import { asAmount } from './mapping.ts'
import { idAndNumber, Numbered, ordersOf, saleLinesOf, search } from './numbered.ts'
import { linesOf, purchaseOrdersOf } from './purchase-numbered.ts'
import { AnyRecord, Decimal, Id, idOf } from './wire.ts'

const Currency = z.object({ code: z.string() })
const Entry = Numbered.extend({
  state: z.enum(['draft', 'posted']),
  description: z.string().nullable(),
  origin: z.string().nullable(),
})
export const EntryLine = z.object({
  id: Id,
  party: Id.nullable(),
  debit: Decimal,
  credit: Decimal,
  amount_second_currency: Decimal.nullable(),
  'second_currency.': Currency.nullable(),
})
const Company = z.object({ id: Id, 'currency.': Currency })
const InvoiceLine = z.object({ id: Id, origin: z.string().nullable() })

/** The party's side of an entry: what a customer owes, or what a supplier is owed. */
type Side = 'receivable' | 'payable'

/** Finds a journal entry between bank, the party's account and invoices; its amount is what it moves on the party's side. */
export async function findEntry(
  client: TrytonClient,
  number: string,
  side: Side,
): Promise<readonly NumberedDocument[]> {
  const fields = ['number', 'state', 'description', 'origin']
  const entries = await search(client, Entry, 'account.move', fields, number)
  return await Promise.all(entries.map((entry) => inspect(client, entry, side)))
}

async function inspect(client: TrytonClient, entry: z.output<typeof Entry>, side: Side): Promise<NumberedDocument> {
  const fields = ['party', 'debit', 'credit', 'amount_second_currency', 'second_currency.code']
  const domain = [
    ['move', '=', entry.id],
    [`account.type.${side}`, '=', true],
  ]
  const lines = await client.search(EntryLine, 'account.move.line', domain, fields)
  const own = lines.filter(({ party }) => party !== null)
  const second = own.find((line) => line['second_currency.'])?.['second_currency.']?.code
  const currency = second ?? (await companyCurrency(client))
  const amounts = own.map((line) =>
    second === undefined ? new Big(line.debit).minus(line.credit) : new Big(line.amount_second_currency ?? '0'),
  )
  const invoice = idOf(entry.origin, invoiceModel)
  return {
    document: { ...idAndNumber(entry), amount: asAmount(movedBy(amounts).toFixed(), currency), currency },
    isInEffect: entry.state === 'posted',
    direction: (await isOfInvoice(client, entry.id)) ? undefined : directionOf(amounts),
    reference: entry.description ?? undefined,
    customerIds: [...new Set(own.map(({ party }) => String(party)))],
    ...(invoice === undefined ? { salesOrderIds: [] } : await ordersOfInvoice(client, invoice, side)),
  }
}

/** A credit on the party's side is what it has paid; an allocation has both sides there. */
export function directionOf(amounts: readonly Big[]): NumberedDocument['direction'] {
  const moving = amounts.filter((amount) => !amount.eq(0))
  const credits = moving.filter((amount) => amount.s === -1).length
  if (moving.length === 0) return undefined
  if (credits === moving.length) return 'incoming'
  return credits === 0 ? 'outgoing' : 'allocation'
}

/** The entry that an invoice itself made moves no money, although it has the party's side as well. */
async function isOfInvoice(client: TrytonClient, id: number): Promise<boolean> {
  const domain = ['OR', ['move', '=', id], ['cancel_move', '=', id], ['additional_moves', '=', id]]
  return (await client.search(AnyRecord, invoiceModel, domain, [])).length > 0
}

/** An allocation moves the same amount off the account as onto the invoice; a payment has only one side of the two. */
export function movedBy(amounts: readonly Big[]): Big {
  const side = (sign: 1 | -1) =>
    sum(amounts.filter((amount) => amount.s === sign).map((amount) => amount.toFixed())).abs()
  return side(1).gt(side(-1)) ? side(1) : side(-1)
}

async function ordersOfInvoice(client: TrytonClient, id: number, side: Side) {
  const lines = await client.search(InvoiceLine, 'account.invoice.line', [['invoice', '=', id]], ['origin'])
  return side === 'receivable'
    ? { salesOrderIds: await ordersOf(client, await saleLinesOf(client, lines)) }
    : { salesOrderIds: [], purchaseOrderIds: await purchaseOrdersOf(client, await linesOf(client, lines)) }
}

async function companyCurrency(client: TrytonClient): Promise<string> {
  const [company] = await client.search(Company, 'company.company', [], ['currency.code'])
  return company?.['currency.'].code ?? ''
}
