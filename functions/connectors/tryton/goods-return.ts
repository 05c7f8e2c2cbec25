import Big from 'big.js'
import * as z from 'zod'
import type { FoundDocument, GoodsReturnPosting, PostingPlan, SendOutcome } from '../port.ts'
import { type TrytonClient, written } from './client.ts'
import { processSales } from './lost-tasks.ts'
import { backSaleWire, type OrderLine, readOriginal, refuse } from './original.ts'
import { type FoundSale, findSales, operationsDone, processingSteps, saleModel } from './sale.ts'
import { press, sending, stepsOn } from './send.ts'
import type { Settings } from './settings.ts'
import { date, decimal, Id, Ids, Quantity, recordId } from './wire.ts'

const model = 'stock.shipment.out.return'
const ReturnShipment = z.object({
  id: Id,
  _timestamp: z.string().nullable(),
  state: z.enum(['draft', 'received', 'done', 'cancelled']),
  number: z.string().nullable(),
  reference: z.string().nullable(),
})
const shipmentFields = ['_timestamp', 'state', 'number', 'reference']
const ReturnLine = z.object({ id: Id, note: z.string().nullable(), quantity: Quantity, invoice_lines: Ids })
const shipmentDone = { draft: 0, received: 2, done: 3, cancelled: 0 } as const

/**
 * Takes goods back into stock, as Tryton's own return does: by a sale of negative quantities whose origin is the sales
 * order (`sale.return_sale`), and its return shipment. Our reference is the sale's natural key. When the goods are back,
 * Tryton drafts the credit note.
 */
export function goodsReturnPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: GoodsReturnPosting,
): PostingPlan {
  const search = (signal?: AbortSignal) => findSales(client, settings, posting.reference, signal)
  const step = stepsOn(
    client,
    async (signal) => shipmentsOf(client, await search(signal), signal),
    () => ({ kind: 'changed' }),
  )
  const button = (name: string, method: string, values: readonly unknown[] = []) =>
    step(name, ({ id }, stamp, signal) => press(client, { model, id, stamp }, method, signal, values))
  const head = { reference: posting.reference, effective_date: date(posting.returnedOn) }
  return {
    operations: [
      {
        name: 'create-goods-return',
        doubt: 'natural-key',
        send: () => sending(() => create(client, settings, posting)),
      },
      ...processingSteps(client, search),
      button('claim-goods-return', 'write', [head]),
      button('receive-goods-return', 'receive'),
      button('finish-goods-return', 'do'),
      processSales(client, 'process-goods-return', async (signal) => (await search(signal)).map(({ id }) => id)),
    ],
    find: async () => Promise.all((await search()).map((sale) => inspect(client, posting, sale))),
  }
}

async function create(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: GoodsReturnPosting,
): Promise<SendOutcome> {
  const signal = client.deadline()
  const { shop } = await settings()
  const { reference, returnNumber, returnedOn } = posting
  const original = await readOriginal(client, recordId(posting.salesOrderId), reference, signal)
  const lines = returning(posting, original.orderLines)
  const text = `return ${returnNumber} of ${original.reference ?? original.id}`
  const sale = {
    ...backSaleWire(original, shop, { reference, text, on: returnedOn }),
    lines: [['create', lines.map(({ line, quantity }, index) => lineWire(line, quantity, index + 1))]],
  }
  return written(await client.write(`model.${saleModel}.create`, [[sale]], { signal }))
}

function lineWire(line: OrderLine, quantity: string, sequence: number) {
  return {
    type: 'line',
    sequence,
    product: line.product,
    quantity: -Number(quantity),
    unit: line.unit,
    unit_price: decimal(line.unitPrice),
    note: line.key,
    ...(line.description && { description: line.description }),
    ...(line.taxes.length > 0 && { taxes: [['add', line.taxes]] }),
  }
}

/** What comes back by line: what the posting says, or everything that was delivered and is not back yet. */
function returning({ lines }: GoodsReturnPosting, ordered: readonly OrderLine[]) {
  const out = (line: OrderLine) => new Big(line.delivered).minus(line.returned)
  const all = ordered.filter((line) => out(line).gt(0)).map((line) => ({ line, quantity: out(line).toFixed() }))
  if (lines === undefined && all.length === 0)
    throw refuse('NOTHING_TO_RETURN', 'nothing that was delivered is still out')
  if (lines === undefined) return all
  return lines.map(({ line: key, quantity }, index) => {
    const line = ordered.find((candidate) => candidate.key === key)
    if (line !== undefined && out(line).gte(quantity)) return { line, quantity }
    const left = line === undefined ? 'nothing' : out(line).toFixed()
    const message = `line ${key}: ${quantity} came back, but ${left} of it is with the customer`
    throw refuse('RETURN_EXCEEDS_DELIVERY', message, `lines[${index}].quantity`, 'warehouse')
  })
}

function shipmentsOf(client: TrytonClient, sales: readonly FoundSale[], signal?: AbortSignal) {
  const domain = [['moves.origin.sale', 'in', sales.map(({ id }) => id), 'sale.line']]
  return client.search(ReturnShipment, model, domain, shipmentFields, signal)
}

async function inspect(client: TrytonClient, posting: GoodsReturnPosting, sale: FoundSale): Promise<FoundDocument> {
  const lines = await client.records(ReturnLine, 'sale.line', sale.lines, ['note', 'quantity', 'invoice_lines'])
  const [shipment, second] = await shipmentsOf(client, [sale])
  const back = lines.map(({ id, note, quantity }) => ({
    line: note ?? String(id),
    quantity: new Big(quantity).times(-1).toFixed(),
  }))
  const stamp = (operationsDone[sale.state] === 4 && shipment ? shipment : sale)._timestamp
  const credited = lines.every(({ invoice_lines }) => invoice_lines.length > 0)
  return {
    document: { id: String(sale.id), number: shipment?.number ?? sale.number ?? undefined, lines: back },
    done: operationsDone[sale.state] + (shipment === undefined ? 0 : progress(shipment, posting, credited)),
    ...(stamp !== null && { stamp }),
    differences: [
      ...(sale.state === 'cancelled' || shipment?.state === 'cancelled' ? ['the return is cancelled'] : []),
      ...(second === undefined ? [] : ['the return has more than one shipment']),
      ...(posting.lines ?? []).flatMap(({ line, quantity }) => {
        const is = back.find((one) => one.line === line)?.quantity ?? '0'
        return new Big(is).eq(quantity) ? [] : [`line ${line}: quantity is ${is}, should be ${quantity}`]
      }),
    ],
  }
}

function progress(
  shipment: z.output<typeof ReturnShipment>,
  { reference }: GoodsReturnPosting,
  isCredited: boolean,
): number {
  if (shipment.state === 'draft') return shipment.reference === reference ? 1 : 0
  return shipmentDone[shipment.state] + (shipment.state === 'done' && isCredited ? 1 : 0)
}
