import { billNumbers, SupplierCreditNoteReceived, SupplierInvoiceReceived } from '#domain/purchase/bill-events.ts'
import {
  GoodsReceived,
  GoodsReturned,
  PurchaseOrderCancellation,
  PurchaseOrderClosing,
  PurchaseRequisition,
} from '#domain/purchase-requisition.ts'
import { signalEvent } from '#domain/signal-event.ts'

const document = 'purchase-requisition'

export const purchaseStartingEvents = {
  PurchaseRequisitionSubmitted: { process: 'procure-to-pay', document, data: PurchaseRequisition },
  /** The whole of a newer version; its `sourceVersion` says which. */
  PurchaseOrderChanged: { process: 'procure-to-pay', document, data: PurchaseRequisition },
} as const

/** What a purchase hears of: each becomes a signal of its case, a supplier's document under the supplier's own number. */
export const purchaseSignalEvents = {
  GoodsReceived: signalEvent('goods-receipt', document, GoodsReceived, (data) => [
    data.purchaseOrder,
    data.deliveryNote,
  ]),
  GoodsReturned: signalEvent('supplier-return', document, GoodsReturned, (data) => [data.purchaseOrder, data.return]),
  SupplierInvoiceReceived: signalEvent('supplier-invoice', document, SupplierInvoiceReceived, billNumbers),
  SupplierCreditNoteReceived: signalEvent('supplier-credit-note', document, SupplierCreditNoteReceived, billNumbers),
  PurchaseOrderCancelled: signalEvent('cancellation', document, PurchaseOrderCancellation, (data) => [
    data.purchaseOrder,
    data.cancellation ?? data.purchaseOrder,
  ]),
  PurchaseOrderClosed: signalEvent('closing', document, PurchaseOrderClosing, (data) => [
    data.purchaseOrder,
    data.closing ?? data.purchaseOrder,
  ]),
} as const

/** Kinds of signals that only a purchase has. `approval` is what a person has said. */
export const purchaseSignalKinds = [
  'goods-receipt',
  'supplier-return',
  'supplier-invoice',
  'supplier-credit-note',
  'approval',
] as const

export const purchaseHubEvents = [
  'PurchaseOrderCreated',
  'PurchaseOrderAmended',
  'PurchaseOrderChangeRefused',
  'PurchaseOrderCancellationPosted',
  'PurchaseOrderCancellationRefused',
  'PurchaseOrderClosingPosted',
  'PurchaseRequisitionDeclined',
  'GoodsReceiptPosted',
  'SupplierReturnPosted',
  'SupplierInvoicePosted',
  'SupplierInvoiceDisputed',
  'SupplierCreditNotePosted',
  'SupplierPaymentPosted',
  'ProcureToPayCompleted',
  'PurchaseOrderOverdue',
  'PurchaseRequisitionRejected',
  'PurchaseRequisitionFailed',
] as const
