import { type Desk, type Entry, emptyLedger, type Ledger } from './ledger.ts'
import type { Profile } from './profiles.ts'
import type { Reply, WriteRequest } from './wire.ts'
import { createCreditNote, postCreditNote } from './writes/credit-note.ts'
import { createCustomerInvoice, postCustomerInvoice } from './writes/customer-invoice.ts'
import { moveBack, moveGoods } from './writes/goods.ts'
import { claimAmendment, endOrder, withdrawOrder } from './writes/order-end.ts'
import { allocatePayment, openPayment, postPayment } from './writes/payment.ts'
import { confirmPurchaseOrder, createPurchaseOrder } from './writes/purchase-order.ts'
import { confirmSalesOrder, createSalesOrder } from './writes/sales-order.ts'
import { buying, selling } from './writes/side.ts'
import { createSupplierBill, paySupplier, postSupplierBill } from './writes/supplier-bill.ts'

export type Books = Ledger & {
  /** Applies a request at the moment of its arrival, all of it or nothing. */
  apply(request: WriteRequest): Reply
  /** The same without what guards against a second one: what two writes at once do to an ERP that is made for one. */
  applyUnguarded(request: WriteRequest): Reply
  /** A change of a document, by whomever: no stamp ever comes back. */
  touch(document: Entry): void
}

/** The books of one ERP; the profile decides what it checks. */
export function createBooks(profile: Profile, nowMs: () => number, unseenMs: () => number): Books {
  const ledger = emptyLedger()
  let entries = 0
  let stamps = 0
  const nextStamp = () => {
    stamps += 1
    return stamps
  }
  const newEntry = (reference: string): Entry => {
    entries += 1
    return { id: String(1000 + entries), reference, stamp: nextStamp(), visibleFromMs: nowMs() + unseenMs() }
  }
  const touch = (document: Entry) => {
    document.stamp = nextStamp()
  }
  const guarded = { ledger, profile, newEntry, touch }
  const unguarded = {
    ...guarded,
    profile: { ...profile, create: 'neither', follow: 'neither', transition: 'neither' },
  } as const
  return {
    ...ledger,
    apply: (request) => applyAt(guarded, request),
    applyUnguarded: (request) => applyAt(unguarded, request),
    touch,
  }
}

function applyAt(desk: Desk, request: WriteRequest): Reply {
  const { ledger } = desk
  switch (request.operation) {
    case 'create-sales-order':
      return createSalesOrder(desk, request)
    case 'confirm-sales-order':
      return confirmSalesOrder(desk, request)
    case 'claim-amendment':
      return claimAmendment(desk, selling(ledger), request.salesOrderId, request)
    case 'withdraw-sales-order':
      return withdrawOrder(desk, selling(ledger), request.salesOrderId, request)
    case 'cancel-sales-order':
      return endOrder(desk, selling(ledger), request.salesOrderId, request, 'cancelled')
    case 'close-sales-order':
      return endOrder(desk, selling(ledger), request.salesOrderId, request, 'closed')
    case 'post-goods-issue':
      return moveGoods(desk, selling(ledger), request.salesOrderId, request)
    case 'post-goods-return':
      return moveBack(desk, selling(ledger), request.salesOrderId, request)
    case 'create-customer-invoice':
      return createCustomerInvoice(desk, request)
    case 'post-customer-invoice':
      return postCustomerInvoice(desk, request)
    case 'create-credit-note':
      return createCreditNote(desk, request)
    case 'post-credit-note':
      return postCreditNote(desk, request)
    case 'open-payment':
      return openPayment(desk, request)
    case 'post-payment':
      return postPayment(desk, request)
    case 'allocate-payment':
      return allocatePayment(desk, request)
    case 'create-purchase-order':
      return createPurchaseOrder(desk, request)
    case 'confirm-purchase-order':
      return confirmPurchaseOrder(desk, request)
    case 'claim-purchase-amendment':
      return claimAmendment(desk, buying(ledger), request.purchaseOrderId, request)
    case 'withdraw-purchase-order':
      return withdrawOrder(desk, buying(ledger), request.purchaseOrderId, request)
    case 'cancel-purchase-order':
      return endOrder(desk, buying(ledger), request.purchaseOrderId, request, 'cancelled')
    case 'close-purchase-order':
      return endOrder(desk, buying(ledger), request.purchaseOrderId, request, 'closed')
    case 'post-goods-receipt':
      return moveGoods(desk, buying(ledger), request.purchaseOrderId, request)
    case 'post-supplier-return':
      return moveBack(desk, buying(ledger), request.purchaseOrderId, request)
    case 'create-supplier-invoice':
      return createSupplierBill(desk, request, 'supplier-invoice')
    case 'create-supplier-credit-note':
      return createSupplierBill(desk, request, 'supplier-credit-note')
    case 'post-supplier-invoice':
    case 'post-supplier-credit-note':
      return postSupplierBill(desk, request)
    case 'pay-supplier':
      return paySupplier(desk, request)
  }
}
