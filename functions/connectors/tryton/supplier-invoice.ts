import Big from 'big.js'
import * as z from 'zod'
import { minorUnitsOf, sum } from '#domain/money.ts'
import type { FoundDocument, PostingPlan } from '../port.ts'
import type { SupplierCreditNotePosting, SupplierInvoicePosting } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import { asAmount } from './mapping.ts'
import { chosen, filling, type OpenedEmpty, onStamped, opening } from './opened-empty.ts'
import { refusePurchase } from './purchase.ts'
import { processPurchases, unfinishedAfterInvoice } from './purchase-lost-tasks.ts'
import { type Purchased, readPurchased } from './purchased.ts'
import { decimalDiffers } from './sale.ts'
import { stampOf } from './send.ts'
import type { Settings } from './settings.ts'
import { type InvoiceLineValues, invoiceLinesWire, supplierInvoiceLines } from './supplier-invoice-lines.ts'
import { AnyRecord, Decimal, date, decimal, Id, Ids, InvoiceState, Quantity, recordId, Stamped } from './wire.ts'

const model = 'account.invoice'
const Invoice = Stamped.extend({
  state: InvoiceState,
  number: z.string().nullable(),
  party: Id,
  reference: z.string().nullable(),
  untaxed_amount: Decimal,
  tax_amount: Decimal,
  total_amount: Decimal,
  lines: Ids,
  taxes: Ids,
  'currency.': z.object({ code: z.string() }),
})
const fields = [
  ['_timestamp', 'state', 'number', 'party', 'reference'],
  ['untaxed_amount', 'tax_amount', 'total_amount', 'lines', 'taxes', 'currency.code'],
].flat()
const Line = z.object({ id: Id, note: z.string().nullable(), quantity: Quantity.nullable(), amount: Decimal })
const TaxLine = z.object({ id: Id, amount: Decimal })

/** Books a supplier's invoice under the supplier's own number, and posts it. */
export function supplierInvoicePlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: SupplierInvoicePosting,
): PostingPlan {
  return billPlan(client, settings, posting, { name: 'supplier-invoice', sign: 1, returnId: undefined })
}

/** Books a supplier's credit note, which in Tryton is an invoice over less than nothing. */
export function supplierCreditNotePlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: SupplierCreditNotePosting,
): PostingPlan {
  const returnId = posting.supplierReturnId
  return billPlan(client, settings, posting, { name: 'supplier-credit-note', sign: -1, returnId })
}

interface Bill {
  readonly name: string
  readonly sign: 1 | -1
  readonly returnId: string | undefined
}

/**
 * It is opened empty, found by our reference in its description, and filled with the lines, prices and tax that were
 * accepted. Tryton computes the tax; where the document says some cents otherwise, a step of its own writes that, as a
 * clerk would. Tryton warns of a second invoice with the same number of the same supplier, and that warning refuses it.
 */
function billPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: SupplierInvoicePosting,
  bill: Bill,
): PostingPlan {
  const { reference, number, issuedOn, postedOn } = posting
  const domain = [
    ['description', '=', reference],
    ['type', '=', 'in'],
  ]
  const opened: OpenedEmpty = { model, domain, lines: 'lines' }
  const read = (signal?: AbortSignal) => readPurchased(client, recordId(posting.purchaseOrderId), signal)
  const find = (signal?: AbortSignal) => client.search(Invoice, model, domain, fields, signal)
  return {
    operations: [
      opening(client, `open-${bill.name}`, opened, async (signal) =>
        head(client, posting, bill, await read(signal), signal),
      ),
      filling(client, `fill-${bill.name}`, opened, async (signal) => {
        const purchased = await read(signal)
        const goods =
          bill.returnId === undefined ? undefined : await readPurchased(client, recordId(bill.returnId), signal)
        const lines = supplierInvoiceLines(posting, purchased, bill.sign)
        const known = { purchased, goods, services: await settings() }
        const wire = await invoiceLinesWire(client, lines, known, signal)
        const dates = { invoice_date: date(issuedOn), accounting_date: date(postedOn) }
        return { reference: number, ...dates, lines: [['create', wire]] }
      }),
      onStamped(client, 'correct-tax', model, 'write', async (signal, id) => {
        const invoice = (await find(signal)).find((one) => one.id === id)
        return [await correction(client, invoice, posting, bill, signal)]
      }),
      onStamped(client, `post-${bill.name}`, model, 'post'),
      processPurchases(client, 'process-purchase-order', async (signal) => {
        const ids = (await find(signal)).map(({ id }) => unfinishedAfterInvoice(client, id, signal))
        return (await Promise.all(ids)).flat()
      }),
    ],
    find: async () => {
      const found = chosen(await find(), ({ lines }) => lines.length === 0)
      if (found.length === 0) return []
      const expected = supplierInvoiceLines(posting, await read(), bill.sign)
      return Promise.all(found.map((invoice) => inspect(client, posting, bill, expected, invoice)))
    },
  }
}

async function head(
  client: TrytonClient,
  posting: SupplierInvoicePosting,
  { sign }: Bill,
  purchased: Purchased,
  signal: AbortSignal,
) {
  if (purchased['currency.'].code !== posting.currency) {
    const message = `the invoice is in ${posting.currency}, the purchase order in ${purchased['currency.'].code}`
    throw refusePurchase('CURRENCY_DIFFERS', message, 'currency', 'finance')
  }
  supplierInvoiceLines(posting, purchased, sign)
  await checkNumber(client, posting, purchased.party, signal)
  const account = await payableAccount(client, purchased.party, signal)
  const [journal] = await client.search(AnyRecord, 'account.journal', [['type', '=', 'expense']], [], signal)
  if (!account || journal === undefined) {
    const message = 'Tryton has no payable account for the supplier, or no journal of expenses'
    throw refusePurchase('ACCOUNTS_MISSING', message, undefined, 'finance')
  }
  return {
    type: 'in',
    description: posting.reference,
    party: purchased.party,
    invoice_address: purchased.invoice_address,
    payment_term: purchased.payment_term,
    currency: purchased.currency,
    account,
    journal: journal.id,
  }
}

/** The supplier's own, or the one for all of them. */
async function payableAccount(client: TrytonClient, supplier: number, signal: AbortSignal) {
  const Party = z.object({ id: Id, account_payable: Id.nullable() })
  const [party] = await client.records(Party, 'party.party', [supplier], ['account_payable'], signal)
  if (party?.account_payable) return party.account_payable
  const Defaults = z.object({ id: Id, default_account_payable: Id.nullable() })
  const fields = ['default_account_payable']
  const [defaults] = await client.records(Defaults, 'account.configuration', [1], fields, signal)
  return defaults?.default_account_payable
}

/** Tryton warns of it only at the end, when there is a draft already (`_similar_domain`). */
async function checkNumber(
  client: TrytonClient,
  { number, reference }: SupplierInvoicePosting,
  party: number,
  signal: AbortSignal,
): Promise<void> {
  const domain = [
    ['type', '=', 'in'],
    ['party', '=', party],
    ['reference', '=', number],
    ['state', '!=', 'cancelled'],
  ]
  const Similar = z.object({ id: Id, number: z.string().nullable(), description: z.string().nullable() })
  const similar = await client.search(Similar, model, domain, ['number', 'description'], signal)
  const other = similar.find(({ description }) => description !== reference)
  if (other === undefined) return
  const message = `the supplier's number ${number} is on invoice ${other.number ?? other.id} already`
  throw refusePurchase('DUPLICATE_SUPPLIER_INVOICE', message, 'number', 'finance')
}

