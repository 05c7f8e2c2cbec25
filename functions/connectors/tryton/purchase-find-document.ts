import Big from 'big.js'
import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import type { NumberedDocument } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { findEntry } from './find-entry.ts'
import { receiptModel } from './goods-receipt.ts'
import { asAmount } from './mapping.ts'
import { idAndNumber, Numbered, search } from './numbered.ts'
import { Purchase, purchaseFields, purchaseModel } from './purchase.ts'
import { isAddedKey } from './purchase-lines.ts'
import { linesOf, purchaseLinesOf, purchaseOrdersOf } from './purchase-numbered.ts'
import { returnModel } from './supplier-return.ts'
import { Decimal, Id, Ids, idOf, Move, moveFields, Quantity } from './wire.ts'

export type PurchasingKind = Extract<DocumentKind, `purchase-${string}` | `supplier-${string}` | 'goods-receipt'>

const Shipment = Numbered.extend({ state: z.string(), supplier: Id, reference: z.string().nullable(), moves: Ids })
const Bill = Numbered.extend({
  type: z.string(),
  state: z.string(),
  party: Id,
  description: z.string().nullable(),
  total_amount: Decimal,
  lines: Ids,
  'currency.': z.object({ code: z.string() }),
})
const Line = z.object({
  id: Id,
  note: z.string().nullable(),
  quantity: Quantity.nullable(),
  origin: z.string().nullable(),
})

/** Finds what a person names of what is bought: by the number that Tryton shows, or else by the id that its API has. */
export async function findPurchasingDocument(
  client: TrytonClient,
  kind: PurchasingKind,
  number: string,
): Promise<readonly NumberedDocument[]> {
  switch (kind) {
    case 'purchase-order':
    case 'purchase-order-amendment':
      return await findPurchase(client, number, false)
    case 'purchase-order-cancellation':
    case 'purchase-order-closing':
      return await findPurchase(client, number, true)
    case 'goods-receipt':
      return await findShipment(client, receiptModel, number)
    case 'supplier-return':
      return await findShipment(client, returnModel, number)
    case 'supplier-invoice':
    case 'supplier-credit-note':
      return await findBill(client, number, kind === 'supplier-credit-note')
    case 'supplier-payment':
    case 'supplier-payment-allocation':
      return await findEntry(client, number, 'payable')
  }
}

async function findPurchase(client: TrytonClient, number: string, isEnd: boolean) {
  const Found = Purchase.extend({ reference: z.string().nullable() })
  const purchases = await search(client, Found, purchaseModel, [...purchaseFields, 'reference'], number)
  return await Promise.all(
    purchases.map(async (purchase): Promise<NumberedDocument> => {
      const currency = purchase['currency.'].code
      const lines = await purchaseLinesOf(client, purchase.lines)
      const amount = asAmount(purchase.total_amount, currency)
      return {
        document: { ...idAndNumber(purchase), ...(!isEnd && { amount, currency, lines: lines.flatMap(byLine) }) },
        isInEffect: purchase.state === 'done' || purchase.state === (isEnd ? 'cancelled' : 'processing'),
        reference: purchase.reference ?? undefined,
        customerIds: [String(purchase.party)],
        salesOrderIds: [],
        purchaseOrderIds: [String(purchase.id)],
      }
    }),
  )
}

async function findShipment(client: TrytonClient, model: string, number: string) {
  const fields = ['number', 'state', 'supplier', 'reference', 'moves']
  const shipments = await search(client, Shipment, model, fields, number)
  return await Promise.all(
    shipments.map(async (shipment): Promise<NumberedDocument> => {
      const all = await client.records(Move, 'stock.move', shipment.moves, moveFields)
      const moves = all.filter(({ state }) => state !== 'cancelled')
      const bought = await linesOf(client, moves)
      const isReturn = model === returnModel
      return {
        document: {
          ...idAndNumber(shipment),
          // A supplier return is known by its purchase's id, and by its shipment's number.
          ...(isReturn && bought[0] && { id: String(bought[0].purchase) }),
          lines: moves.flatMap(({ origin, quantity }) => {
            const line = bought.find(({ id }) => id === idOf(origin, 'purchase.line'))
            return line === undefined ? [] : [{ line: line.note ?? String(line.id), quantity }]
          }),
        },
        isInEffect: shipment.state === 'done',
        reference: shipment.reference ?? undefined,
        customerIds: [String(shipment.supplier)],
        salesOrderIds: [],
        purchaseOrderIds: await purchaseOrdersOf(client, bought),
      }
    }),
  )
}

async function findBill(client: TrytonClient, number: string, isCredit: boolean) {
  const fields = ['number', 'type', 'state', 'party', 'description', 'total_amount', 'lines', 'currency.code']
  // The supplier's own number is what people know; Tryton's is another.
  const bySupplier = await client.search(
    Bill,
    'account.invoice',
    [
      ['type', '=', 'in'],
      ['reference', '=', number],
    ],
    fields,
  )
  const found = bySupplier.length > 0 ? bySupplier : await search(client, Bill, 'account.invoice', fields, number)
  const bills = found.filter(({ type, total_amount }) => type === 'in' && new Big(total_amount).lt(0) === isCredit)
  const signed = (decimal: string) => (isCredit ? new Big(decimal).times(-1).toFixed() : decimal)
  return await Promise.all(
    bills.map(async (bill): Promise<NumberedDocument> => {
      const currency = bill['currency.'].code
      const fieldsOfLine = ['note', 'quantity', 'origin']
      const lines = await client.records(Line, 'account.invoice.line', bill.lines, fieldsOfLine)
      return {
        document: {
          ...idAndNumber(bill),
          amount: asAmount(signed(bill.total_amount), currency),
          currency,
          lines: lines
            .filter(({ origin }) => origin !== null)
            .flatMap(byLine)
            .map(({ line, quantity }) => ({ line, quantity: signed(quantity) })),
        },
        isInEffect: bill.state === 'posted' || bill.state === 'paid',
        reference: bill.description ?? undefined,
        customerIds: [String(bill.party)],
        salesOrderIds: [],
        purchaseOrderIds: await purchaseOrdersOf(client, await linesOf(client, lines)),
      }
    }),
  )
}

function byLine({ note, quantity }: { readonly note: string | null; readonly quantity: string | null }) {
  return note === null || quantity === null || isAddedKey(note) ? [] : [{ line: note, quantity }]
}
