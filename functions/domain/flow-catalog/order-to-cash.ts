import type { Flow } from './flow.ts'
import { shopHours, workingHours } from './hours.ts'

/** What all of them have in common: events of a system that change one case and what stands in the ERP for it. */
const common = {
  process: 'order-to-cash',
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

/** Whatever may come of an order ends in one of these when it does not end well. */
const ends = ['SalesOrderRejected', 'SalesOrderFailed'] as const

/** From the order to the last payment or refund. */
export const orderToCashFlows: readonly Flow[] = [
  {
    ...common,
    name: 'sales-order',
    source: 'shop',
    dataObject: 'sales order',
    channel: { kind: 'event', event: 'SalesOrderSubmitted', does: 'start', from: 'systems' },
    volume: { perDay: 500, peakPerMinute: 2 },
    expected: { ...shopHours, atLeast: 1, withinMinutes: 60 },
    owner: 'sales',
    systemOfRecord: { 'sales-order': 'shop' },
    idempotencyKey: '{source}/sales-order/{number}, and its sourceVersion',
    // One in ten is changed before anything has left.
    erpCalls: { 'sales-order': 0.9, 'sales-order-amendment': 0.1 },
    answers: [
      'SalesOrderCreated',
      'SalesOrderAmended',
      'SalesOrderChangeRefused',
      'SalesOrderOverdue',
      'OrderToCashCompleted',
      ...ends,
    ],
    deadLetterQueue: 'Undelivered',
    alarms: ['EventNotDelivered', 'StartUndeliveredItemFailed', 'DeadLetterArrived'],
  },
  {
    ...common,
    name: 'goods-issue',
    source: 'warehouse',
    dataObject: 'goods issue',
    channel: signal('GoodsIssued'),
    volume: { perDay: 600, peakPerMinute: 2 },
    expected: { ...workingHours, atLeast: 1, withinMinutes: 120 },
    owner: 'warehouse',
    systemOfRecord: { 'goods-issue': 'warehouse' },
    idempotencyKey: '{case}/goods-issue/{deliveryNote}',
    // Each delivery has its invoice, which takes what was paid before.
    erpCalls: { 'goods-issue': 1, 'customer-invoice': 1, 'payment-allocation': 1 },
    answers: ['CustomerInvoiceCreated', ...ends],
  },
  {
    ...common,
    name: 'incoming-payment',
    source: 'bank',
    dataObject: 'incoming payment',
    channel: signal('PaymentReceived'),
    volume: { perDay: 500, peakPerMinute: 2 },
    expected: { ...workingHours, atLeast: 1, withinMinutes: 600 },
    owner: 'finance',
    systemOfRecord: { 'incoming-payment': 'bank' },
    idempotencyKey: '{case}/incoming-payment/{payment}',
    erpCalls: { 'incoming-payment': 1, 'payment-allocation': 1 },
    answers: ['IncomingPaymentPosted', ...ends],
  },
  {
    ...common,
    name: 'sales-order-cancellation',
    source: 'shop',
    dataObject: 'sales order cancellation',
    channel: signal('SalesOrderCancelled'),
    volume: { perDay: 20, peakPerMinute: 0.2 },
    owner: 'sales',
    systemOfRecord: { 'sales-order.end': 'shop' },
    idempotencyKey: '{case}/sales-order-cancellation/{cancellation}',
    erpCalls: { 'sales-order-cancellation': 1 },
    answers: ['SalesOrderCancellationPosted', 'SalesOrderCancellationRefused', ...ends],
  },
  {
    ...common,
    name: 'sales-order-closing',
    source: 'shop',
    dataObject: 'sales order closing',
    channel: signal('SalesOrderClosed'),
    volume: { perDay: 10, peakPerMinute: 0.2 },
    owner: 'sales',
    systemOfRecord: { 'sales-order.end': 'shop' },
    idempotencyKey: '{case}/sales-order-closing/{closing}',
    erpCalls: { 'sales-order-closing': 1 },
    answers: ['SalesOrderClosingPosted', ...ends],
  },
  {
    ...common,
    name: 'goods-return',
    source: 'warehouse',
    dataObject: 'goods return',
    channel: signal('ReturnReceived'),
    volume: { perDay: 30, peakPerMinute: 0.5 },
    owner: 'warehouse',
    systemOfRecord: { 'goods-return': 'warehouse' },
    idempotencyKey: '{case}/goods-return/{return}',
    erpCalls: { 'goods-return': 1, 'credit-note': 1, 'payment-allocation': 1 },
    answers: ['CreditNoteCreated', ...ends],
  },
  {
    ...common,
    name: 'refund',
    source: 'shop',
    dataObject: 'refund',
    channel: signal('RefundRequested'),
    volume: { perDay: 30, peakPerMinute: 0.5 },
    owner: 'finance',
    systemOfRecord: { refund: 'shop' },
    idempotencyKey: '{case}/credit-note/{refund}, and its outgoing payment',
    erpCalls: { 'credit-note': 1, 'payment-allocation': 1, 'outgoing-payment': 1 },
    answers: ['CreditNoteCreated', 'OutgoingPaymentPosted', ...ends],
  },
]
