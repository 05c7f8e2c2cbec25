import {
  applied,
  byId,
  type Desk,
  guardFollowing,
  guardTransition,
  type PurchaseOrder,
  refused,
  type SupplierBill,
} from '../ledger.ts'
import type { Reply, Write } from '../wire.ts'
import { openCents } from './payment.ts'

type Billed = Omit<Write<'create-supplier-invoice'>, 'operation'>

/** A supplier's number is taken once, by an invoice or a credit note; a draft has it already. */
export function createSupplierBill(desk: Desk, request: Billed, kind: SupplierBill['kind']): Reply {
  const { purchaseOrders, supplierBills } = desk.ledger
  const order = byId(purchaseOrders, request.purchaseOrderId)
  const guarded = guardFollowing(desk, request, supplierBills, order)
  if (guarded !== undefined) return guarded
  const { reference, number, currency } = request
  if (currency !== order.currency) return refused('CURRENCY_DIFFERS', 'finance')
  const isOrdered = ({ line }: Billed['lines'][number]) => order.lines.some((one) => one.line === line)
  if (!request.lines.every((line) => line.line === undefined || isOrdered(line))) {
    return refused('NOTHING_TO_BILL', 'purchasing')
  }
  const isSameNumber = (one: SupplierBill) =>
    one.number === number && byId(purchaseOrders, one.purchaseOrderId).supplier === order.supplier
  if (supplierBills.some((one) => one.reference !== reference && isSameNumber(one))) {
    return refused('DUPLICATE_SUPPLIER_INVOICE', 'finance')
  }
  const tax = taxOf(request, order)
  const { taxCents = tax } = request
  // Suppliers round each line, or the other way.
  if (Math.abs(taxCents - tax) > request.lines.length) return refused('TAX_DIFFERS', 'finance')
  const bill: SupplierBill = {
    ...desk.newEntry(reference),
    ...{ kind, purchaseOrderId: order.id, number, isPosted: false, postedByHub: 0 },
    cents: request.lines.reduce((sum, { cents }) => sum + cents, taxCents),
    lines: request.lines.flatMap(({ line, quantity }) => (line && quantity ? [{ line, quantity }] : [])),
  }
  supplierBills.push(bill)
  desk.touch(order)
  return applied(bill)
}

/** Each rate is rounded once. */
function taxOf({ lines }: Billed, { lines: ordered }: PurchaseOrder): number {
  const nets = new Map<number, number>()
  for (const { line, cents, taxRate = ordered.find((one) => one.line === line)?.taxRate ?? 0 } of lines) {
    nets.set(taxRate, (nets.get(taxRate) ?? 0) + cents)
  }
  return [...nets].reduce((sum, [rate, net]) => sum + Math.round((net * rate) / 100), 0)
}

export function postSupplierBill(
  desk: Desk,
  request: { billId: string; stamp?: string | undefined; reference: string },
) {
  const bill = byId(desk.ledger.supplierBills, request.billId)
  const guarded = guardTransition(desk, request, bill)
  if (guarded !== undefined) return guarded
  bill.isPosted = true
  bill.postedByHub += 1
  desk.touch(bill)
  return applied(bill)
}

/** Never more than the bill is still over. */
export function paySupplier(desk: Desk, request: Write<'pay-supplier'>): Reply {
  const { supplierBills, supplierPayments } = desk.ledger
  const { reference, invoiceId, over, cents } = request
  const bill = byId(supplierBills, invoiceId)
  const guarded = guardFollowing(desk, request, supplierPayments, bill)
  if (guarded !== undefined) return guarded
  const isTooMuch = !bill.isPosted || cents > openCents({ allocations: supplierPayments }, bill)
  if (isTooMuch) return refused('OVERPAYMENT', 'finance')
  const payment = { ...desk.newEntry(reference), invoiceId, over, cents }
  supplierPayments.push(payment)
  desk.touch(bill)
  return applied(payment)
}
