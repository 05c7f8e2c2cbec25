import Big from 'big.js'
import * as z from 'zod'
import { sum } from '#domain/money.ts'
import type { FoundDocument, PostingPlan } from '../port.ts'
import type { SupplierReturnPosting } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import { lineDifferences } from './goods-receipt.ts'
import { filling, onStamped, opening } from './opened-empty.ts'
import {
  type FoundPurchase,
  findPurchases,
  openedPurchase,
  processingPurchase,
  purchaseDone,
  purchaseModel,
  purchaseSteps,
  refusePurchase,
} from './purchase.ts'
import { processPurchases } from './purchase-lost-tasks.ts'
import { checkUnderWay, type Purchased, type PurchasedLine, readPurchased } from './purchased.ts'
import { sending, stampOf } from './send.ts'
import { date, decimal, Id, Quantity, recordId, Stamped } from './wire.ts'

export const returnModel = 'stock.shipment.in.return'
const Shipment = Stamped.extend({
  state: z.enum(['draft', 'waiting', 'assigned', 'done', 'cancelled']),
  number: z.string().nullable(),
  reference: z.string().nullable(),
})
const Back = z.object({ id: Id, note: z.string().nullable(), quantity: Quantity })

/**
 * Sends goods back, as Tryton's own return does: by a purchase of negative quantities whose origin is the purchase order
 * (`purchase.return_purchase`), and its return shipment. Its credit note is booked when the supplier sends it.
 */
export function supplierReturnPlan(client: TrytonClient, posting: SupplierReturnPosting): PostingPlan {
  const { reference } = posting
  const opened = openedPurchase(reference)
  const purchaseId = recordId(posting.purchaseOrderId)
  const original = (signal: AbortSignal) => readPurchased(client, purchaseId, signal)
  const own = async (signal?: AbortSignal) => (await findPurchases(client, reference, signal)).map(({ id }) => id)
  const assign = onStamped(client, 'assign-supplier-return', returnModel, 'assign_try')
  return {
    operations: [
      opening(client, 'open-supplier-return', opened, async (signal) => {
        const purchased = await original(signal)
        await returning(client, posting, purchased, signal)
        return head(posting, purchased)
      }),
      filling(client, 'fill-supplier-return', opened, async (signal) => {
        const lines = await returning(client, posting, await original(signal), signal)
        return { lines: [['create', lines.map(({ line, quantity }, index) => lineWire(line, quantity, index + 1))]] }
      }),
      ...processingPurchase(client, 'supplier-return'),
      onStamped(client, 'claim-supplier-return', returnModel, 'write', async () => [
        { reference, effective_date: date(posting.returnedOn) },
      ]),
      {
        ...assign,
        send: (stamp) => sending(async () => checkAssigned(client, await assign.send(stamp), await own())),
      },
      onStamped(client, 'finish-supplier-return', returnModel, 'do'),
      processPurchases(client, 'process-purchase-order', own),
    ],
    find: async () => {
      const purchases = await findPurchases(client, reference)
      return Promise.all(purchases.map((purchase) => inspect(client, posting, purchase)))
    },
  }
}

function head({ reference, returnNumber, returnedOn }: SupplierReturnPosting, purchased: Purchased) {
  checkUnderWay(purchased)
  return {
    reference,
    origin: `${purchaseModel},${purchased.id}`,
    description: `return ${returnNumber} of ${purchased.description ?? purchased.number ?? purchased.id}`,
    purchase_date: date(returnedOn),
    party: purchased.party,
    invoice_address: purchased.invoice_address,
    payment_term: purchased.payment_term,
    currency: purchased.currency,
    warehouse: purchased.warehouse,
    invoice_method: 'manual',
  }
}

function lineWire(line: PurchasedLine, quantity: string, sequence: number) {
  return {
    type: 'line',
    sequence,
    product: line.product,
    unit: line.unit,
    quantity: -Number(quantity),
    unit_price: decimal(line.unit_price ?? '0'),
    note: line.key,
    ...(line.description && { description: line.description }),
    ...(line.taxes.length > 0 && { taxes: [['add', line.taxes]] }),
  }
}

