import {
  applied,
  byId,
  type Desk,
  guardFollowing,
  type Ledger,
  type Quantity,
  refused,
  type SalesOrder,
} from '../ledger.ts'
import type { Reply, Write } from '../wire.ts'

/** Without lines all that is open leaves; with lines also what is not open any more, or was never so much. */
export function postGoodsIssue(desk: Desk, request: Write<'post-goods-issue'>): Reply {
  const { salesOrders, deliveries } = desk.ledger
  const salesOrder = byId(salesOrders, request.salesOrderId)
  const guarded = guardFollowing(desk, request, deliveries, salesOrder)
  if (guarded !== undefined) return guarded
  if (salesOrder.status === 'cancelled' || salesOrder.status === 'replaced') return refused('NOTHING_TO_DELIVER')
  if (!salesOrder.isConfirmed) return refused('NOT_CONFIRMED')
  const lines = request.lines ?? openLines(desk.ledger, salesOrder)
  if (lines.length === 0 || !areOn(salesOrder, lines)) return refused('NOTHING_TO_DELIVER')
  const delivery = { ...desk.newEntry(request.reference), salesOrderId: salesOrder.id, lines }
  deliveries.push(delivery)
  desk.ledger.underWay.delete(salesOrder.number)
  desk.touch(salesOrder)
  return applied(delivery)
}

/** Without lines everything comes back that is still out. */
export function postGoodsReturn(desk: Desk, request: Write<'post-goods-return'>): Reply {
  const { salesOrders, goodsReturns } = desk.ledger
  const salesOrder = byId(salesOrders, request.salesOrderId)
  const guarded = guardFollowing(desk, request, goodsReturns, salesOrder)
  if (guarded !== undefined) return guarded
  const out = linesOut(desk.ledger, salesOrder)
  const lines = request.lines ?? out
  if (lines.length === 0) return refused('NOTHING_TO_RETURN')
  if (!isWithin(lines, out)) return refused('RETURN_EXCEEDS_DELIVERY')
  const goodsReturn = { ...desk.newEntry(request.reference), salesOrderId: salesOrder.id, lines }
  goodsReturns.push(goodsReturn)
  desk.touch(salesOrder)
  return applied(goodsReturn)
}

/** Whether so much is there of each line, taking lines that are named twice together. */
export function isWithin(lines: readonly Quantity[], available: readonly Quantity[]): boolean {
  return lines.every(({ line }) => quantityOf(lines, line) <= quantityOf(available, line))
}

export function quantityOf(lines: readonly Quantity[], wanted: string): number {
  return lines.reduce((sum, { line, quantity }) => (line === wanted ? sum + quantity : sum), 0)
}

/** What the lines cost at the order's prices. */
export function centsOf({ lines: ordered }: SalesOrder, lines: readonly Quantity[]): number {
  return lines.reduce((sum, { line, quantity }) => {
    const price = ordered.find((one) => one.line === line)?.cents ?? 0
    return sum + quantity * price
  }, 0)
}

function openLines(ledger: Ledger, salesOrder: SalesOrder): Quantity[] {
  if (salesOrder.status !== 'open') return []
  const delivered = linesOf(ledger.deliveries, salesOrder)
  return less(salesOrder.lines, delivered)
}

function linesOut(ledger: Ledger, salesOrder: SalesOrder): Quantity[] {
  const delivered = linesOf(ledger.deliveries, salesOrder)
  const all = salesOrder.lines.map(({ line }) => ({ line, quantity: quantityOf(delivered, line) }))
  return less(all, linesOf(ledger.goodsReturns, salesOrder))
}

function less(lines: readonly Quantity[], minus: readonly Quantity[]): Quantity[] {
  return lines.flatMap(({ line, quantity }) => {
    const left = quantity - quantityOf(minus, line)
    return left > 0 ? [{ line, quantity: left }] : []
  })
}

function linesOf(
  documents: readonly { readonly salesOrderId: string; readonly lines: readonly Quantity[] }[],
  { id }: SalesOrder,
): Quantity[] {
  return documents.flatMap(({ salesOrderId, lines }) => (salesOrderId === id ? lines : []))
}

function areOn({ lines: ordered }: SalesOrder, lines: readonly Quantity[]): boolean {
  return lines.every(({ line }) => ordered.some((one) => one.line === line))
}
