import Big from 'big.js'
import * as z from 'zod'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, Id, Ids, Quantity } from '#connectors/tryton/wire.ts'
import { sum } from '#domain/money.ts'
import type { LocalEnvironment } from '../../../../bin/local/state.ts'
import type { Found } from '../telling.ts'
import type { PurchaseBooks } from './oracle/expected.ts'
import { currencies, type PurchaseStory } from './story.ts'

const Purchase = z.object({
  id: Id,
  state: z.string(),
  untaxed_amount: Decimal,
  origin: z.string().nullable(),
  lines: Ids,
  'currency.': z.object({ code: z.string() }),
})
const Move = z.object({
  id: Id,
  state: z.string(),
  quantity: Quantity,
  shipment: z.string().nullable(),
  'product.': z.object({ code: z.string() }),
})
const Invoice = z.object({
  id: Id,
  state: z.string(),
  reference: z.string().nullable(),
  untaxed_amount: Decimal,
  tax_amount: Decimal,
  total_amount: Decimal,
  amount_to_pay: Decimal,
  lines: Ids,
  'currency.': z.object({ code: z.string() }),
})
const Line = z.object({ id: Id, debit: Decimal, credit: Decimal, amount_second_currency: Decimal.nullable() })

/** Where bin/local/erp/create_database.py books taxes: `get_accounts` of trytond-account's tests. */
const taxAccount = '6.3.6'

/** Reads the ERP by supplier, past the hub and whatever it knows of its own documents. */
export function purchaseBooksReader(erp: LocalEnvironment['erp']) {
  const client = new TrytonClient({
    url: erp.url,
    credentials: { database: erp.database, ...erp.admin },
    clientTimeoutMs: 60_000,
    settleMs: 0,
  })
  return async ({ supplier, currency }: PurchaseStory): Promise<Found<PurchaseBooks>> => {
    const [party] = await client.search(z.object({ id: Id }), 'party.party', [['code', '=', `shop-${supplier}`]], [])
    if (party === undefined) throw new Error(`The ERP has no supplier ${supplier}`)
    const money = (amount: Big | string) => amountText(new Big(amount), currencies[currency].digits)
    const ofParty = ['party', '=', party.id]
    const purchaseFields = ['state', 'untaxed_amount', 'origin', 'lines', 'currency.code']
    const purchases = await client.search(Purchase, 'purchase.purchase', [ofParty], purchaseFields)
    const own = [['origin.purchase', 'in', purchases.map(({ id }) => id), 'purchase.line']]
    const moves = await client.search(Move, 'stock.move', own, ['state', 'quantity', 'shipment', 'product.code'])
    const invoiceFields = [...Object.keys(Invoice.shape).slice(1, -1), 'currency.code']
    const invoices = await client.search(Invoice, 'account.invoice', [ofParty], invoiceFields)
    const booked = invoices.filter(({ state }) => state === 'posted' || state === 'paid')
    const isCredit = ({ total_amount }: z.output<typeof Invoice>) => new Big(total_amount).lt(0)
    const stated = ({ reference, untaxed_amount, tax_amount }: z.output<typeof Invoice>) =>
      `${reference}: ${money(new Big(untaxed_amount).abs())} + ${money(new Big(tax_amount).abs())}`
    const forth = purchases.filter(({ origin, lines }) => origin === null && lines.length > 0)
    return {
      books: {
        purchases: purchases.filter(({ lines }) => lines.length > 0).length,
        ordered: forth.length === 0 ? 'nothing' : money(forth.at(-1)?.untaxed_amount ?? '0'),
        ...goodsOf(moves),
        invoices: booked
          .filter((one) => !isCredit(one))
          .map((one) => `${stated(one)}, open ${money(one.amount_to_pay)}`)
          .sort(),
        creditNotes: booked.filter(isCredit).map(stated).sort(),
        openCredit: money(sum(booked.filter(isCredit).map((one) => one.amount_to_pay)).times(-1)),
        ...(await ledgerOf(client, party.id, currency, money)),
      },
      wrong: [...leftOver(purchases, moves, invoices), ...inOtherCurrency([...purchases, ...booked], currency)],
    }
  }
}