/** What goes back by line: what the posting says, or everything that arrived and is not on another return. */
async function returning(
  client: TrytonClient,
  { lines, reference }: SupplierReturnPosting,
  purchased: Purchased,
  signal: AbortSignal,
) {
  const domain = [
    ['purchase.origin', '=', `${purchaseModel},${purchased.id}`],
    ['purchase.state', '!=', 'cancelled'],
    ['purchase.reference', '!=', reference],
  ]
  const others = await client.search(Back, 'purchase.line', domain, ['note', 'quantity'], signal)
  const here = (line: PurchasedLine) => {
    const arrived = line.moves.filter(({ state }) => state === 'done').map(({ quantity }) => quantity)
    const gone = others.filter(({ note }) => note === line.key).map(({ quantity }) => quantity)
    return sum([...arrived, ...gone])
  }
  const all = purchased.lines
    .filter((line) => here(line).gt(0))
    .map((line) => ({ line, quantity: here(line).toFixed() }))
  if (lines === undefined && all.length === 0) {
    throw refusePurchase('NOTHING_TO_RETURN', 'nothing that arrived is still here', undefined, 'warehouse')
  }
  if (lines === undefined) return all
  return lines.map(({ line: key, quantity }, index) => {
    const line = purchased.lines.find((candidate) => candidate.key === key)
    if (line !== undefined && here(line).gte(quantity)) return { line, quantity }
    const left = line === undefined ? 'nothing' : here(line).toFixed()
    const message = `line ${key}: ${quantity} went back, but ${left} of it had arrived and was still here`
    throw refusePurchase('RETURN_EXCEEDS_RECEIPT', message, `lines[${index}].quantity`, 'warehouse')
  })
}

/** Tryton answers nothing at all when there is too little: the shipment just stays where it is. */
async function checkAssigned(
  client: TrytonClient,
  outcome: Awaited<ReturnType<ReturnType<typeof onStamped>['send']>>,
  purchases: readonly number[],
) {
  if (outcome.kind !== 'answered') return outcome
  const [shipment] = await shipmentsOf(client, purchases)
  if (shipment?.state !== 'waiting') return outcome
  const message = 'Tryton has too little on hand of what goes back'
  throw refusePurchase('OUT_OF_STOCK', message, undefined, 'warehouse')
}

function shipmentsOf(client: TrytonClient, purchases: readonly number[]) {
  const domain = [['moves.origin.purchase', 'in', purchases, 'purchase.line']]
  return client.search(Shipment, returnModel, domain, ['_timestamp', 'state', 'number', 'reference'])
}

async function inspect(
  client: TrytonClient,
  { reference, lines: wanted }: SupplierReturnPosting,
  purchase: FoundPurchase,
): Promise<FoundDocument> {
  const lines = await client.records(Back, 'purchase.line', purchase.lines, ['note', 'quantity'])
  const [shipment, second] = await shipmentsOf(client, [purchase.id])
  const back = lines.map(({ id, note, quantity }) => ({
    line: note ?? String(id),
    quantity: new Big(quantity).times(-1).toFixed(),
  }))
  const created = purchaseDone(purchase)
  const isShipped = created === purchaseSteps && shipment !== undefined
  const isEmpty = lines.length === 0
  return {
    document: { id: String(purchase.id), number: shipment?.number ?? purchase.number ?? undefined, lines: back },
    done: created + (isShipped ? await progress(client, shipment, reference, purchase.id) : 0),
    stamp: stampOf([isShipped ? shipment : purchase]),
    differences: [
      ...(purchase.state === 'cancelled' || shipment?.state === 'cancelled' ? ['the return is cancelled'] : []),
      ...(second === undefined ? [] : ['the return has more than one shipment']),
      ...(isEmpty || wanted === undefined ? [] : lineDifferences(wanted, back)),
    ],
  }
}

async function progress(
  client: TrytonClient,
  shipment: z.output<typeof Shipment>,
  reference: string,
  purchaseId: number,
): Promise<number> {
  if (shipment.state === 'done') {
    const { shipment_state } = await readPurchased(client, purchaseId)
    return shipment_state === 'received' ? 4 : 3
  }
  if (shipment.state === 'assigned') return 2
  return shipment.reference === reference ? 1 : 0
}
