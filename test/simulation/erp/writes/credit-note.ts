import {
  applied,
  byId,
  type Desk,
  guardFollowing,
  guardTransition,
  type Ledger,
  type Quantity,
  refused,
  type SalesOrder,
} from '../ledger.ts'
import { documentsOf } from '../look-up.ts'
import type { Reply, Write } from '../wire.ts'
import { centsOf, quantityOf } from './goods.ts'

/** A draft counts as credited already, so that two of them together cannot take back more than was invoiced. */
export function createCreditNote(desk: Desk, request: Write<'create-credit-note'>): Reply {
  const { salesOrders, creditNotes } = desk.ledger
  const salesOrder = byId(salesOrders, request.salesOrderId)
  const guarded = guardFollowing(desk, request, creditNotes, salesOrder)
  if (guarded !== undefined) return guarded
  const { goodsReturnId } = request
  const lines = creditedLines(desk.ledger, request)
  if (lines === undefined) return refused('NOTHING_TO_CREDIT')
  const cents = request.everything
    ? creditableCents(desk.ledger, salesOrder)
    : (request.cents ?? centsOf(salesOrder, lines))
  if (request.everything && cents === 0) return refused('NOTHING_TO_CREDIT')
  if (!isInvoiced(desk.ledger, salesOrder, lines, cents)) return refused('CREDIT_EXCEEDS_INVOICED')
  const creditNote = {
    ...{ ...desk.newEntry(request.reference), salesOrderId: salesOrder.id, cents, lines },
    ...{ isPosted: false, postedByHub: 0, ...(goodsReturnId !== undefined && { goodsReturnId }) },
  }
  creditNotes.push(creditNote)
  desk.touch(salesOrder)
  return applied(creditNote)
}

export function postCreditNote(desk: Desk, request: Write<'post-credit-note'>): Reply {
  const creditNote = byId(desk.ledger.creditNotes, request.creditNoteId)
  const guarded = guardTransition(desk, request, creditNote)
  if (guarded !== undefined) return guarded
  creditNote.isPosted = true
  creditNote.postedByHub += 1
  desk.touch(creditNote)
  return applied(creditNote)
}

/** Goods that came back are credited once; an amount has no lines. */
function creditedLines(ledger: Ledger, request: Write<'create-credit-note'>): readonly Quantity[] | undefined {
  const { goodsReturnId } = request
  if (goodsReturnId === undefined) return request.lines ?? []
  const goodsReturn = ledger.goodsReturns.find(({ id }) => id === goodsReturnId)
  const isCredited = ledger.creditNotes.some((note) => note.goodsReturnId === goodsReturnId)
  return isCredited ? undefined : goodsReturn?.lines
}

function isInvoiced(ledger: Ledger, salesOrder: SalesOrder, lines: readonly Quantity[], cents: number): boolean {
  if (cents > creditableCents(ledger, salesOrder)) return false
  const { invoices, creditNotes } = billsOf(ledger, salesOrder)
  const invoiced = invoices.flatMap(({ deliveryId }) => byId(ledger.deliveries, deliveryId).lines)
  const credited = creditNotes.flatMap((note) => note.lines)
  return lines.every(({ line }) => quantityOf(lines, line) <= quantityOf(invoiced, line) - quantityOf(credited, line))
}

function creditableCents(ledger: Ledger, salesOrder: SalesOrder): number {
  const { invoices, creditNotes } = billsOf(ledger, salesOrder)
  const total = (all: readonly { readonly cents: number }[]) => all.reduce((sum, one) => sum + one.cents, 0)
  return total(invoices) - total(creditNotes)
}

function billsOf(ledger: Ledger, { id }: SalesOrder) {
  return {
    invoices: documentsOf(ledger.invoices, 'salesOrderId', id).filter(({ isPosted }) => isPosted),
    creditNotes: documentsOf(ledger.creditNotes, 'salesOrderId', id),
  }
}
