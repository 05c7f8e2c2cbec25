import Big from 'big.js'
import { z } from 'zod'
import { BusinessError } from '#domain/errors.ts'
import type { FoundDocument, GoodsIssuePosting, PostingPlan, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { sending, writeIfUnchanged } from './send.ts'
import { date, Id, idOf, Move, Shipment } from './wire.ts'

const model = 'stock.shipment.out'
const fields = [
  '_timestamp',
  'state',
  'number',
  'reference',
  'warehouse_storage',
  'warehouse_output',
  'inventory_moves',
  'outgoing_moves',
]
const moveFields = ['state', 'quantity', 'product', 'origin']
const operationsDone = {
  draft: 0,
  waiting: 1,
  assigned: 2,
  picked: 3,
  packed: 4,
  shipped: 4,
  done: 5,
  cancelled: 0,
} as const

type FoundShipment = z.output<typeof Shipment>

/** A line of the sale that this shipment still delivers, with the move whose quantity a person would edit. */
interface DeliveryLine {
  readonly line: string
  readonly quantity: string
  /** The picking from storage, or the outgoing move where the warehouse has no picking. */
  readonly editableMove: number | undefined
  readonly editable: 'inventory_moves' | 'outgoing_moves'
}

/**
 * Brings a delivery to `done`. Tryton plans one shipment for what is open on a sale; the goods issue takes it over by
 * its reference, says what left, and walks it through the warehouse. What did not leave goes to the next shipment,
 * which Tryton makes when this one is done (trytond-sale, `ShipmentOut.do`).
 */
export function goodsIssuePlan(client: TrytonClient, posting: GoodsIssuePosting): PostingPlan {
  const current = async (signal?: AbortSignal) => (await find(client, posting, signal))[0]
  const step = (
    name: string,
    send: (shipment: FoundShipment, stamp: string | undefined, signal: AbortSignal) => Promise<SendOutcome>,
  ) => ({
    name,
    doubt: 'if-unchanged' as const,
    send: (stamp: string | undefined) =>
      sending(async () => {
        const signal = client.deadline()
        const shipment = await current(signal)
        return shipment === undefined ? refuseUnknown(client, posting, signal) : send(shipment, stamp, signal)
      }),
  })
  const button = (name: string, method: string) =>
    step(name, (shipment, stamp, signal) =>
      writeIfUnchanged(client, { model, id: shipment.id, stamp }, `model.${model}.${method}`, [[shipment.id]], {
        signal,
      }),
    )
  return {
    operations: [
      step('claim-delivery', (shipment, stamp, signal) => claim(client, posting, shipment, stamp, signal)),
      step('assign-delivery', (shipment, stamp, signal) => assign(client, shipment, stamp, signal)),
      button('pick-delivery', 'pick'),
      button('pack-delivery', 'pack'),
      button('finish-delivery', 'do'),
    ],
    find: async () => Promise.all((await find(client, posting)).map((shipment) => inspect(client, posting, shipment))),
  }
}

/** The shipments that bear our reference, or else the one that is still free to be taken over. */
async function find(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  signal?: AbortSignal,
): Promise<readonly FoundShipment[]> {
  const domain = [['moves.origin.sale', '=', Number(posting.salesOrderId), 'sale.line']]
  const shipments = await client.search(Shipment, model, domain, fields, signal)
  const ours = shipments.filter(({ reference }) => reference === posting.reference)
  if (ours.length > 0) return ours
  return shipments
    .filter(({ reference, state }) => !reference && (state === 'draft' || state === 'waiting'))
    .slice(0, 1)
}

async function claim(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  shipment: FoundShipment,
  stamp: string | undefined,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (shipment.state !== 'waiting') {
    throw refuse('DELIVERY_NOT_READY', `delivery ${shipment.number ?? shipment.id} is in state ${shipment.state}`)
  }
  const open = await deliveryLines(client, posting, shipment, signal)
  const { lines } = posting.goodsIssue
  for (const [index, { line, quantity }] of (lines ?? []).entries()) {
    const found = open.find((candidate) => candidate.line === line)
    if (found === undefined) {
      throw refuse('NOTHING_TO_DELIVER', `line ${line} has nothing left to deliver`, `lines[${index}].line`)
    }
    if (new Big(quantity).gt(found.quantity)) {
      const message = `line ${line}: ${quantity} left the warehouse, but only ${found.quantity} is still to be delivered`
      throw refuse('OVER_DELIVERY', message, `lines[${index}].quantity`)
    }
  }
  const changes = open.flatMap((line) => {
    const leaving = lines ? (lines.find((wanted) => wanted.line === line.line)?.quantity ?? '0') : line.quantity
    if (new Big(leaving).eq(line.quantity) || line.editableMove === undefined) return []
    return [['write', [line.editableMove], { quantity: Number(leaving) }]]
  })
  const values = {
    reference: posting.reference,
    effective_date: date(posting.goodsIssue.issuedOn),
    ...(changes.length > 0 && { [open[0]?.editable ?? 'inventory_moves']: changes }),
  }
  return writeIfUnchanged(client, { model, id: shipment.id, stamp }, `model.${model}.write`, [[shipment.id], values], {
    signal,
  })
}

/** Reserves the stock. Tryton answers nothing at all when there is too little: the shipment just stays where it is. */
async function assign(
  client: TrytonClient,
  shipment: FoundShipment,
  stamp: string | undefined,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const outcome = await writeIfUnchanged(
    client,
    { model, id: shipment.id, stamp },
    `model.${model}.assign_try`,
    [[shipment.id]],
    { signal },
  )
  if (outcome.kind !== 'answered') return outcome
  const [now] = await client.search(Shipment, model, [['id', '=', shipment.id]], fields, signal)
  if (now === undefined || now.state !== 'waiting') return outcome
  const moves = await client.records(Move, 'stock.move', now.inventory_moves, moveFields, signal)
  const short = moves.filter(({ state }) => state === 'draft' || state === 'staging').map(({ product }) => product)
  const Product = z.object({ id: Id, rec_name: z.string() })
  const products = await client.records(Product, 'product.product', [...new Set(short)], ['rec_name'], signal)
  const names = products.map(({ rec_name }) => rec_name).join(', ')
  throw refuse('OUT_OF_STOCK', `Tryton has too little on hand of ${names}`)
}

async function refuseUnknown(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const Sale = z.object({ id: Id, state: z.string() })
  const [sale] = await client.search(Sale, 'sale.sale', [['id', '=', Number(posting.salesOrderId)]], ['state'], signal)
  throw sale === undefined
    ? refuse('UNKNOWN_SALES_ORDER', `Tryton has no sales order ${posting.salesOrderId}`)
    : refuse('NOTHING_TO_DELIVER', `nothing is left to deliver on the sales order, which is in state ${sale.state}`)
}

async function inspect(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  shipment: FoundShipment,
): Promise<FoundDocument> {
  const lines = (await deliveryLines(client, posting, shipment)).filter(({ quantity }) => !new Big(quantity).eq(0))
  const ours = shipment.reference === posting.reference
  const wanted = posting.goodsIssue.lines ?? []
  const differences = [
    ...(shipment.state === 'cancelled' ? ['the delivery is cancelled'] : []),
    ...wanted.flatMap(({ line, quantity }) => {
      const is = lines.find((candidate) => candidate.line === line)?.quantity ?? '0'
      return new Big(is).eq(quantity) ? [] : [`line ${line}: quantity is ${is}, should be ${quantity}`]
    }),
    ...lines
      .filter(({ line }) => wanted.length > 0 && !wanted.some((candidate) => candidate.line === line))
      .map(({ line }) => `line ${line} did not leave the warehouse`),
  ]
  return {
    document: {
      id: String(shipment.id),
      number: shipment.number ?? undefined,
      lines: lines.map(({ line, quantity }) => ({ line, quantity })),
    },
    done: ours ? progress(shipment) : 0,
    ...(shipment._timestamp !== null && { stamp: shipment._timestamp }),
    // Before it is ours it says what could leave, not what did.
    differences: ours ? differences : [],
  }
}

/** A warehouse that sends from where it stores has no picking: assigned is as good as picked. */
function progress(shipment: FoundShipment): number {
  const picks = shipment.warehouse_storage !== shipment.warehouse_output
  return shipment.state === 'assigned' && !picks ? operationsDone.picked : operationsDone[shipment.state]
}

/** What this shipment delivers of each line, by the note that holds the order's own line number. */
async function deliveryLines(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  shipment: FoundShipment,
  signal?: AbortSignal,
): Promise<readonly DeliveryLine[]> {
  const Line = z.object({ id: Id, note: z.string().nullable() })
  const ids = [...shipment.outgoing_moves, ...shipment.inventory_moves]
  const moves = (await client.records(Move, 'stock.move', ids, moveFields, signal)).filter(
    ({ state }) => state !== 'cancelled',
  )
  const lines = await client.search(Line, 'sale.line', [['sale', '=', Number(posting.salesOrderId)]], ['note'], signal)
  const picking =
    shipment.warehouse_storage !== shipment.warehouse_output && ['waiting', 'assigned'].includes(shipment.state)
  return moves.flatMap((move) => {
    const saleLine = lines.find(({ id }) => id === idOf(move.origin, 'sale.line'))
    if (saleLine === undefined) return []
    const picked = moves.filter(({ origin }) => idOf(origin, 'stock.move') === move.id)
    const quantity = picking
      ? picked.reduce((total, one) => total.plus(one.quantity), new Big(0)).toFixed()
      : move.quantity
    const editableMove = picking ? picked[0]?.id : move.id
    const editable = picking ? ('inventory_moves' as const) : ('outgoing_moves' as const)
    return [{ line: saleLine.note ?? String(saleLine.id), quantity, editableMove, editable }]
  })
}

function refuse(code: string, message: string, field?: string): BusinessError {
  return new BusinessError({ code, message, field, owner: 'warehouse' }, { system: 'tryton' })
}
