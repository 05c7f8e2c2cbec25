import Big from 'big.js'
import * as z from 'zod'
import type { GoodsIssuePosting, PostingPlan, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import {
  deliveryLines,
  type FoundShipment,
  findShipments,
  inspectShipment,
  isOurs,
  shipmentModel,
  surplusLines,
} from './delivery.ts'
import { processSales } from './lost-tasks.ts'
import { refuse } from './original.ts'
import { nothingToDeliver, openDelivery, surplusMoves } from './over-delivery.ts'
import { press, sending, stepsOn } from './send.ts'
import { date, Id, Move, moveFields, recordId } from './wire.ts'

/**
 * Brings a delivery to `done`. Tryton plans one shipment for what is open on a sale; the goods issue claims it by our
 * reference, says what left, and walks it through the warehouse. What did not leave goes to the next shipment, which
 * Tryton makes when this one is done (trytond-sale, `ShipmentOut.do`).
 */
export function goodsIssuePlan(client: TrytonClient, posting: GoodsIssuePosting): PostingPlan {
  const search = (signal?: AbortSignal) => findShipments(client, posting, signal)
  const step = stepsOn(client, search, async (signal) => {
    throw await nothingToDeliver(client, posting, signal)
  })
  const button = (name: string, method: string) =>
    step(name, async (shipment, stamp, signal) =>
      isOurs(shipment, posting) ? press(client, record(shipment, stamp), method, signal) : { kind: 'changed' },
    )
  return {
    operations: [
      { name: 'open-delivery', doubt: 'natural-key', send: () => sending(() => openDelivery(client, posting)) },
      step('reset-delivery', async (shipment, stamp, signal) =>
        isOurs(shipment, posting) ? { kind: 'changed' } : press(client, record(shipment, stamp), 'draft', signal),
      ),
      step('claim-delivery', async (shipment, stamp, signal) =>
        isOurs(shipment, posting) && shipment.outgoing_moves.length > 0
          ? { kind: 'changed' }
          : claim(client, posting, shipment, stamp, signal),
      ),
      button('plan-delivery', 'wait'),
      step('assign-delivery', async (shipment, stamp, signal) =>
        isOurs(shipment, posting) ? assign(client, shipment, stamp, signal) : { kind: 'changed' },
      ),
      button('pick-delivery', 'pick'),
      button('pack-delivery', 'pack'),
      button('finish-delivery', 'do'),
      processSales(client, 'process-sales-order', async () => [recordId(posting.salesOrderId)]),
    ],
    find: async () => {
      const shipments = await search()
      return Promise.all(shipments.map((shipment) => inspectShipment(client, posting, shipment)))
    },
  }
}

function record({ id }: FoundShipment, stamp: string | undefined) {
  return { model: shipmentModel, id, stamp }
}

async function claim(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  shipment: FoundShipment,
  stamp: string | undefined,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const open = await deliveryLines(client, posting, shipment, signal)
  const { lines, issuedOn } = posting.goodsIssue
  const surplus = surplusLines(posting, open)
  if (surplus.length > 0 && shipment.state !== 'draft') return { kind: 'changed' }
  const extra = surplus.length === 0 ? [] : [['create', await surplusMoves(client, posting, shipment, surplus, signal)]]
  // More than is open leaves as it did: the customer is invoiced for what he got.
  const changes = open.flatMap(({ line, quantity, editableMove }) => {
    const leaving = lines ? (lines.find((wanted) => wanted.line === line)?.quantity ?? '0') : quantity
    if (new Big(leaving).eq(quantity) || editableMove === undefined) return []
    return [['write', [editableMove], { quantity: Number(leaving) }]]
  })
  const editable = open[0]?.editable ?? 'outgoing_moves'
  const moves = [...changes, ...extra]
  const values = {
    reference: posting.reference,
    effective_date: date(issuedOn),
    ...(moves.length > 0 && { [editable]: moves }),
  }
  return press(client, record(shipment, stamp), 'write', signal, [values])
}

/** Reserves the stock. Tryton answers nothing at all when there is too little: the shipment just stays where it is. */
async function assign(
  client: TrytonClient,
  shipment: FoundShipment,
  stamp: string | undefined,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const outcome = await press(client, record(shipment, stamp), 'assign_try', signal)
  if (outcome.kind !== 'answered') return outcome
  const State = z.object({ id: Id, state: z.string() })
  const [now] = await client.records(State, shipmentModel, [shipment.id], ['state'], signal)
  if (now?.state !== 'waiting') return outcome
  const moves = await client.records(Move, 'stock.move', shipment.inventory_moves, moveFields, signal)
  const short = moves.filter(({ state }) => state === 'draft' || state === 'staging').map(({ product }) => product)
  const Product = z.object({ id: Id, rec_name: z.string() })
  const products = await client.records(Product, 'product.product', [...new Set(short)], ['rec_name'], signal)
  const message = `Tryton has too little on hand of ${products.map(({ rec_name }) => rec_name).join(', ')}`
  throw refuse('OUT_OF_STOCK', message, undefined, 'warehouse')
}