/** No draft is left over, and every purchase has been confirmed or ended. */
function leftOver(
  purchases: readonly z.output<typeof Purchase>[],
  moves: readonly z.output<typeof Move>[],
  invoices: readonly z.output<typeof Invoice>[],
): readonly string[] {
  const begun = purchases.filter(({ state }) => ['draft', 'quotation', 'confirmed'].includes(state))
  const drafts = invoices.filter(({ state, lines }) => (state === 'draft' || state === 'validated') && lines.length > 0)
  const halfway = moves.filter(({ state, shipment }) => shipment !== null && state !== 'done' && state !== 'cancelled')
  return [
    ...begun.map(({ id, state }) => `purchase ${id} is left as a ${state}`),
    ...drafts.map(({ id, total_amount }) => `invoice ${id} over ${total_amount} is left as a draft`),
    ...halfway.map(({ id, state, shipment }) => `move ${id} of ${shipment} is left as ${state}`),
  ]
}

function inOtherCurrency(
  documents: readonly { readonly id: number; readonly 'currency.': { readonly code: string } }[],
  currency: string,
): readonly string[] {
  const others = documents.filter((one) => one['currency.'].code !== currency)
  return others.map((one) => `document ${one.id} is in ${one['currency.'].code}, should be in ${currency}`)
}

function goodsOf(moves: readonly z.output<typeof Move>[]) {
  const done = moves.filter(({ state }) => state === 'done')
  const ofKind = (prefix: string) => {
    const own = done.filter(({ shipment }) => shipment?.startsWith(`${prefix},`))
    const shipped = [...Map.groupBy(own, ({ shipment }) => shipment).values()]
    return shipped.map((one) => textOf(byItem(one))).sort()
  }
  const signed = done.map((move) => ({
    ...move,
    quantity: move.shipment?.startsWith('stock.shipment.in.return,') ? `-${move.quantity}` : move.quantity,
  }))
  return {
    receipts: ofKind('stock.shipment.in'),
    returns: ofKind('stock.shipment.in.return'),
    stock: Object.fromEntries(Object.entries(byItem(signed)).filter(([, quantity]) => quantity !== '0')),
  }
}

type Counted = Pick<z.output<typeof Move>, 'quantity' | 'product.'>

function byItem(moves: readonly Counted[]): Readonly<Record<string, string>> {
  const grouped = Map.groupBy(moves, (move) => move['product.'].code.replace(/^shop-/, ''))
  return Object.fromEntries([...grouped].map(([item, own]) => [item, sum(own.map((m) => m.quantity)).toFixed()]))
}

function textOf(quantities: Readonly<Record<string, string>>): string {
  return Object.entries(quantities)
    .map(([item, quantity]) => `${item} ${quantity}`)
    .sort()
    .join(', ')
}

/** What is posted in the ledger for one supplier, in the currency of the documents. */
async function ledgerOf(client: TrytonClient, party: number, currency: string, money: (amount: Big) => string) {
  const Method = z.object({ id: Id, name: z.string(), debit_account: Id })
  const methods = await client.search(Method, 'account.invoice.payment.method', [], ['name', 'debit_account'])
  const accountOf = (name: string) => methods.find((method) => method.name === name)?.debit_account ?? 0
  const fields = ['debit', 'credit', 'amount_second_currency']
  const read = (...domain: readonly unknown[]) =>
    client.search(Line, 'account.move.line', [...domain, ['move.state', '=', 'posted']], fields)
  const ofInvoices = ['move.origin.party', '=', party, 'account.invoice']
  const bank = await read(['account', '=', accountOf('Bank')], ['move.lines.party', '=', party])
  const debits = (lines: readonly z.output<typeof Line>[]) =>
    sum(lines.map((line) => debitOf(line, currency).toFixed()))
  return {
    payments: bank.map((line) => money(debitOf(line, currency).times(-1))).sort(),
    payable: money(debits(await read(['party', '=', party], ['account.type.payable', '=', true])).times(-1)),
    onAccount: money(
      debits(await read(['party', '=', party], ['account', '=', accountOf('Suppliers On Account')])).times(-1),
    ),
    expense: money(debits(await read(ofInvoices, ['account.type.expense', '=', true]))),
    inputTax: money(debits(await read(ofInvoices, ['account.code', '=', taxAccount]))),
  }
}

/** In the document's own currency; what is left of converting each line by itself is in the company's alone. */
function debitOf({ debit, credit, amount_second_currency: amount }: z.output<typeof Line>, currency: string): Big {
  return currency === 'EUR' ? new Big(debit).minus(credit) : new Big(amount ?? '0')
}

/** Without the sign that big.js keeps on nothing. */
function amountText(amount: Big, digits: number): string {
  return amount.eq(0) ? new Big(0).toFixed(digits) : amount.toFixed(digits)
}
