import Big from 'big.js'
import * as z from 'zod'
import type { FoundDocument, PostingPlan } from '../port.ts'
import type { GoodsReceiptPosting } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import { chosen, dropSurplus, type OpenedEmpty, onStamped, opening, unlessFilled } from './opened-empty.ts'
import { refusePurchase } from './purchase.ts'
import { isProcessed, processPurchases } from './purchase-lost-tasks.ts'
import { checkUnderWay, type Purchased, type PurchasedLine, readPurchased } from './purchased.ts'
import { recordsOf, sending, stampOf, writeIfAllUnchanged } from './send.ts'
import { date, decimal, Id, Ids, idOf, Move, moveFields, recordId, Stamped } from './wire.ts'

export const receiptModel = 'stock.shipment.in'
const Receipt = Stamped.extend({
  state: z.enum(['draft', 'received', 'done', 'cancelled']),
  number: z.string().nullable(),
  incoming_moves: Ids,
})
const fields = ['_timestamp', 'state', 'number', 'incoming_moves']
const done = { draft: 2, received: 3, done: 4, cancelled: 0 } as const

/**
 * Brings a goods receipt to `done`: a supplier shipment of its own, found by our reference. It takes over what the
 * purchase plans to arrive, with the quantities that were counted, and Tryton plans anew what is still missing.
 */
export function goodsReceiptPlan(client: TrytonClient, posting: GoodsReceiptPosting): PostingPlan {
  const purchaseId = recordId(posting.purchaseOrderId)
  const opened: OpenedEmpty = {
    model: receiptModel,
    domain: [['reference', '=', posting.reference]],
    lines: 'moves',
  }
  return {
    operations: [
      opening(client, 'open-goods-receipt', opened, (signal) => head(client, posting, signal)),
      {
        name: 'fill-goods-receipt',
        doubt: 'if-unchanged',
        send: (stamp) => sending(() => unlessFilled(client, opened, stamp, () => fill(client, posting, opened, stamp))),
      },
      onStamped(client, 'receive-goods-receipt', receiptModel, 'receive'),
      onStamped(client, 'finish-goods-receipt', receiptModel, 'do'),
      processPurchases(client, 'process-purchase-order', async () => [purchaseId]),
    ],
    find: async () => {
      const receipts = await client.search(Receipt, receiptModel, opened.domain, fields)
      const isEmpty = ({ incoming_moves }: (typeof receipts)[number]) => incoming_moves.length === 0
      const found = chosen(
        receipts.filter((one) => one.state !== 'cancelled' || !isEmpty(one)),
        isEmpty,
      )
      if (found.length === 0) return []
      const purchased = await readPurchased(client, purchaseId)
      return Promise.all(found.map((receipt) => inspect(client, posting, purchased, receipt)))
    },
  }
}

async function head(client: TrytonClient, posting: GoodsReceiptPosting, signal: AbortSignal) {
  const purchased = await readPurchased(client, recordId(posting.purchaseOrderId), signal)
  arriving(posting, purchased)
  const Warehouse = z.object({ id: Id, input_location: Id, storage_location: Id })
  const domain = [['id', '=', purchased.warehouse]]
  const places = ['input_location', 'storage_location']
  const [warehouse] = await client.search(Warehouse, 'stock.location', domain, places, signal)
  if (warehouse === undefined) {
    throw refusePurchase('ERP_NOT_SET_UP', 'Tryton has no warehouse on the purchase order', undefined, 'integration')
  }
  return {
    supplier: purchased.party,
    warehouse: warehouse.id,
    warehouse_input: warehouse.input_location,
    warehouse_storage: warehouse.storage_location,
    reference: posting.reference,
    effective_date: date(posting.receivedOn),
  }
}

/** What arrives of each line; more than is ordered, too. */
function arriving({ lines }: GoodsReceiptPosting, purchased: Purchased) {
  checkUnderWay(purchased)
  const open = purchased.lines.flatMap((line) =>
    planned(line)
      .slice(0, 1)
      .map(({ quantity }) => ({ line, quantity })),
  )
  if (lines === undefined && open.length === 0) {
    throw refusePurchase(
      'NOTHING_TO_RECEIVE',
      'nothing of the purchase order is still to arrive',
      undefined,
      'warehouse',
    )
  }
  if (lines === undefined) return open
  return lines.map(({ line: key, quantity }, index) => {
    const line = purchased.lines.find((one) => one.key === key && one.movable)
    if (line !== undefined) return { line, quantity }
    const message = `line ${key} is not on the purchase order, or is nothing that arrives`
    throw refusePurchase('NOTHING_TO_RECEIVE', message, `lines[${index}].line`, 'warehouse')
  })
}

