import Big from 'big.js'
import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import type { NumberedDocument } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { moveFields } from './delivery.ts'
import { findEntry } from './find-entry.ts'
import { invoiceFields, invoiceModel } from './invoice.ts'
import { asAmount, isServiceKey } from './mapping.ts'
import { idAndNumber, Numbered, ordersOf, saleLinesOf, search } from './numbered.ts'
import { saleFields, saleModel } from './sale.ts'
import { Id, Ids, Invoice, idOf, Move, Quantity, Sale } from './wire.ts'

const Shipment = Numbered.extend({
  state: z.string(),
  customer: Id,
  reference: z.string().nullable(),
  outgoing_moves: Ids.optional(),
  incoming_moves: Ids.optional(),
})
const Line = z.object({
  id: Id,
  note: z.string().nullable(),
  quantity: Quantity.nullable(),
  origin: z.string().nullable(),
})

/** Finds what a person names: by the number that Tryton shows, or else by the id that its API has. */
export async function findDocument(
  client: TrytonClient,
  kind: DocumentKind,
  number: string,
): Promise<readonly NumberedDocument[]> {
  switch (kind) {
    case 'sales-order':
    case 'sales-order-amendment':
    case 'sales-order-cancellation':
    case 'sales-order-closing':
      return await findSale(client, number, kind === 'sales-order-cancellation')
    case 'goods-issue':
      return await findShipment(client, 'stock.shipment.out', 'outgoing_moves', number)
    case 'goods-return':
      return await findShipment(client, 'stock.shipment.out.return', 'incoming_moves', number)
    case 'customer-invoice':
    case 'credit-note':
      return await findInvoice(client, number, kind === 'credit-note')
    case 'incoming-payment':
    case 'outgoing-payment':
    case 'payment-allocation':
      return await findEntry(client, number)
  }
}

async function findSale(client: TrytonClient, number: string, isCancellation: boolean) {
  const Found = Sale.extend({ web_id: z.string().nullable() })
  const fields = [...saleFields, 'web_id']
  const sales = await search(client, Found, saleModel, fields, number)
  return await Promise.all(
    sales.map(async (sale): Promise<NumberedDocument> => {
      const currency = sale['currency.'].code
      const wanted = isCancellation ? ['cancelled'] : ['processing', 'done']
      return {
        document: {
          ...idAndNumber(sale),
          amount: asAmount(sale.total_amount, currency),
          currency,
          lines: await orderLines(client, 'sale.line', sale.lines),
        },
        isInEffect: wanted.includes(sale.state),
        reference: sale.web_id ?? undefined,
        customerIds: [String(sale.party)],
        salesOrderIds: [String(sale.id)],
      }
    }),
  )
}

async function findShipment(client: TrytonClient, model: string, movesField: string, number: string) {
  const fields = ['number', 'state', 'customer', 'reference', movesField]
  const shipments = await search(client, Shipment, model, fields, number)
  return await Promise.all(
    shipments.map(async (shipment): Promise<NumberedDocument> => {
      const ids = shipment.outgoing_moves ?? shipment.incoming_moves ?? []
      const moves = (await client.records(Move, 'stock.move', ids, moveFields)).filter(
        ({ state }) => state !== 'cancelled',
      )
      const sold = await saleLinesOf(client, moves)
      return {
        document: {
          ...idAndNumber(shipment),
          lines: moves.flatMap(({ origin, quantity }) => {
            const line = sold.find(({ id }) => id === idOf(origin, 'sale.line'))
            return line === undefined ? [] : [{ line: line.note ?? String(line.id), quantity }]
          }),
        },
        isInEffect: shipment.state === 'done',
        reference: shipment.reference ?? undefined,
        customerIds: [String(shipment.customer)],
        salesOrderIds: ordersOf(sold),
      }
    }),
  )
}

async function findInvoice(client: TrytonClient, number: string, isCredit: boolean) {
  const Found = Invoice.extend({ type: z.string() })
  const found = await search(client, Found, invoiceModel, [...invoiceFields, 'type'], number)
  // A credit note is an invoice over less than nothing.
  const invoices = found.filter(({ type, total_amount }) => type === 'out' && new Big(total_amount).lt(0) === isCredit)
  return await Promise.all(
    invoices.map(async (invoice): Promise<NumberedDocument> => {
      const currency = invoice['currency.'].code
      const lines = await client.records(Line, 'account.invoice.line', invoice.lines, ['note', 'quantity', 'origin'])
      return {
        document: {
          ...idAndNumber(invoice),
          amount: asAmount(invoice.total_amount, currency),
          currency,
          lines: lines.flatMap(asOrderLine),
        },
        isInEffect: invoice.state === 'posted' || invoice.state === 'paid',
        reference: invoice.reference ?? undefined,
        customerIds: [String(invoice.party)],
        salesOrderIds: ordersOf(await saleLinesOf(client, lines)),
      }
    }),
  )
}

async function orderLines(client: TrytonClient, model: string, ids: readonly number[]) {
  const Noted = z.object({ id: Id, note: z.string().nullable(), quantity: Quantity.nullable() })
  return (await client.records(Noted, model, ids, ['note', 'quantity'])).flatMap(asOrderLine)
}

function asOrderLine({ note, quantity }: { readonly note: string | null; readonly quantity: string | null }) {
  return note === null || quantity === null || isServiceKey(note) ? [] : [{ line: note, quantity }]
}
