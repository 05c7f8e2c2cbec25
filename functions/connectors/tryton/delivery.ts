import Big from 'big.js'
import * as z from 'zod'
import type { FoundDocument, GoodsIssuePosting } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { Id, idOf, Move, moveFields, recordId, Shipment } from './wire.ts'

export const shipmentModel = 'stock.shipment.out'
const fields = [
  ['_timestamp', 'state', 'number', 'reference'],
  ['warehouse_storage', 'warehouse_output', 'inventory_moves', 'outgoing_moves'],
].flat()
// biome-ignore format: a table
const operationsDone = {
  draft: 3, waiting: 4, assigned: 5, picked: 6, packed: 7, shipped: 7, done: 8, cancelled: 0,
} as const

export type FoundShipment = z.output<typeof Shipment>

/** A line of the sales order on a shipment, with the move whose quantity a person would edit. */
export interface DeliveryLine {
  readonly line: string
  readonly quantity: string
  readonly invoiced: boolean
  readonly editableMove: number | undefined
  /** The picking from storage, or the outgoing move where the warehouse has no picking. */
  readonly editable: 'inventory_moves' | 'outgoing_moves'
}

/** The shipments that bear our reference, or else the one that is still free to be taken over. */
export async function findShipments(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  signal?: AbortSignal,
): Promise<readonly FoundShipment[]> {
  const domain = [
    'OR',
    ['moves.origin.sale', '=', recordId(posting.salesOrderId), 'sale.line'],
    ['reference', '=', posting.reference],
  ]
  const shipments = await client.search(Shipment, shipmentModel, domain, fields, signal)
  const ours = shipments.filter((shipment) => isOurs(shipment, posting))
  // One that was opened empty holds nothing; there may be a second after a lost answer.
  const filled = ours.filter(({ outgoing_moves }) => outgoing_moves.length > 0)
  if (ours.length > 0) return filled.length > 0 ? filled : ours.slice(0, 1)
  const isFree = ({ reference, state }: FoundShipment) => !reference && (state === 'draft' || state === 'waiting')
  return shipments.filter(isFree).slice(0, 1)
}

export function isOurs(shipment: FoundShipment, posting: GoodsIssuePosting): boolean {
  return shipment.reference === posting.reference
}

/** How far a delivery is, and whether it says what left the warehouse. */
export async function inspectShipment(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  shipment: FoundShipment,
): Promise<FoundDocument> {
  const planned = await deliveryLines(client, posting, shipment)
  const lines = planned.filter(({ quantity }) => !new Big(quantity).eq(0))
  const ours = isOurs(shipment, posting) && planned.length > 0
  return {
    document: {
      id: String(shipment.id),
      number: shipment.number ?? undefined,
      lines: lines.map(({ line, quantity }) => ({ line, quantity })),
    },
    done: ours ? progress(shipment, lines) : unclaimed(posting, shipment, planned),
    ...(shipment._timestamp !== null && { stamp: shipment._timestamp }),
    // Before it is ours it says what could leave, not what did.
    differences: ours ? differences(posting, shipment, lines) : [],
  }
}

/** What is delivered again after it was delivered in full needs a move of its own, which only a draft takes. */
function unclaimed(posting: GoodsIssuePosting, { state }: FoundShipment, planned: readonly DeliveryLine[]): number {
  return state === 'draft' || surplusLines(posting, planned).length === 0 ? 2 : 1
}

/** The lines that leave although nothing of them is planned. */
export function surplusLines({ goodsIssue }: GoodsIssuePosting, planned: readonly DeliveryLine[]) {
  return (goodsIssue.lines ?? []).filter(({ line }) => !planned.some((one) => one.line === line))
}

function progress(shipment: FoundShipment, lines: readonly DeliveryLine[]): number {
  // A warehouse that sends from where it stores has no picking: assigned is as good as picked.
  const picks = shipment.warehouse_storage !== shipment.warehouse_output
  if (shipment.state === 'assigned' && !picks) return operationsDone.picked
  const processed = shipment.state === 'done' && lines.every(({ invoiced }) => invoiced)
  return operationsDone[shipment.state] + (processed ? 1 : 0)
}

function differences(
  posting: GoodsIssuePosting,
  shipment: FoundShipment,
  lines: readonly DeliveryLine[],
): readonly string[] {
  const wanted = posting.goodsIssue.lines ?? []
  const surplus = wanted.length === 0 ? [] : lines.filter(({ line }) => !wanted.some((one) => one.line === line))
  return [
    ...(shipment.state === 'cancelled' ? ['the delivery is cancelled'] : []),
    ...wanted.flatMap(({ line, quantity }) => {
      const is = lines.find((candidate) => candidate.line === line)?.quantity ?? '0'
      return new Big(is).eq(quantity) ? [] : [`line ${line}: quantity is ${is}, should be ${quantity}`]
    }),
    ...surplus.map(({ line, quantity }) => `line ${line}: quantity is ${quantity}, but none left the warehouse`),
  ]
}

/** What a shipment delivers of each line, by the note that holds the order's own line number. */
export async function deliveryLines(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  shipment: FoundShipment,
  signal?: AbortSignal,
): Promise<readonly DeliveryLine[]> {
  const Line = z.object({ id: Id, note: z.string().nullable() })
  const ids = [...shipment.outgoing_moves, ...shipment.inventory_moves]
  const all = await client.records(Move, 'stock.move', ids, moveFields, signal)
  const moves = all.filter(({ state }) => state !== 'cancelled')
  const sale = recordId(posting.salesOrderId)
  const lines = await client.search(Line, 'sale.line', [['sale', '=', sale]], ['note'], signal)
  const picks = shipment.warehouse_storage !== shipment.warehouse_output
  const isPicking = picks && (shipment.state === 'waiting' || shipment.state === 'assigned')
  return moves.flatMap((move): DeliveryLine[] => {
    const saleLine = lines.find(({ id }) => id === idOf(move.origin, 'sale.line'))
    if (saleLine === undefined) return []
    const picked = moves.filter(({ origin }) => idOf(origin, 'stock.move') === move.id)
    const total = picked.reduce((quantity, one) => quantity.plus(one.quantity), new Big(0))
    const common = { line: saleLine.note ?? String(saleLine.id), invoiced: move.invoice_lines.length > 0 }
    return isPicking
      ? [{ ...common, quantity: total.toFixed(), editableMove: picked[0]?.id, editable: 'inventory_moves' }]
      : [{ ...common, quantity: move.quantity, editableMove: move.id, editable: 'outgoing_moves' }]
  })
}
