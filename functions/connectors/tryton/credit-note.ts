import Big from 'big.js'
import * as z from 'zod'
import { minorUnitsOf } from '#domain/money.ts'
import type { CreditNotePosting, Operation, PostingPlan, SendOutcome } from '../port.ts'
import { type TrytonClient, written } from './client.ts'
import { creditLineWire } from './credit-line.ts'
import { creditLines } from './credit-lines.ts'
import { inspectCreditNote } from './credit-note-content.ts'
import { type FoundInvoice, invoiceFields, invoiceModel } from './invoice.ts'
import { asAmount, roundingKey } from './mapping.ts'
import { backSaleWire, creditable, readOriginal, refuse } from './original.ts'
import { type FoundSale, findSaleById, findSales, processingSteps, saleModel } from './sale.ts'
import { press, sending, stepsOn } from './send.ts'
import type { Settings } from './settings.ts'
import { date, decimal, Id, Invoice, recordId } from './wire.ts'

/**
 * Brings a credit note to `posted`. After a goods return Tryton has drafted it already. Without goods it comes from a
 * sale of its own with negative quantities of a service; our reference is that sale's natural key.
 */
export function creditNotePlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: CreditNotePosting,
): PostingPlan {
  const { credit, reference } = posting
  const search = async (signal?: AbortSignal): Promise<readonly FoundSale[]> => {
    if (credit.of !== 'return') return findSales(client, settings, reference, signal)
    const sale = await findSaleById(client, recordId(credit.goodsReturnId), signal)
    return sale === undefined ? [] : [sale]
  }
  const step = stepsOn(
    client,
    async (signal) => notesOf(client, await search(signal), signal),
    () => {
      throw refuse('NOTHING_TO_CREDIT', 'Tryton has drafted no credit note for the goods that came back')
    },
  )
  const creation: readonly Operation[] =
    credit.of === 'return'
      ? []
      : [
          {
            name: 'create-credit',
            doubt: 'natural-key',
            send: () => sending(() => create(client, settings, posting)),
          },
          ...processingSteps(client, search),
        ]
  return {
    operations: [
      ...creation,
      step('claim-credit-note', (note, stamp, signal) => claim(client, settings, posting, note, stamp, signal)),
      step('post-credit-note', ({ id }, stamp, signal) =>
        press(client, { model: invoiceModel, id, stamp }, 'post', signal),
      ),
    ],
    find: async () => Promise.all((await search()).map((sale) => inspect(client, posting, sale))),
  }
}

async function create(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: CreditNotePosting,
): Promise<SendOutcome> {
  const signal = client.deadline()
  const known = await settings()
  const { reference, creditedOn } = posting
  const original = await readOriginal(client, recordId(posting.salesOrderId), reference, signal)
  const { text, lines } = await creditLines(client, known, posting, original, signal)
  const sale = {
    ...backSaleWire(original, known.shop, { reference, text, on: creditedOn }),
    lines: [['create', lines.map(creditLineWire)]],
  }
  return written(await client.write(`model.${saleModel}.create`, [[sale]], { signal }))
}

/** What comes back in parts is taxed in parts, and may add up to some cents more than the invoice was over. */
const roundingTolerance = (currency: string) => new Big(10).pow(-minorUnitsOf(currency)).times(5)

async function claim(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: CreditNotePosting,
  note: FoundInvoice,
  stamp: string | undefined,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (note.reference === posting.reference) return { kind: 'changed' }
  const { amount: left } = await creditable(client, recordId(posting.salesOrderId), signal)
  const surplus = new Big(note.total_amount).times(-1).minus(left)
  const isExact = posting.credit.of === 'amounts' || posting.credit.of === 'everything'
  const { code } = note['currency.']
  if (surplus.gt(isExact ? 0 : roundingTolerance(code))) {
    const [over, is] = [surplus.plus(left), left].map((one) => asAmount(one.toFixed(), code))
    const message = `the credit note is over ${over}, but only ${is} is invoiced and not yet credited`
    throw refuse('CREDIT_EXCEEDS_INVOICED', message, 'amount')
  }
  const values = {
    reference: posting.reference,
    accounting_date: date(posting.creditedOn),
    ...(surplus.gt(0) && {
      lines: [['create', [await roundingLine(client, await settings(), note, surplus, signal)]]],
    }),
  }
  const record = { model: invoiceModel, id: note.id, stamp }
  return press(client, record, 'write', signal, [values])
}

async function roundingLine(
  client: TrytonClient,
  { rounding }: Settings,
  { id }: FoundInvoice,
  price: Big,
  signal: AbortSignal,
) {
  const [head] = await client.records(z.object({ id: Id, company: Id }), invoiceModel, [id], ['company'], signal)
  // Which account it goes to is no field of the product (`account_revenue_used` is a property, trytond-account-product):
  // Tryton says it as it does to a person who enters the line.
  const Entered = z.object({ account: Id })
  const values = { type: 'line', product: rounding.product, invoice_type: 'out', quantity: 1, company: head?.company }
  const { account } = await client.read(Entered, 'model.account.invoice.line.on_change', [values, ['product']], {
    signal,
  })
  return {
    type: 'line',
    product: rounding.product,
    unit: rounding.unit,
    account,
    quantity: 1,
    unit_price: decimal(price.toFixed()),
    note: roundingKey,
    description: 'Rounding',
  }
}

function notesOf(client: TrytonClient, sales: readonly FoundSale[], signal?: AbortSignal) {
  const domain = [['lines.origin.sale', 'in', sales.map(({ id }) => id), 'sale.line']]
  return client.search(Invoice, invoiceModel, domain, invoiceFields, signal)
}

async function inspect(client: TrytonClient, posting: CreditNotePosting, sale: FoundSale) {
  return inspectCreditNote(client, posting, sale, await notesOf(client, [sale]))
}
