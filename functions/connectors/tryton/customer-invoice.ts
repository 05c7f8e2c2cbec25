import Big from 'big.js'
import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import type { CustomerInvoicePosting, FoundDocument, PostingPlan, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { asAmount, isServiceKey } from './mapping.ts'
import { sending, writeIfUnchanged } from './send.ts'
import { date, Id, Invoice, InvoiceLine, idOf, Move, recordId } from './wire.ts'

const model = 'account.invoice'
const fields = [
  '_timestamp',
  'state',
  'number',
  'reference',
  'description',
  'party',
  'untaxed_amount',
  'total_amount',
  'lines',
  'currency.code',
]
const lineFields = ['quantity', 'unit_price', 'note', 'amount', 'origin', 'stock_moves']

type FoundInvoice = z.output<typeof Invoice>

/**
 * Brings the invoice of one delivery to `posted`. Tryton drafts it when the delivery is done. Services such as freight
 * are drafted on an invoice of their own as soon as the sale is processed (trytond-sale, `get_invoice_line`); so that
 * the customer gets one invoice, they are moved to the first delivery's, and the draft that is empty then is deleted.
 * It is found by our reference, on the invoice and on the draft that it emptied.
 */
export function customerInvoicePlan(client: TrytonClient, posting: CustomerInvoicePosting): PostingPlan {
  const step = (
    name: string,
    send: (invoice: FoundInvoice, stamp: string | undefined, signal: AbortSignal) => Promise<SendOutcome>,
  ) => ({
    name,
    doubt: 'if-unchanged' as const,
    send: (stamp: string | undefined) =>
      sending(async () => {
        const signal = client.deadline()
        const [invoice] = await find(client, posting, signal)
        if (invoice !== undefined) return send(invoice, stamp, signal)
        const message = `Tryton has no draft invoice for delivery ${posting.deliveryId}`
        throw new BusinessError({ code: 'NOTHING_TO_INVOICE', message, owner: 'finance' }, { system: 'tryton' })
      }),
  })
  return {
    operations: [
      step('claim-customer-invoice', async (invoice, stamp, signal) =>
        isOurs(invoice, posting) ? { kind: 'changed' } : claim(client, posting, invoice, stamp, signal),
      ),
      step('delete-emptied-invoice', async (_invoice, stamp, signal) => {
        const [emptied] = await findEmptied(client, posting, signal)
        if (emptied === undefined) return { kind: 'changed' }
        return writeIfUnchanged(client, { model, id: emptied.id, stamp }, `model.${model}.delete`, [[emptied.id]], {
          signal,
        })
      }),
      step('post-customer-invoice', async (invoice, stamp, signal) => {
        if (!isOurs(invoice, posting)) return { kind: 'changed' }
        return writeIfUnchanged(client, { model, id: invoice.id, stamp }, `model.${model}.post`, [[invoice.id]], {
          signal,
        })
      }),
    ],
    find: async () => Promise.all((await find(client, posting)).map((invoice) => inspect(client, posting, invoice))),
  }
}

/** The invoices that bear our reference, or else the draft that Tryton made for the delivery. */
async function find(
  client: TrytonClient,
  posting: CustomerInvoicePosting,
  signal?: AbortSignal,
): Promise<readonly FoundInvoice[]> {
  const ours = await client.search(
    Invoice,
    model,
    [ofSale(posting), ['reference', '=', posting.reference]],
    fields,
    signal,
  )
  if (ours.length > 0) return ours
  const shipment = `stock.shipment.out,${recordId(posting.deliveryId)}`
  const domain = [
    ofSale(posting),
    ['state', '=', 'draft'],
    ['reference', '=', null],
    ['lines.stock_moves.shipment', '=', shipment],
  ]
  return client.search(Invoice, model, domain, fields, signal)
}

function isOurs(invoice: FoundInvoice, posting: CustomerInvoicePosting): boolean {
  return invoice.reference === posting.reference
}

function ofSale({ salesOrderId }: CustomerInvoicePosting) {
  return ['lines.origin.sale', '=', recordId(salesOrderId), 'sale.line']
}

async function claim(
  client: TrytonClient,
  posting: CustomerInvoicePosting,
  invoice: FoundInvoice,
  stamp: string | undefined,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const services = await serviceDrafts(client, posting, invoice, signal)
  const values = {
    reference: posting.reference,
    // The day that counts for the books. The invoice's own date is left to Tryton, which takes the day of posting:
    // numbers must follow dates (`msg_invoice_number_after`), and deliveries do not arrive in the order of theirs.
    accounting_date: date(posting.invoicedOn),
    ...(services.length > 0 && { lines: [['add', services.flatMap(({ lines }) => lines)]] }),
  }
  const emptied = services.length > 0 ? [services.map(({ id }) => id), { description: emptiedBy(posting) }] : []
  return writeIfUnchanged(
    client,
    { model, id: invoice.id, stamp },
    `model.${model}.write`,
    [[invoice.id], values, ...emptied],
    { signal },
  )
}

/** Drafts of the same sale that hold nothing but services. */
async function serviceDrafts(
  client: TrytonClient,
  posting: CustomerInvoicePosting,
  invoice: FoundInvoice,
  signal: AbortSignal,
): Promise<readonly FoundInvoice[]> {
  const domain = [ofSale(posting), ['state', '=', 'draft'], ['reference', '=', null], ['id', '!=', invoice.id]]
  const drafts = await client.search(Invoice, model, domain, fields, signal)
  const lines = await client.records(
    InvoiceLine,
    'account.invoice.line',
    drafts.flatMap((draft) => draft.lines),
    lineFields,
    signal,
  )
  const holdsGoods = (draft: FoundInvoice) =>
    lines.some(
      (line) => draft.lines.includes(line.id) && (line.stock_moves.length > 0 || !isServiceKey(line.note ?? '')),
    )
  return drafts.filter((draft) => !holdsGoods(draft))
}

function findEmptied(client: TrytonClient, posting: CustomerInvoicePosting, signal?: AbortSignal) {
  const domain = [
    ['description', '=', emptiedBy(posting)],
    ['state', '=', 'draft'],
  ]
  return client.search(Invoice, model, domain, fields, signal)
}

function emptiedBy(posting: CustomerInvoicePosting): string {
  return `moved to ${posting.reference}`
}

async function inspect(
  client: TrytonClient,
  posting: CustomerInvoicePosting,
  invoice: FoundInvoice,
): Promise<FoundDocument> {
  const ours = isOurs(invoice, posting)
  const [emptied] = ours ? await findEmptied(client, posting) : []
  const lines = await client.records(InvoiceLine, 'account.invoice.line', invoice.lines, lineFields)
  const currency = invoice['currency.'].code
  const posted = invoice.state === 'posted' || invoice.state === 'paid'
  // Before it is posted the next operation may concern the emptied draft, so the stamp is that one's.
  const stamp = (ours && !posted && emptied ? emptied : invoice)._timestamp
  return {
    document: {
      id: String(invoice.id),
      number: invoice.number ?? undefined,
      amount: asAmount(invoice.total_amount, currency),
      currency,
      lines: lines.flatMap(({ note, quantity }) =>
        note === null || quantity === null || isServiceKey(note) ? [] : [{ line: note, quantity }],
      ),
    },
    done: !ours ? 0 : posted ? 3 : emptied ? 1 : 2,
    ...(stamp !== null && { stamp }),
    differences: [
      ...(invoice.state === 'cancelled' ? ['the invoice is cancelled'] : []),
      ...(await lineDifferences(client, posting, lines)),
    ],
  }
}

/** Every move of the delivery is invoiced here, with its quantity and the sales order's price. */
async function lineDifferences(
  client: TrytonClient,
  posting: CustomerInvoicePosting,
  lines: readonly z.output<typeof InvoiceLine>[],
): Promise<readonly string[]> {
  const shipment = `stock.shipment.out,${recordId(posting.deliveryId)}`
  const SaleLine = z.object({ id: Id, note: z.string().nullable(), unit_price: z.unknown() })
  const moves = await client.search(
    Move,
    'stock.move',
    [
      ['shipment', '=', shipment],
      ['state', '=', 'done'],
    ],
    ['state', 'quantity', 'product', 'origin', 'invoice_lines'],
  )
  const delivered = moves.flatMap((move) => {
    const saleLine = idOf(move.origin, 'sale.line')
    return saleLine === undefined ? [] : [{ ...move, saleLine }]
  })
  const saleLines = await client.records(
    SaleLine,
    'sale.line',
    [...new Set(delivered.map(({ saleLine }) => saleLine))],
    ['note', 'unit_price'],
  )
  return delivered.flatMap((move) => {
    const name = `line ${saleLines.find(({ id }) => id === move.saleLine)?.note ?? move.saleLine}`
    const line = lines.find(({ stock_moves }) => stock_moves.includes(move.id))
    if (line === undefined) return [`${name} of the delivery is not on the invoice`]
    const is = line.quantity ?? '0'
    return new Big(is).eq(move.quantity) ? [] : [`${name}: quantity is ${is}, delivered were ${move.quantity}`]
  })
}
