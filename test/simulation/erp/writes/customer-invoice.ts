import { applied, byId, type Desk, guardFollowing, guardTransition } from '../ledger.ts'
import type { Reply, Write } from '../wire.ts'
import { centsOf } from './goods.ts'

export function createCustomerInvoice(desk: Desk, request: Write<'create-customer-invoice'>): Reply {
  const { salesOrders, deliveries, invoices } = desk.ledger
  const delivery = byId(deliveries, request.deliveryId)
  const guarded = guardFollowing(desk, request, invoices, delivery)
  if (guarded !== undefined) return guarded
  const { salesOrderId, id: deliveryId } = delivery
  const cents = centsOf(byId(salesOrders, salesOrderId), delivery.lines)
  const entry = desk.newEntry(request.reference)
  const invoice = { ...entry, salesOrderId, deliveryId, cents, isPosted: false, postedByHub: 0 }
  invoices.push(invoice)
  desk.touch(delivery)
  return applied(invoice)
}

export function postCustomerInvoice(desk: Desk, request: Write<'post-customer-invoice'>): Reply {
  const invoice = byId(desk.ledger.invoices, request.invoiceId)
  const guarded = guardTransition(desk, request, invoice)
  if (guarded !== undefined) return guarded
  invoice.isPosted = true
  invoice.postedByHub += 1
  desk.touch(invoice)
  return applied(invoice)
}
