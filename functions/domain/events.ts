import * as z from 'zod'
import {
  purchaseHubEvents,
  purchaseSignalEvents,
  purchaseSignalKinds,
  purchaseStartingEvents,
} from '#domain/purchase/events.ts'
import {
  GoodsIssue,
  GoodsReturn,
  IncomingPayment,
  Refund,
  SalesOrder,
  SalesOrderCancellation,
  SalesOrderClosing,
} from './documents.ts'
import { IsoTimestamp } from './schema.ts'
import { signalEvent } from './signal-event.ts'

/** What every event carries besides its data. */
export const EventMetadata = z.object({
  /** Unique for the publisher; the same event delivered again bears the same id. */
  id: z.string().min(1).max(256),
  /** The business case; absent: the hub derives it from the document's number. */
  correlationId: z.string().max(256).optional(),
  /** The event that caused this one. */
  causationId: z.string().max(256).optional(),
  schemaVersion: z.string().max(20).optional(),
  occurredAt: IsoTimestamp.optional(),
  /** Counts the changes of the source's document; the newest wins. Absent: 1. */
  sourceVersion: z.int().min(1).optional(),
})
export type EventMetadata = z.output<typeof EventMetadata>

/** `detail` of an event in the hub's own shape. */
export const EventDetail = z.object({ metadata: EventMetadata, data: z.unknown() })

/** An event as EventBridge hands it to a target. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export const BusEvent = z.object({
  id: z.string(),
  source: z
    .string()
    .min(1)
    .max(80)
    .regex(/^[^#/]+$/, 'must not contain # or a slash'),
  'detail-type': z.string(),
  time: z.string(),
  detail: z.unknown(),
  'replay-name': z.string().optional(),
})
export type BusEvent = z.output<typeof BusEvent>

/** Events that start a business case. */
export const startingEvents = {
  SalesOrderSubmitted: { process: 'order-to-cash', document: 'sales-order', data: SalesOrder },
  ...purchaseStartingEvents,
} as const

/** Events for a case that exists: each becomes a signal under the event's own document number. */
export const signalEvents = {
  GoodsIssued: signalEvent('goods-issue', 'sales-order', GoodsIssue, (data) => [data.salesOrder, data.deliveryNote]),
  PaymentReceived: signalEvent('incoming-payment', 'sales-order', IncomingPayment, (data) => [
    data.salesOrder,
    data.payment,
  ]),
  SalesOrderCancelled: signalEvent('cancellation', 'sales-order', SalesOrderCancellation, (data) => [
    data.salesOrder,
    data.cancellation ?? data.salesOrder,
  ]),
  SalesOrderClosed: signalEvent('closing', 'sales-order', SalesOrderClosing, (data) => [
    data.salesOrder,
    data.closing ?? data.salesOrder,
  ]),
  ReturnReceived: signalEvent('goods-return', 'sales-order', GoodsReturn, (data) => [data.salesOrder, data.return]),
  RefundRequested: signalEvent('refund', 'sales-order', Refund, (data) => [data.salesOrder, data.refund]),
  ...purchaseSignalEvents,
} as const
export type SignalEvent = keyof typeof signalEvents
/** A newer version of the order is a signal as well, which accept forwards to the execution that carries the case. */
export const signalKinds = [
  'goods-issue',
  'incoming-payment',
  'cancellation',
  'closing',
  'goods-return',
  'refund',
  'change',
  ...purchaseSignalKinds,
] as const
export type SignalKind = (typeof signalKinds)[number]

/** The event that makes such a signal in a process, or that starts a case; none for what a person decides. */
export function eventOfKind(kind: SignalKind | 'order', process: string): string | undefined {
  const starting = Object.entries(startingEvents).filter(([, event]) => event.process === process)
  if (kind === 'order') return starting[0]?.[0]
  // A newer version comes as its order did, or by an event of its own.
  if (kind === 'change') return starting.at(-1)?.[0]
  const document = starting[0]?.[1].document
  return Object.entries(signalEvents).find(([, event]) => event.kind === kind && event.document === document)?.[0]
}

/** The events that the hub itself publishes, with source `postonce`. */
export const hubEvents = [
  'SalesOrderCreated',
  'SalesOrderAmended',
  'SalesOrderChangeRefused',
  'SalesOrderCancellationPosted',
  'SalesOrderCancellationRefused',
  'SalesOrderClosingPosted',
  'CustomerInvoiceCreated',
  'CreditNoteCreated',
  'IncomingPaymentPosted',
  'OutgoingPaymentPosted',
  'OrderToCashCompleted',
  'SalesOrderOverdue',
  'SalesOrderRejected',
  'SalesOrderFailed',
  ...purchaseHubEvents,
] as const
export type HubEvent = (typeof hubEvents)[number]

/** As much of what a signal says as deciding about it needs: quantities of a return or a refund, what a refund is of. */
export const SignalTerms = z.object({
  lines: z.array(z.object({ line: z.string(), quantity: z.string() })).optional(),
  of: z.enum(['return', 'lines', 'everything', 'amount', 'balance']).optional(),
  /** The return that a refund is for. */
  return: z.string().optional(),
  /** Of a refund of an amount. */
  amount: z.string().optional(),
})
export type SignalTerms = z.output<typeof SignalTerms>
