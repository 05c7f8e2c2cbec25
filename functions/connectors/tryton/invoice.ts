import Big from 'big.js'
import * as z from 'zod'
import type { CustomerInvoicePosting, FoundDocument } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { asAmount, isServiceKey } from './mapping.ts'
import { Decimal, Id, Invoice, InvoiceLine, idOf, Move, moveFields, recordId } from './wire.ts'

export const invoiceModel = 'account.invoice'
export const invoiceFields = [
  ['_timestamp', 'state', 'number', 'reference', 'party'],
  ['untaxed_amount', 'total_amount', 'lines', 'currency.code'],
].flat()
const lineFields = ['quantity', 'unit_price', 'note', 'stock_moves']

export type FoundInvoice = z.output<typeof Invoice>

/** The invoices that bear our reference, or else the draft that Tryton made for the delivery. */
export async function findInvoices(
  client: TrytonClient,
  posting: CustomerInvoicePosting,
  signal?: AbortSignal,
): Promise<readonly FoundInvoice[]> {
  const ours = await client.search(
    Invoice,
    invoiceModel,
    [ofSale(posting), ['reference', '=', posting.reference]],
    invoiceFields,
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
  return client.search(Invoice, invoiceModel, domain, invoiceFields, signal)
}

export function isOurs(invoice: FoundInvoice, posting: CustomerInvoicePosting): boolean {
  return invoice.reference === posting.reference
}

function ofSale({ salesOrderId }: CustomerInvoicePosting) {
  return ['lines.origin.sale', '=', recordId(salesOrderId), 'sale.line']
}

/** Drafts of the same sale that hold nothing but services. */
export async function findServiceDrafts(
  client: TrytonClient,
  posting: CustomerInvoicePosting,
  invoice: FoundInvoice,
  signal: AbortSignal,
): Promise<readonly FoundInvoice[]> {
  const domain = [ofSale(posting), ['state', '=', 'draft'], ['reference', '=', null], ['id', '!=', invoice.id]]
  const drafts = await client.search(Invoice, invoiceModel, domain, invoiceFields, signal)
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

/** The drafts whose lines were moved to our invoice; they have no lines left to find them by. */
export function findEmptied(client: TrytonClient, posting: CustomerInvoicePosting, signal?: AbortSignal) {
  const domain = [
    ['description', '=', emptiedBy(posting)],
    ['state', '=', 'draft'],
  ]
  return client.search(Invoice, invoiceModel, domain, invoiceFields, signal)
}

export function emptiedBy(posting: CustomerInvoicePosting): string {
  return `moved to ${posting.reference}`
}

/** How far an invoice is, and whether it invoices what was delivered. */
export async function inspectInvoice(
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
  const SaleLine = z.object({ id: Id, note: z.string().nullable(), unit_price: Decimal })
  const moves = await client.search(
    Move,
    'stock.move',
    [
      ['shipment', '=', shipment],
      ['state', '=', 'done'],
    ],
    moveFields,
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
    const ordered = saleLines.find(({ id }) => id === move.saleLine)
    const name = `line ${ordered?.note ?? move.saleLine}`
    const line = lines.find(({ stock_moves }) => stock_moves.includes(move.id))
    if (line === undefined) return [`${name} of the delivery is not on the invoice`]
    const quantity = line.quantity ?? '0'
    const price = line.unit_price ?? '0'
    return [
      ...(new Big(quantity).eq(move.quantity)
        ? []
        : [`${name}: quantity is ${quantity}, delivered were ${move.quantity}`]),
      ...(new Big(price).eq(ordered?.unit_price ?? '0')
        ? []
        : [`${name}: unit price is ${price}, ordered at ${ordered?.unit_price}`]),
    ]
  })
}
