import Big from 'big.js'
import * as z from 'zod'
import { sum } from '#domain/money.ts'
import type { Credit, CreditNotePosting, FoundDocument, Operation, PostingPlan, SendOutcome } from '../port.ts'
import { type TrytonClient, written } from './client.ts'
import { decidedAmount } from './credit-everything.ts'
import { creditLineWire } from './credit-line.ts'
import { creditLines } from './credit-lines.ts'
import { type FoundInvoice, invoiceFields, invoiceModel } from './invoice.ts'
import { asAmount, isServiceKey, roundingKey } from './mapping.ts'
import { backSaleWire, creditable, readOriginal, refuse } from './original.ts'
import { type FoundSale, findSaleById, findSales, operationsDone, processingSteps, saleModel } from './sale.ts'
import { press, sending, stepsOn } from './send.ts'
import type { Settings } from './settings.ts'
import { Decimal, date, decimal, Id, Invoice, Quantity, recordId } from './wire.ts'

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
const roundingTolerance = '0.05'

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
  if (surplus.gt(isExact ? 0 : roundingTolerance)) {
    const message = `the credit note is over ${surplus.plus(left).toFixed(2)}, but only ${left.toFixed(2)} is invoiced and not yet credited`
    throw refuse('CREDIT_EXCEEDS_INVOICED', message, 'amount')
  }
  const values = {
    reference: posting.reference,
    accounting_date: date(posting.creditedOn),
    ...(surplus.gt(0) && { lines: [['create', [await roundingLine(client, await settings(), surplus, signal)]]] }),
  }
  const record = { model: invoiceModel, id: note.id, stamp }
  return press(client, record, 'write', signal, [values])
}

async function roundingLine(client: TrytonClient, { rounding }: Settings, price: Big, signal: AbortSignal) {
  const Product = z.object({ id: Id, account_revenue_used: Id.nullable() })
  const fields = ['account_revenue_used']
  const [product] = await client.records(Product, 'product.product', [rounding.product], fields, signal)
  return {
    type: 'line',
    product: rounding.product,
    unit: rounding.unit,
    account: product?.account_revenue_used ?? null,
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

async function inspect(client: TrytonClient, posting: CreditNotePosting, sale: FoundSale): Promise<FoundDocument> {
  const [note, second] = await notesOf(client, [sale])
  const created = posting.credit.of === 'return' ? 0 : operationsDone[sale.state]
  const currency = sale['currency.'].code
  const Line = z.object({ id: Id, note: z.string().nullable(), quantity: Quantity, unit_price: Decimal })
  const fields = ['note', 'quantity', 'unit_price']
  const credited = await client.records(Line, 'account.invoice.line', note?.lines ?? [], fields)
  const ordered = await client.records(Line, 'sale.line', sale.lines, fields)
  const isPosted = note?.state === 'posted' || note?.state === 'paid'
  const isOurs = note?.reference === posting.reference
  const isSaleNext = posting.credit.of !== 'return' && created < processed
  const stamp = (isSaleNext ? sale : note)?._timestamp
  return {
    document: {
      id: String(note?.id ?? sale.id),
      number: note?.number ?? undefined,
      amount: asAmount(new Big(note?.total_amount ?? sale.total_amount).times(-1).toFixed(), currency),
      currency,
      lines: credited.flatMap(({ note: key, quantity }) =>
        key === null || isServiceKey(key) ? [] : [{ line: key, quantity: new Big(quantity).times(-1).toFixed() }],
      ),
    },
    done: created + (isPosted && isOurs ? 2 : isOurs ? 1 : 0),
    ...(stamp && { stamp }),
    differences: [
      ...(sale.state === 'cancelled' || note?.state === 'cancelled' ? ['the credit note is cancelled'] : []),
      ...(second === undefined ? [] : ['there is more than one credit note']),
      ...(isPosted && !isOurs ? ['the credit note was posted by someone else'] : []),
      ...(note === undefined ? [] : lineDifferences(ordered, credited)),
      ...amountDifferences(posting, sale, note ?? sale),
    ],
  }
}

/** When the sale has been processed, Tryton has drafted the credit note. */
const processed = operationsDone.processing

interface PricedQuantity {
  readonly id: number
  readonly note: string | null
  readonly quantity: string
  readonly unit_price: string
}

function lineDifferences(ordered: readonly PricedQuantity[], credited: readonly PricedQuantity[]): readonly string[] {
  return ordered.flatMap(({ id, note, quantity, unit_price }) => {
    const lines = credited.filter((one) => one.note === note && new Big(one.unit_price).eq(unit_price))
    const is = lines.map((line) => line.quantity)
    return is.some((one) => new Big(one).eq(quantity))
      ? []
      : [`line ${note ?? id}: credited are ${is[0] ?? '0'}, should be ${quantity} at ${unit_price}`]
  })
}

function amountDifferences(
  { credit }: CreditNotePosting,
  sale: FoundSale,
  { total_amount }: { readonly total_amount: string },
): readonly string[] {
  const wanted = wantedAmount(credit, sale)
  const is = new Big(total_amount).times(-1)
  return wanted === undefined || is.eq(wanted)
    ? []
    : [`the credit note is over ${is.toFixed(2)}, should be ${wanted.toFixed(2)}`]
}

/** What the credit note must be over, where that is known without its lines. */
function wantedAmount(credit: Credit, { description, total_amount }: FoundSale): Big | undefined {
  if (credit.of === 'amounts') return sum(credit.amounts.map(({ gross }) => gross))
  if (credit.of === 'everything') return new Big(decidedAmount(description) ?? new Big(total_amount).times(-1))
  return undefined
}