/** Moves that no shipment has taken yet. */
function planned({ moves }: PurchasedLine) {
  return moves.filter(({ state, shipment }) => state === 'draft' && shipment === null)
}

async function fill(
  client: TrytonClient,
  posting: GoodsReceiptPosting,
  opened: OpenedEmpty,
  stamp: string | undefined,
) {
  const signal = client.deadline()
  const [record] = recordsOf(receiptModel, stamp)
  if (record === undefined) return { kind: 'changed' } as const
  const purchased = await readPurchased(client, recordId(posting.purchaseOrderId), signal)
  const lines = arriving(posting, purchased).map((one) => ({ ...one, move: planned(one.line)[0] }))
  const ids = lines.flatMap(({ move }) => move?.id ?? [])
  const stamps = await client.records(Stamped, 'stock.move', ids, ['_timestamp'], signal)
  const extra = lines.flatMap(({ line, quantity, move }) => (move ? [] : [moveWire(purchased, line, quantity)]))
  const counted = lines.flatMap(({ quantity, move }) =>
    move === undefined || new Big(move.quantity).eq(quantity)
      ? []
      : [['write', [move.id], { quantity: Number(quantity) }]],
  )
  const moves = [
    ...(ids.length > 0 ? [['add', ids]] : []),
    ...counted,
    ...(extra.length > 0 ? [['create', extra]] : []),
  ]
  await dropSurplus(client, opened, record.id, signal)
  // The moves bear stamps as well: one that another receipt has taken in the meantime stays where it is.
  const records = [record, ...recordsOf('stock.move', stampOf(stamps))]
  const params = [[record.id], { incoming_moves: moves }]
  return writeIfAllUnchanged(client, records, `model.${receiptModel}.write`, params, { signal })
}

function moveWire({ currency }: Purchased, line: PurchasedLine, quantity: string) {
  return {
    origin: `purchase.line,${line.id}`,
    product: line.product,
    unit: line.unit,
    quantity: Number(quantity),
    unit_price: decimal(line.unit_price ?? '0'),
    currency,
    from_location: line.from_location,
    to_location: line.to_location,
  }
}

async function inspect(
  client: TrytonClient,
  posting: GoodsReceiptPosting,
  purchased: Purchased,
  receipt: z.output<typeof Receipt>,
): Promise<FoundDocument> {
  const all = await client.records(Move, 'stock.move', receipt.incoming_moves, moveFields)
  const arrived = all
    .filter(({ state }) => state !== 'cancelled')
    .map(({ origin, quantity }) => {
      const line = purchased.lines.find(({ id }) => id === idOf(origin, 'purchase.line'))
      return { line: line?.key ?? '(another order)', quantity }
    })
  const wanted = posting.lines ?? arrived
  const isEmpty = receipt.incoming_moves.length === 0
  const isComplete = receipt.state === 'done' && isProcessed(purchased)
  return {
    document: { id: String(receipt.id), number: receipt.number ?? undefined, lines: arrived },
    done: isEmpty && receipt.state === 'draft' ? 1 : done[receipt.state] + (isComplete ? 1 : 0),
    stamp: stampOf([receipt]),
    differences: [
      ...(receipt.state === 'cancelled' ? ['the goods receipt is cancelled'] : []),
      ...(isEmpty ? [] : lineDifferences(wanted, arrived)),
    ],
  }
}

/** Where the quantities of two documents by line are not the same. */
export function lineDifferences(
  wanted: readonly { readonly line: string; readonly quantity: string }[],
  is: readonly { readonly line: string; readonly quantity: string }[],
): readonly string[] {
  const of = (lines: typeof is, key: string) => lines.find(({ line }) => line === key)?.quantity ?? '0'
  return [...new Set([...wanted, ...is].map(({ line }) => line))].flatMap((line) =>
    new Big(of(is, line)).eq(of(wanted, line))
      ? []
      : [`line ${line}: quantity is ${of(is, line)}, should be ${of(wanted, line)}`],
  )
}
