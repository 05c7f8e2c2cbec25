import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import { shipmentModel } from './delivery.ts'
import { Numbered, saleLinesOf } from './numbered.ts'
import { type Book, Day, ours, pageOf, searchPage } from './records-book.ts'
import { Ids, idOf, Move, moveFields } from './wire.ts'

const Found = Numbered.extend({
  state: z.string(),
  reference: z.string().nullable(),
  effective_date: Day.nullable(),
  outgoing_moves: Ids.optional(),
  incoming_moves: Ids.optional(),
})

/** Goods that left for the hub's sales. */
export const deliveriesBook = (shop: () => Promise<number>) =>
  shipmentsBook(shop, 'goods-issue', shipmentModel, 'outgoing_moves')

/** Goods of the hub's sales that came back. */
export const returnsBook = (shop: () => Promise<number>) =>
  shipmentsBook(shop, 'goods-return', 'stock.shipment.out.return', 'incoming_moves')

function shipmentsBook(
  shop: () => Promise<number>,
  document: DocumentKind,
  model: string,
  movesField: 'outgoing_moves' | 'incoming_moves',
): Book {
  return {
    model,
    documents: [document],
    referenceField: 'reference',
    read: async (client, domain) => {
      const own = [['moves.origin.sale.web_shop', '=', await shop(), 'sale.line'], ...domain]
      const fields = ['number', 'state', 'reference', 'effective_date', movesField]
      const shipments = await searchPage(client, Found, model, own, fields)
      const movesOf = (shipment: z.output<typeof Found>) => shipment[movesField] ?? []
      const moves = await client.records(Move, 'stock.move', shipments.flatMap(movesOf), moveFields)
      const sold = new Map((await saleLinesOf(client, moves)).map((line) => [line.id, line] as const))
      const byId = new Map(moves.map((move) => [move.id, move] as const))
      return pageOf(
        shipments,
        shipments.map((shipment) => ({
          document,
          id: String(shipment.id),
          number: shipment.number ?? undefined,
          reference: ours(shipment.reference),
          standing: standings[shipment.state] ?? 'under-way',
          onDay: shipment.effective_date ?? '',
          lines: movesOf(shipment).flatMap((id) => {
            const move = byId.get(id)
            const line = sold.get(idOf(move?.origin ?? null, 'sale.line') ?? 0)
            if (move === undefined || line === undefined || move.state === 'cancelled') return []
            return [{ line: line.note ?? String(line.id), quantity: move.quantity }]
          }),
        })),
      )
    },
  }
}

/** Every other state is on its way to one of these. */
const standings: Readonly<Record<string, 'in-effect' | 'ended'>> = { done: 'in-effect', cancelled: 'ended' }
