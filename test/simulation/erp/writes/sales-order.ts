import { applied, byId, type Desk, guardCreation, guardTransition, refused } from '../ledger.ts'
import type { Reply, Write } from '../wire.ts'

export function createSalesOrder(desk: Desk, request: Write<'create-sales-order'>): Reply {
  const { salesOrders, dropsLine, sentLines } = desk.ledger
  const { reference, number, customer } = request
  const guarded = guardCreation(desk, request, salesOrders)
  if (guarded !== undefined) return guarded
  const isShortened = dropsLine.delete(number)
  if (isShortened) sentLines.set(number, request.lines)
  const lines = isShortened ? request.lines.slice(0, -1) : request.lines
  const isConfirmed = false
  const salesOrder = {
    ...{ ...desk.newEntry(reference), number, customer, lines, isConfirmed, confirmedByHub: 0 },
    ...{ status: 'open' as const, claims: [], endings: [] },
  }
  salesOrders.push(salesOrder)
  return applied(salesOrder)
}

export function confirmSalesOrder(desk: Desk, request: Write<'confirm-sales-order'>): Reply {
  const { salesOrders, overLimit } = desk.ledger
  const salesOrder = byId(salesOrders, request.salesOrderId)
  const guarded = guardTransition(desk, request, salesOrder)
  if (guarded !== undefined) return guarded
  if (salesOrder.status !== 'open') return refused('SALES_ORDER_ENDED')
  if (overLimit.has(salesOrder.number)) return refused('CREDIT_LIMIT')
  salesOrder.isConfirmed = true
  salesOrder.confirmedByHub += 1
  desk.touch(salesOrder)
  return applied(salesOrder)
}
