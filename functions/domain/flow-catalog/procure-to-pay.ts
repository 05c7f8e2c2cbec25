import type { Flow } from './flow.ts'
import { workingHours } from './hours.ts'

/** What all of them have in common: events of a system that change one case and what stands in the ERP for it. */
const common = {
  process: 'procure-to-pay',
  target: 'erp',
  direction: 'one-way',
  pattern: 'event',
  latency: 'event',
  expected: 'irregularly',
  deadLetterQueue: 'DeadLetters',
  alarms: ['EventNotDelivered', 'RecordSignalItemFailed', 'DeadLetterArrived'],
  reconcileEveryMinutes: 1440,
} satisfies Partial<Flow>

const signal = (event: string) => ({ kind: 'event', event, does: 'signal', from: 'systems' }) as const

/** An event that starts an execution, which owns the case or hands it to the one that does. */
const starting = {
  deadLetterQueue: 'Undelivered',
  alarms: ['EventNotDelivered', 'StartUndeliveredItemFailed', 'DeadLetterArrived'],
} satisfies Partial<Flow>

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
    volume: { perDay: 50, peakPerMinute: 0.3 },
    expected: { ...workingHours, atLeast: 1, withinMinutes: 300 },
    owner: 'purchasing',
    systemOfRecord: { 'purchase-order': 'purchasing' },
    idempotencyKey: '{source}/purchase-requisition/{number}, and its sourceVersion',
    erpCalls: { 'purchase-order': 1 },
    answers: [
      'PurchaseOrderCreated',
      'PurchaseRequisitionDeclined',
      'PurchaseOrderOverdue',
      'ProcureToPayCompleted',
      ...ends,
    ],
    ...starting,
  },
  {
    ...common,
    name: 'purchase-order-change',
    source: 'purchasing',
    dataObject: 'purchase order change',
    channel: { kind: 'event', event: 'PurchaseOrderChanged', does: 'start', from: 'systems' },
    volume: { perDay: 6, peakPerMinute: 0.1 },
    owner: 'purchasing',
    systemOfRecord: { 'purchase-order': 'purchasing' },
    idempotencyKey: '{source}/purchase-requisition/{number}, and its sourceVersion',
    erpCalls: { 'purchase-order-amendment': 1 },
    answers: ['PurchaseOrderAmended', 'PurchaseOrderChangeRefused', 'PurchaseRequisitionDeclined', ...ends],
    ...starting,
  },
  {
    ...common,
    name: 'goods-receipt',
    source: 'warehouse',
    dataObject: 'goods receipt',
    channel: signal('GoodsReceived'),
    volume: { perDay: 60, peakPerMinute: 0.3 },
    expected: { ...workingHours, atLeast: 1, withinMinutes: 300 },
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
    volume: { perDay: 60, peakPerMinute: 0.3 },
    expected: { ...workingHours, atLeast: 1, withinMinutes: 600 },
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
