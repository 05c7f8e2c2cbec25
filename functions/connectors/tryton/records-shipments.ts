import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import type { TrytonClient } from './client.ts'
import { shipmentModel } from './delivery.ts'
import { receiptModel } from './goods-receipt.ts'
import { Numbered, saleLinesOf } from './numbered.ts'
import { hubLinesOf } from './purchase-numbered.ts'
import { type Book, Day, type Domain, ours, pageOf, searchPage } from './records-book.ts'
import { returnModel } from './supplier-return.ts'
import { Ids, idOf, Move, moveFields } from './wire.ts'

type OriginOf = { readonly origin: string | null }

/** Goods on their way in or out, and whose orders they are of. */
interface Goods {
  readonly document: DocumentKind
  readonly model: string
  readonly movesField: 'outgoing_moves' | 'incoming_moves' | 'moves'
  readonly orderLine: 'sale.line' | 'purchase.line'
  /** Shipments of the hub's orders, as far as a search can tell. */
  readonly domain: () => Promise<Domain>
  /** The lines of the hub's orders that these moves come from. */
  linesOf(
    client: TrytonClient,
    moves: readonly OriginOf[],
  ): Promise<readonly { readonly id: number; readonly note: string | null }[]>
}

const Found = Numbered.extend({
  state: z.string(),
  reference: z.string().nullable(),
  effective_date: Day.nullable(),
  outgoing_moves: Ids.optional(),
  incoming_moves: Ids.optional(),
  moves: Ids.optional(),
})

/** Goods that left for the hub's sales, and goods of theirs that came back. */
export function soldGoodsBooks(shop: () => Promise<number>): readonly Book[] {
  const sold = {
    orderLine: 'sale.line',
    domain: async () => [['moves.origin.sale.web_shop', '=', await shop(), 'sale.line']],
    linesOf: saleLinesOf,
  } as const
  return [
    shipmentsBook({ ...sold, document: 'goods-issue', model: shipmentModel, movesField: 'outgoing_moves' }),
    shipmentsBook({
      ...sold,
      document: 'goods-return',
      model: 'stock.shipment.out.return',
      movesField: 'incoming_moves',
    }),
  ]
}

/** Goods that arrived for the hub's purchases, and goods of theirs that went back. */
export const boughtGoodsBooks: readonly Book[] = [
  shipmentsBook({
    document: 'goods-receipt',
    model: receiptModel,
    movesField: 'incoming_moves',
    orderLine: 'purchase.line',
    domain: async () => [['moves.origin.purchase.reference', '!=', null, 'purchase.line']],
    linesOf: hubLinesOf,
  }),
  // What a clerk sends back is a purchase without any reference: all are read, and told by the purchase that they are of.
  shipmentsBook({
    document: 'supplier-return',
    model: returnModel,
    movesField: 'moves',
    orderLine: 'purchase.line',
    domain: async () => [],
    linesOf: hubLinesOf,
  }),
]

function shipmentsBook({ document, model, movesField, orderLine, domain: own, linesOf }: Goods): Book {
  return {
    model,
    documents: [document],
    referenceField: 'reference',
    read: async (client, domain) => {
      const fields = ['number', 'state', 'reference', 'effective_date', movesField]
      const shipments = await searchPage(client, Found, model, [...(await own()), ...domain], fields)
      const movesOf = (shipment: z.output<typeof Found>) => shipment[movesField] ?? []
      const moves = await client.records(Move, 'stock.move', shipments.flatMap(movesOf), moveFields)
      const ordered = new Map((await linesOf(client, moves)).map((line) => [line.id, line] as const))
      const byId = new Map(moves.map((move) => [move.id, move] as const))
      const linesOfShipment = (shipment: z.output<typeof Found>) =>
        movesOf(shipment).flatMap((id) => {
          const move = byId.get(id)
          const line = ordered.get(idOf(move?.origin ?? null, orderLine) ?? 0)
          if (move === undefined || line === undefined || move.state === 'cancelled') return []
          return [{ line: line.note ?? String(line.id), quantity: move.quantity }]
        })
      const records = shipments.map((shipment) => ({
        document,
        id: String(shipment.id),
        number: shipment.number ?? undefined,
        reference: ours(shipment.reference),
        standing: standings[shipment.state] ?? ('under-way' as const),
        onDay: shipment.effective_date ?? '',
        lines: linesOfShipment(shipment),
      }))
      // Of somebody else's orders.
      const isHubs = ({ reference, lines }: (typeof records)[number]) => reference !== undefined || lines.length > 0
      return pageOf(shipments, records.filter(isHubs))
    },
  }
}

/** Every other state is on its way to one of these. */
const standings: Readonly<Record<string, 'in-effect' | 'ended'>> = { done: 'in-effect', cancelled: 'ended' }
