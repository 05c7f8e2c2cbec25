import * as z from 'zod'
import { isEnded } from './claim.ts'
import type { TrytonClient } from './client.ts'
import { purchaseModel, refusePurchase } from './purchase.ts'
import { Flag, Id, idOf, Move, moveFields, OrderedLine, orderedLineFields, SaleState } from './wire.ts'

/** A purchase order that something arrives for, is billed for, or goes back of, as it stands in Tryton. */
const Purchased = z.object({
  id: Id,
  company: Id,
  state: SaleState,
  number: z.string().nullable(),
  description: z.string().nullable(),
  comment: z.string().nullable(),
  party: Id,
  invoice_address: Id.nullable(),
  payment_term: Id.nullable(),
  currency: Id,
  'currency.': z.object({ code: z.string() }),
  warehouse: Id.nullable(),
  shipment_state: z.string(),
})
const headFields = [
  ['company', 'state', 'number', 'description', 'comment', 'party', 'invoice_address', 'payment_term'],
  ['currency', 'currency.code', 'warehouse', 'shipment_state'],
].flat()
const PurchasedLine = OrderedLine.extend({
  movable: Flag.nullable(),
  moves_progress: z.number().nullable(),
  from_location: Id.nullable(),
  to_location: Id.nullable(),
})
const lineFields = [...orderedLineFields, 'movable', 'moves_progress', 'from_location', 'to_location']
const PlannedMove = Move.extend({ shipment: z.string().nullable() })

export type PurchasedLine = z.output<typeof PurchasedLine> & {
  readonly key: string
  readonly moves: readonly z.output<typeof PlannedMove>[]
}
export type Purchased = z.output<typeof Purchased> & { readonly lines: readonly PurchasedLine[] }

/** Reads the purchase order with its lines and what of them has arrived or is planned to. */
export async function readPurchased(client: TrytonClient, id: number, signal?: AbortSignal): Promise<Purchased> {
  const [head] = await client.search(Purchased, purchaseModel, [['id', '=', id]], headFields, signal)
  if (head === undefined) throw refusePurchase('UNKNOWN_PURCHASE_ORDER', `Tryton has no purchase order ${id}`)
  const lines = await client.search(PurchasedLine, 'purchase.line', [['purchase', '=', id]], lineFields, signal)
  const domain = [['origin.purchase', '=', id, 'purchase.line']]
  const moves = await client.search(PlannedMove, 'stock.move', domain, [...moveFields, 'shipment'], signal)
  return {
    ...head,
    lines: lines.map((line) => ({
      ...line,
      key: line.note ?? String(line.id),
      moves: moves.filter(({ origin }) => idOf(origin, 'purchase.line') === line.id),
    })),
  }
}

/** Refuses what comes for a purchase order that is not under way, or that a newer version has replaced. */
export function checkUnderWay({ id, state, comment }: Purchased): void {
  if (isEnded(comment)) {
    throw refusePurchase('PURCHASE_ORDER_ENDED', `purchase order ${id} was cancelled or replaced`)
  }
  if (state === 'processing' || state === 'done') return
  throw refusePurchase('PURCHASE_ORDER_ENDED', `purchase order ${id} is ${state}: nothing can arrive for it`)
}
