import * as z from 'zod'
import type { HubEvent } from '#domain/events.ts'
import { PostedDocument } from '#domain/posting.ts'
import { endsOf } from './ends.ts'
import { purchaseEventData } from './purchase-events.ts'

const { refused: Refused, failure: Failure } = endsOf({ salesOrder: z.string() })

/** The data of the hub's own events, as state-machines/*.asl.json and functions/operations publish them. */
export const hubEventData = {
  SalesOrderCreated: z.object({ salesOrder: z.string(), document: PostedDocument }),
  SalesOrderAmended: z.object({ salesOrder: z.string(), version: z.string(), document: PostedDocument }),
  SalesOrderChangeRefused: Refused,
  SalesOrderCancellationPosted: z.object({
    salesOrder: z.string(),
    cancellation: z.string(),
    document: PostedDocument,
  }),
  SalesOrderCancellationRefused: Refused,
  SalesOrderClosingPosted: z.object({ salesOrder: z.string(), closing: z.string(), document: PostedDocument }),
  CustomerInvoiceCreated: z.object({ salesOrder: z.string(), deliveryNote: z.string(), document: PostedDocument }),
  IncomingPaymentPosted: z.object({ salesOrder: z.string(), payment: z.string(), document: PostedDocument }),
  /** For goods that came back, or for a refund, under that one's number. */
  CreditNoteCreated: z.object({
    salesOrder: z.string(),
    for: z.enum(['goods-return', 'refund']),
    number: z.string(),
    document: PostedDocument,
  }),
  /** Its number names the refund: `RF-1/0+20`. */
  OutgoingPaymentPosted: z.object({ salesOrder: z.string(), payment: z.string(), document: PostedDocument }),
  OrderToCashCompleted: z.object({ salesOrder: z.string(), as: z.enum(['completed', 'cancelled', 'closed']) }),
  SalesOrderOverdue: z.object({ salesOrder: z.string(), deadline: z.string() }),
  SalesOrderRejected: Failure,
  SalesOrderFailed: Failure,
  ...purchaseEventData,
} as const satisfies Record<HubEvent, z.ZodType>
