import * as z from 'zod'
import type { HubEvent } from '#domain/events.ts'

const Document = z.object({
  /** The ERP's own id. */
  id: z.string(),
  /** The number that people see. */
  number: z.string().optional(),
  amount: z.string().optional(),
  currency: z.string().optional(),
  lines: z.array(z.object({ line: z.string(), quantity: z.string() })).optional(),
})

const Refused = z.object({
  salesOrder: z.string(),
  /** The signal that is not carried out: `change/2`, `cancellation/T1001`. */
  request: z.string(),
  code: z.string(),
  message: z.string(),
})

const Failure = z.object({
  salesOrder: z.string(),
  /** The state of the machine that failed. */
  state: z.string(),
  /** Stable and upper case where it is a refusal: `CREDIT_LIMIT_EXCEEDED`. */
  code: z.string(),
  field: z.string().optional(),
  /** Who has to act: sales, finance, warehouse, purchasing or integration. */
  owner: z.string(),
  message: z.string(),
})

/** The data of the hub's own events, as state-machines/*.asl.json and functions/operations publish them. */
export const hubEventData = {
  SalesOrderCreated: z.object({ salesOrder: z.string(), document: Document }),
  SalesOrderAmended: z.object({ salesOrder: z.string(), version: z.string(), document: Document }),
  SalesOrderChangeRefused: Refused,
  SalesOrderCancellationPosted: z.object({ salesOrder: z.string(), cancellation: z.string(), document: Document }),
  SalesOrderCancellationRefused: Refused,
  SalesOrderClosingPosted: z.object({ salesOrder: z.string(), closing: z.string(), document: Document }),
  CustomerInvoiceCreated: z.object({ salesOrder: z.string(), deliveryNote: z.string(), document: Document }),
  IncomingPaymentPosted: z.object({ salesOrder: z.string(), payment: z.string(), document: Document }),
  /** For goods that came back, or for a refund, under that one's number. */
  CreditNoteCreated: z.object({
    salesOrder: z.string(),
    for: z.enum(['goods-return', 'refund']),
    number: z.string(),
    document: Document,
  }),
  /** Its number names the refund: `RF-1/0+20`. */
  OutgoingPaymentPosted: z.object({ salesOrder: z.string(), payment: z.string(), document: Document }),
  OrderToCashCompleted: z.object({ salesOrder: z.string(), as: z.enum(['completed', 'cancelled', 'closed']) }),
  SalesOrderOverdue: z.object({ salesOrder: z.string(), deadline: z.string() }),
  SalesOrderRejected: Failure,
  SalesOrderFailed: Failure,
} as const satisfies Record<HubEvent, z.ZodType>