/** Tryton rounds the tax of each rate once; suppliers round each line, or the other way. More than that is an error. */
async function correction(
  client: TrytonClient,
  invoice: z.output<typeof Invoice> | undefined,
  { taxTotal = '0', lines, currency }: SupplierInvoicePosting,
  { sign }: Bill,
  signal: AbortSignal,
) {
  const taxes = await client.records(TaxLine, 'account.invoice.tax', invoice?.taxes ?? [], ['amount'], signal)
  const computed = sum(taxes.map(({ amount }) => amount))
  const difference = new Big(taxTotal).times(sign).minus(computed)
  const largest = taxes.toSorted((one, other) => new Big(other.amount).abs().cmp(new Big(one.amount).abs()))[0]
  if (largest === undefined || difference.abs().gt(mostTaxDifference(currency, lines.length + taxes.length))) {
    const message = `the tax is ${taxTotal}, and the lines' own taxes come to ${computed.times(sign).toFixed()}`
    throw refusePurchase('TAX_DIFFERS', message, 'taxTotal', 'finance')
  }
  const amount = difference.plus(largest.amount)
  return { taxes: [['write', [largest.id], { amount: decimal(amount.toFixed()) }]] }
}

/** What rounding so often can come to: the currency's smallest unit each time, a cent or a yen. */
export function mostTaxDifference(currency: string, roundings: number): Big {
  return new Big(10).pow(-minorUnitsOf(currency)).times(roundings)
}

async function inspect(
  client: TrytonClient,
  { taxTotal }: SupplierInvoicePosting,
  { sign }: Bill,
  expected: readonly InvoiceLineValues[],
  invoice: z.output<typeof Invoice>,
): Promise<FoundDocument> {
  const lines = await client.records(Line, 'account.invoice.line', invoice.lines, ['note', 'quantity', 'amount'])
  const currency = invoice['currency.'].code
  const signed = (amount: string) => new Big(amount).times(sign)
  const isFilled = lines.length > 0
  const isTaxed = taxTotal === undefined || signed(invoice.tax_amount).eq(taxTotal)
  const isPosted = invoice.state === 'posted' || invoice.state === 'paid'
  const isProcessed = isPosted && (await unfinishedAfterInvoice(client, invoice.id)).length === 0
  const net = sum(expected.map(({ amount }) => amount)).toFixed()
  return {
    document: {
      id: String(invoice.id),
      number: invoice.number ?? undefined,
      amount: asAmount(signed(invoice.total_amount).toFixed(), currency),
      currency,
      lines: expected.flatMap(({ key, quantity, isQuantity }) =>
        isQuantity ? [{ line: key, quantity: signed(quantity).toFixed() }] : [],
      ),
    },
    done: !isFilled ? 1 : isPosted ? (isProcessed ? 5 : 4) : isTaxed ? 3 : 2,
    stamp: stampOf([invoice]),
    differences: [
      ...(invoice.state === 'cancelled' ? ['the invoice is cancelled'] : []),
      ...(isFilled ? lineDifferences(expected, lines) : []),
      ...(isFilled ? decimalDiffers('net total', invoice.untaxed_amount, net) : []),
      ...(isPosted && !isTaxed ? [`the tax is ${invoice.tax_amount}, should be ${taxTotal}`] : []),
    ],
  }
}

function lineDifferences(
  expected: readonly InvoiceLineValues[],
  lines: readonly z.output<typeof Line>[],
): readonly string[] {
  const isSame = (one: InvoiceLineValues) => (line: z.output<typeof Line>) =>
    line.note === one.key && new Big(line.quantity ?? '0').eq(one.quantity) && new Big(line.amount).eq(one.amount)
  const missing = expected.filter((one) => !lines.some(isSame(one)))
  return [
    ...missing.map(({ key, quantity, amount }) => `line ${key}: ${quantity} for ${amount} is not on the invoice`),
    ...(lines.length === expected.length
      ? []
      : [`the invoice has ${lines.length} lines, should have ${expected.length}`]),
  ]
}
