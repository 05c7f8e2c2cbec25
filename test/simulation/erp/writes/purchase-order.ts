import { applied, byId, type Desk, guardCreation, guardTransition } from '../ledger.ts'
import type { Reply, Write } from '../wire.ts'
import { buying } from './side.ts'

export function createPurchaseOrder(desk: Desk, request: Write<'create-purchase-order'>): Reply {
  const { purchaseOrders, dropsLine, sentPurchaseLines } = desk.ledger
  const { reference, number, supplier, currency } = request
  const guarded = guardCreation(desk, request, purchaseOrders)
  if (guarded !== undefined) return guarded
  const isShortened = dropsLine.delete(number)
  if (isShortened) sentPurchaseLines.set(number, request.lines)
  const lines = isShortened ? request.lines.slice(0, -1) : request.lines
  const purchaseOrder = {
    ...{ ...desk.newEntry(reference), number, supplier, currency, lines, isConfirmed: false, confirmedByHub: 0 },
    ...{ status: 'open' as const, claims: [], endings: [] },
  }
  purchaseOrders.push(purchaseOrder)
  return applied(purchaseOrder)
}

export function confirmPurchaseOrder(desk: Desk, request: Write<'confirm-purchase-order'>): Reply {
  const purchaseOrder = byId(desk.ledger.purchaseOrders, request.purchaseOrderId)
  const guarded = guardTransition(desk, request, purchaseOrder)
  if (guarded !== undefined) return guarded
  if (purchaseOrder.status !== 'open') return buying(desk.ledger).says.ended
  purchaseOrder.isConfirmed = true
  purchaseOrder.confirmedByHub += 1
  desk.touch(purchaseOrder)
  return applied(purchaseOrder)
}
