import { applied, byId, type Desk, guardTransition, refused, type SalesOrder } from '../ledger.ts'
import type { Reply, Write } from '../wire.ts'

/** Says on a sales order which version is to replace it, so that an older version that comes late is refused. */
export function claimAmendment(desk: Desk, request: Write<'claim-amendment'>): Reply {
  const salesOrder = byId(desk.ledger.salesOrders, request.salesOrderId)
  const { reference, version } = request
  const guarded = guardTransition(desk, request, salesOrder)
  if (guarded !== undefined) return guarded
  if (hasLeft(desk, salesOrder)) return refused('GOODS_GONE')
  if (salesOrder.claims.some((claim) => claim.version > version)) return refused('NEWER_VERSION_POSTED')
  if (salesOrder.status !== 'open') return refused('SALES_ORDER_ENDED')
  salesOrder.claims.push({ version, reference })
  desk.touch(salesOrder)
  return applied(salesOrder)
}

/** Leaves nothing to deliver on a sales order that another one stands for now. */
export function withdrawSalesOrder(desk: Desk, request: Write<'withdraw-sales-order'>): Reply {
  const salesOrder = byId(desk.ledger.salesOrders, request.salesOrderId)
  const guarded = guardTransition(desk, request, salesOrder)
  if (guarded !== undefined) return guarded
  if (hasLeft(desk, salesOrder)) return refused('GOODS_GONE')
  return end(desk, salesOrder, 'replaced', request.reference)
}

/** Before anything has left, or short of what has not. */
export function endSalesOrder(
  desk: Desk,
  request: Write<'cancel-sales-order' | 'close-sales-order'>,
  status: 'cancelled' | 'closed',
): Reply {
  const salesOrder = byId(desk.ledger.salesOrders, request.salesOrderId)
  const guarded = guardTransition(desk, request, salesOrder)
  if (guarded !== undefined) return guarded
  if (status === 'cancelled' && hasLeft(desk, salesOrder)) return refused('GOODS_GONE')
  if (desk.ledger.underWay.has(salesOrder.number)) return refused('DELIVERY_UNDER_WAY')
  if (salesOrder.status === 'replaced') return refused('SALES_ORDER_ENDED')
  return end(desk, salesOrder, status, request.reference)
}

function end(desk: Desk, salesOrder: SalesOrder, status: SalesOrder['status'], reference: string): Reply {
  salesOrder.status = status
  salesOrder.endings.push(reference)
  desk.touch(salesOrder)
  return applied(salesOrder)
}

/** What a warehouse has begun to pick counts as gone, whatever comes back later. */
function hasLeft({ ledger }: Desk, { id, number }: SalesOrder): boolean {
  return ledger.underWay.has(number) || ledger.deliveries.some(({ salesOrderId }) => salesOrderId === id)
}
