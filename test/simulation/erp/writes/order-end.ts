import { applied, byId, type Desk, guardTransition, type Order, refused } from '../ledger.ts'
import type { Reply } from '../wire.ts'
import type { Side } from './side.ts'

type Sent = { readonly reference: string; readonly stamp?: string | undefined }

/** Says on an order which version is to replace it, so that an older version that comes late is refused. */
export function claimAmendment(desk: Desk, side: Side, id: string, request: Sent & { readonly version: number }) {
  const order = byId(side.orders, id)
  const { reference, version } = request
  const guarded = guardTransition(desk, request, order) ?? refuseMoved(desk, side, order)
  if (guarded !== undefined) return guarded
  if (order.claims.some((claim) => claim.version > version)) return refused('NEWER_VERSION_POSTED', side.owner)
  if (order.status !== 'open') return side.says.ended
  order.claims.push({ version, reference })
  desk.touch(order)
  return applied(order)
}

/** Leaves nothing to move for an order that another one stands for now. */
export function withdrawOrder(desk: Desk, side: Side, id: string, request: Sent): Reply {
  const order = byId(side.orders, id)
  const guarded = guardTransition(desk, request, order) ?? refuseMoved(desk, side, order)
  return guarded ?? end(desk, order, 'replaced', request.reference)
}

/** Before anything has moved, or short of what has not. */
export function endOrder(desk: Desk, side: Side, id: string, request: Sent, status: 'cancelled' | 'closed'): Reply {
  const order = byId(side.orders, id)
  const guarded = guardTransition(desk, request, order)
  if (guarded !== undefined) return guarded
  const moved = status === 'cancelled' ? refuseMoved(desk, side, order) : undefined
  if (moved !== undefined) return moved
  if (desk.ledger.underWay.has(order.number)) return side.says.underWay
  return order.status === 'replaced' ? side.says.ended : end(desk, order, status, request.reference)
}

function end(desk: Desk, order: Order, status: Order['status'], reference: string): Reply {
  order.status = status
  order.endings.push(reference)
  desk.touch(order)
  return applied(order)
}

/** What a warehouse has begun counts as moved, whatever comes back later. */
function refuseMoved({ ledger }: Desk, { moved, says }: Side, order: Order): Reply | undefined {
  if (moved.of(order).length > 0) return says.moved
  return ledger.underWay.has(order.number) ? says.begun : undefined
}
