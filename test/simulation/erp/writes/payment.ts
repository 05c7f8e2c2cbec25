import {
  applied,
  byId,
  type Desk,
  guardCreation,
  guardFollowing,
  guardTransition,
  type Ledger,
  named,
  refused,
} from '../ledger.ts'
import { documentsOf } from '../look-up.ts'
import type { Reply, Write } from '../wire.ts'

/** A payment that is open books nothing yet. */
export function openPayment(desk: Desk, request: Write<'open-payment'>): Reply {
  const { accountPayments } = desk.ledger
  const { reference, direction, customer, cents } = request
  const guarded = guardCreation(desk, request, accountPayments)
  if (guarded !== undefined) return guarded
  const payment = { ...desk.newEntry(reference), direction, customer, cents, isPosted: false, postedByHub: 0 }
  accountPayments.push(payment)
  return applied(payment)
}

export function postPayment(desk: Desk, request: Write<'post-payment'>): Reply {
  const payment = byId(desk.ledger.accountPayments, request.paymentId)
  const guarded = guardTransition(desk, request, payment)
  if (guarded !== undefined) return guarded
  payment.isPosted = true
  payment.postedByHub += 1
  desk.touch(payment)
  return applied(payment)
}

/** Applies money on the account to an invoice, or a credit note to the account; never more than it still asks for. */
export function allocatePayment(desk: Desk, request: Write<'allocate-payment'>): Reply {
  const { invoices, creditNotes, allocations } = desk.ledger
  const { reference, invoiceId, cents } = request
  const bill = named(invoices, invoiceId)[0] ?? byId(creditNotes, invoiceId)
  const guarded = guardFollowing(desk, request, allocations, bill)
  if (guarded !== undefined) return guarded
  if (!bill.isPosted || cents > openCents(desk.ledger, bill)) return refused('OVERPAYMENT')
  const allocation = { ...desk.newEntry(reference), invoiceId, cents }
  allocations.push(allocation)
  desk.touch(bill)
  return applied(allocation)
}

/** What an invoice still asks for, or a credit note still gives. */
export function openCents(
  { allocations }: Pick<Ledger, 'allocations'>,
  bill: { readonly id: string; readonly cents: number },
): number {
  return documentsOf(allocations, 'invoiceId', bill.id).reduce((open, { cents }) => open - cents, bill.cents)
}
