import Big from 'big.js'
import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import type { NumberedDocument } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { shipmentModel } from './delivery.ts'
import { findEntry } from './find-entry.ts'
import { invoiceFields, invoiceModel } from './invoice.ts'
import { asAmount, isServiceKey } from './mapping.ts'
import { idAndNumber, Numbered, ordersOf, saleLinesOf, search } from './numbered.ts'
import { findPurchasingDocument } from './purchase-find-document.ts'
import { saleFields, saleModel } from './sale.ts'
import { Id, Ids, Invoice, idOf, Move, moveFields, Quantity, Sale } from './wire.ts'

const Shipment = Numbered.extend({
  state: z.string(),
  customer: Id,
  reference: z.string().nullable(),
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
      return await findSale(client, number, false)
    case 'sales-order-cancellation':
    case 'sales-order-closing':
      return await findSale(client, number, true)
    case 'goods-issue':
      return await findShipment(client, number)
    case 'goods-return':
      return await findReturn(client, number)
    case 'customer-invoice':
    case 'credit-note':
      return await findInvoice(client, number, kind === 'credit-note')
    case 'incoming-payment':
    case 'outgoing-payment':
    case 'payment-allocation':
      return await findEntry(client, number, 'receivable')
    case 'purchase-order':
    case 'purchase-order-amendment':
    case 'purchase-order-cancellation':
    case 'purchase-order-closing':
    case 'goods-receipt':
    case 'supplier-return':
    case 'supplier-invoice':
    case 'supplier-credit-note':
    case 'supplier-payment':
    case 'supplier-payment-allocation':
      return await findPurchasingDocument(client, kind, number)
  }
}

/** The end of an order is the order itself, once nothing of it is to come; one that was processed stays `done` in Tryton. */
async function findSale(client: TrytonClient, number: string, isEnd: boolean) {
  const Found = Sale.extend({ web_id: z.string().nullable() })
  const fields = [...saleFields, 'web_id']
  const sales = await search(client, Found, saleModel, fields, number)
  return await Promise.all(
    sales.map(async (sale): Promise<NumberedDocument> => {
      const currency = sale['currency.'].code
      return {
        document: {
          ...idAndNumber(sale),
          ...(!isEnd && {
            amount: asAmount(sale.total_amount, currency),
            currency,
            lines: await orderLines(client, 'sale.line', sale.lines),
          }),
        },
        isInEffect: sale.state === 'done' || sale.state === (isEnd ? 'cancelled' : 'processing'),
        reference: sale.web_id ?? undefined,
        customerIds: [String(sale.party)],
        salesOrderIds: [String(sale.id)],
      }
    }),
  )
}

async function findShipment(client: TrytonClient, number: string) {
  const fields = ['number', 'state', 'customer', 'reference', 'outgoing_moves']
  const Found = Shipment.extend({ outgoing_moves: Ids })
  const shipments = await search(client, Found, shipmentModel, fields, number)
  return await Promise.all(shipments.map((one) => inspectShipment(client, one, one.outgoing_moves)))
}

/** A goods return is known by its sale's id, and by its shipment's number. */
async function findReturn(client: TrytonClient, number: string): Promise<readonly NumberedDocument[]> {
  const fields = ['number', 'state', 'customer', 'reference', 'incoming_moves']
  const Found = Shipment.extend({ incoming_moves: Ids })
  const model = 'stock.shipment.out.return'
  const domain = /^[1-9]\d{0,15}$/.test(number)
    ? ['OR', ['number', '=', number], ['moves.origin.sale', '=', Number(number), 'sale.line']]
    : [['number', '=', number]]
  const shipments = await client.search(Found, model, domain, fields)
  return await Promise.all(
    shipments.map(async (shipment) => {
      const found = await inspectShipment(client, shipment, shipment.incoming_moves)
      const moves = await client.records(Move, 'stock.move', shipment.incoming_moves, moveFields)
      const [line] = await saleLinesOf(client, moves)
      return { ...found, document: { ...found.document, id: String(line?.sale ?? shipment.id) } }
    }),
  )
}

async function inspectShipment(
  client: TrytonClient,
  shipment: z.output<typeof Shipment>,
  moveIds: readonly number[],
): Promise<NumberedDocument> {
  const all = await client.records(Move, 'stock.move', moveIds, moveFields)
  const moves = all.filter(({ state }) => state !== 'cancelled')
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
    salesOrderIds: await ordersOf(client, sold),
  }
}

async function findInvoice(client: TrytonClient, number: string, isCredit: boolean) {
  const Found = Invoice.extend({ type: z.string() })
  const found = await search(client, Found, invoiceModel, [...invoiceFields, 'type'], number)
  // A credit note is an invoice over less than nothing.
  const invoices = found.filter(({ type, total_amount }) => type === 'out' && new Big(total_amount).lt(0) === isCredit)
  // It credits what it is less by.
  const signed = (decimal: string) => (isCredit ? new Big(decimal).times(-1).toFixed() : decimal)
  return await Promise.all(
    invoices.map(async (invoice): Promise<NumberedDocument> => {
      const currency = invoice['currency.'].code
      const lines = await client.records(Line, 'account.invoice.line', invoice.lines, ['note', 'quantity', 'origin'])
      return {
        document: {
          ...idAndNumber(invoice),
          amount: asAmount(signed(invoice.total_amount), currency),
          currency,
          lines: lines.flatMap(asOrderLine).map(({ line, quantity }) => ({ line, quantity: signed(quantity) })),
        },
        isInEffect: invoice.state === 'posted' || invoice.state === 'paid',
        reference: invoice.reference ?? undefined,
        customerIds: [String(invoice.party)],
        salesOrderIds: await ordersOf(client, await saleLinesOf(client, lines)),
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
