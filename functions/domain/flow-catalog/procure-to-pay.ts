import type { Flow } from './flow.ts'

/** What all of them have in common: events of a system that change one case and what stands in the ERP for it. */
const common = {
  process: 'procure-to-pay',
  target: 'erp',
  direction: 'one-way',
  pattern: 'event',
  latency: 'event',
  deadLetterQueue: 'DeadLetters',
  alarms: ['EventNotDelivered', 'RecordSignalItemFailed', 'DeadLetterArrived'],
  reconcileEveryMinutes: 1440,
} satisfies Partial<Flow>

const signal = (event: string) => ({ kind: 'event', event, does: 'signal', from: 'systems' }) as const

/** Whatever may come of a purchase ends in one of these when it does not end well. */
const ends = ['PurchaseRequisitionRejected', 'PurchaseRequisitionFailed'] as const

/** From the requisition to the last payment. */
export const procureToPayFlows: readonly Flow[] = [
  {
    ...common,
    name: 'purchase-requisition',
    source: 'purchasing',
    dataObject: 'purchase requisition',
    channel: { kind: 'event', event: 'PurchaseRequisitionSubmitted', does: 'start', from: 'systems' },
    volume: { perDay: 60, peakPerMinute: 0.5 },
    owner: 'purchasing',
    systemOfRecord: { 'purchase-order': 'purchasing' },
    idempotencyKey: '{source}/purchase-requisition/{number}, and its sourceVersion',
    // One in ten is changed after it was ordered.
    erpCalls: { 'purchase-order': 0.9, 'purchase-order-amendment': 0.1 },
    answers: [
      'PurchaseOrderCreated',
      'PurchaseOrderAmended',
      'PurchaseOrderChangeRefused',
      'PurchaseRequisitionDeclined',
      'PurchaseOrderOverdue',
      'ProcureToPayCompleted',
      ...ends,
    ],
    deadLetterQueue: 'Undelivered',
    alarms: ['EventNotDelivered', 'StartUndeliveredItemFailed', 'DeadLetterArrived'],
  },
  {
    ...common,
    name: 'goods-receipt',
    source: 'warehouse',
    dataObject: 'goods receipt',
    channel: signal('GoodsReceived'),
    volume: { perDay: 80, peakPerMinute: 0.5 },
    owner: 'warehouse',
    systemOfRecord: { 'goods-receipt': 'warehouse' },
    idempotencyKey: '{case}/goods-receipt/{deliveryNote}',
    erpCalls: { 'goods-receipt': 1 },
    answers: ['GoodsReceiptPosted', ...ends],
  },
  {
    ...common,
    name: 'supplier-return',
    source: 'warehouse',
    dataObject: 'supplier return',
    channel: signal('GoodsReturned'),
    volume: { perDay: 5, peakPerMinute: 0.1 },
    owner: 'warehouse',
    systemOfRecord: { 'supplier-return': 'warehouse' },
    idempotencyKey: '{case}/supplier-return/{return}',
    erpCalls: { 'supplier-return': 1 },
    answers: ['SupplierReturnPosted', ...ends],
  },
  {
    ...common,
    name: 'supplier-invoice',
    source: 'supplier',
    dataObject: 'supplier invoice',
    channel: signal('SupplierInvoiceReceived'),
    volume: { perDay: 70, peakPerMinute: 0.5 },
    owner: 'finance',
    systemOfRecord: { 'supplier-invoice': 'supplier' },
    idempotencyKey: '{case}/supplier-invoice/{number}',
    // Each is paid when it is due.
    erpCalls: { 'supplier-invoice': 1, 'supplier-payment': 1 },
    answers: ['SupplierInvoicePosted', 'SupplierInvoiceDisputed', 'SupplierPaymentPosted', ...ends],
  },
  {
    ...common,
    name: 'supplier-credit-note',
    source: 'supplier',
    dataObject: 'supplier credit note',
    channel: signal('SupplierCreditNoteReceived'),
    volume: { perDay: 5, peakPerMinute: 0.1 },
    owner: 'finance',
    systemOfRecord: { 'supplier-credit-note': 'supplier' },
    idempotencyKey: '{case}/supplier-credit-note/{number}',
    // It goes to the supplier's account, from where an invoice takes it.
    erpCalls: { 'supplier-credit-note': 1, 'supplier-payment-allocation': 2 },
    answers: ['SupplierCreditNotePosted', 'SupplierInvoiceDisputed', ...ends],
  },
  {
    ...common,
    name: 'purchase-order-cancellation',
    source: 'purchasing',
    dataObject: 'purchase order cancellation',
    channel: signal('PurchaseOrderCancelled'),
    volume: { perDay: 5, peakPerMinute: 0.1 },
    owner: 'purchasing',
    systemOfRecord: { 'purchase-order.end': 'purchasing' },
    idempotencyKey: '{case}/purchase-order-cancellation/{cancellation}',
    erpCalls: { 'purchase-order-cancellation': 1 },
    answers: ['PurchaseOrderCancellationPosted', 'PurchaseOrderCancellationRefused', ...ends],
  },
  {
    ...common,
    name: 'purchase-order-closing',
    source: 'purchasing',
    dataObject: 'purchase order closing',
    channel: signal('PurchaseOrderClosed'),
    volume: { perDay: 5, peakPerMinute: 0.1 },
    owner: 'purchasing',
    systemOfRecord: { 'purchase-order.end': 'purchasing' },
    idempotencyKey: '{case}/purchase-order-closing/{closing}',
    erpCalls: { 'purchase-order-closing': 1 },
    answers: ['PurchaseOrderClosingPosted', ...ends],
  },
]
