import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import type { GoodsIssuePosting, SendOutcome } from '../port.ts'
import { isEnded } from './claim.ts'
import { type TrytonClient, written } from './client.ts'
import { type FoundShipment, shipmentModel } from './delivery.ts'
import { AnyRecord, Decimal, decimal, Id, recordId } from './wire.ts'

const OrderedLine = z.object({
  id: Id,
  note: z.string().nullable(),
  product: Id.nullable(),
  unit: Id.nullable(),
  unit_price: Decimal.nullable(),
})
const OrderedSale = z.object({ id: Id, state: z.string(), currency: Id, comment: z.string().nullable() })
const headFields = ['customer', 'delivery_address', 'warehouse', 'warehouse_storage', 'warehouse_output']
const Head = z.object({
  id: Id,
  customer: Id,
  delivery_address: Id.nullable(),
  warehouse: Id,
  warehouse_storage: Id,
  warehouse_output: Id,
})

/**
 * Opens a delivery where the sales order has none any more, like its last one. It is empty, so that a second one after a
 * lost answer delivers nothing; the claim fills one.
 */
export async function openDelivery(client: TrytonClient, posting: GoodsIssuePosting): Promise<SendOutcome> {
  const signal = client.deadline()
  const { salesOrderId, reference, goodsIssue } = posting
  const opened = await client.search(AnyRecord, shipmentModel, [['reference', '=', reference]], [], signal)
  if (opened.length > 0) return { kind: 'exists' }
  const domain = [['moves.origin.sale', '=', recordId(salesOrderId), 'sale.line']]
  const last = (await client.search(Head, shipmentModel, domain, headFields, signal)).at(-1)
  const surplus = goodsIssue.lines ?? []
  if (last === undefined || surplus.length === 0) throw await nothingToDeliver(client, posting, signal)
  await orderedLines(client, posting, surplus, signal)
  const { id: _id, ...head } = last
  return written(await client.write(`model.${shipmentModel}.create`, [[{ ...head, reference }]], { signal }))
}

/** The moves of lines that leave although nothing of them is planned any more, at the order's price. */
export async function surplusMoves(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  shipment: FoundShipment,
  surplus: readonly { readonly line: string; readonly quantity: string }[],
  signal: AbortSignal,
) {
  const { sale, lines } = await orderedLines(client, posting, surplus, signal)
  const Location = z.object({ id: Id, customer_location: Id })
  const [place] = await client.records(Location, shipmentModel, [shipment.id], ['customer_location'], signal)
  return lines.map(({ line, quantity }) => ({
    origin: `sale.line,${line.id}`,
    product: line.product,
    unit: line.unit,
    quantity: Number(quantity),
    unit_price: decimal(line.unit_price ?? '0'),
    currency: sale.currency,
    from_location: shipment.warehouse_output,
    to_location: place?.customer_location ?? null,
  }))
}

async function orderedLines(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  surplus: readonly { readonly line: string; readonly quantity: string }[],
  signal: AbortSignal,
) {
  const saleId = recordId(posting.salesOrderId)
  const fields = ['state', 'currency', 'comment']
  const [sale] = await client.search(OrderedSale, 'sale.sale', [['id', '=', saleId]], fields, signal)
  if (sale === undefined || isEnded(sale.comment)) throw await nothingToDeliver(client, posting, signal)
  const lineFields = ['note', 'product', 'unit', 'unit_price']
  const ordered = await client.search(OrderedLine, 'sale.line', [['sale', '=', saleId]], lineFields, signal)
  const lines = surplus.map(({ line: key, quantity }) => {
    const line = ordered.find(({ note }) => note === key)
    if (line !== undefined) return { line, quantity }
    const index = posting.goodsIssue.lines?.findIndex((one) => one.line === key) ?? 0
    throw refuse('NOTHING_TO_DELIVER', `line ${key} is not on the sales order`, `lines[${index}].line`)
  })
  return { sale, lines }
}

export async function nothingToDeliver(
  client: TrytonClient,
  posting: GoodsIssuePosting,
  signal: AbortSignal,
): Promise<BusinessError> {
  const Sale = z.object({ id: Id, state: z.string() })
  const domain = [['id', '=', recordId(posting.salesOrderId)]]
  const [sale] = await client.search(Sale, 'sale.sale', domain, ['state'], signal)
  return sale === undefined
    ? refuse('UNKNOWN_SALES_ORDER', `Tryton has no sales order ${posting.salesOrderId}`)
    : refuse('NOTHING_TO_DELIVER', `nothing is left to deliver on the sales order, which is in state ${sale.state}`)
}

function refuse(code: string, message: string, field?: string): BusinessError {
  return new BusinessError({ code, message, field, owner: 'warehouse' }, { system: 'tryton' })
}
