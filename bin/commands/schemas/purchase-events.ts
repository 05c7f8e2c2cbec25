import * as z from 'zod'
import { PostedDocument } from '#domain/posting.ts'
import type { purchaseHubEvents } from '#domain/purchase/events.ts'
import { endsOf } from './ends.ts'

const purchase = { purchaseOrder: z.string() }
const posted = { ...purchase, document: PostedDocument }
const { refused, failure } = endsOf(purchase)

/** The data of what the hub says about purchases. */
export const purchaseEventData = {
  PurchaseOrderCreated: z.object(posted),
  PurchaseOrderAmended: z.object({ ...posted, version: z.string() }),
  PurchaseOrderChangeRefused: refused,
  PurchaseOrderCancellationPosted: z.object({ ...posted, cancellation: z.string() }),
  PurchaseOrderCancellationRefused: refused,
  PurchaseOrderClosingPosted: z.object({ ...posted, closing: z.string() }),
  /** `request` names the version that somebody has declined: `approval/1`. */
  PurchaseRequisitionDeclined: refused,
  GoodsReceiptPosted: z.object({ ...posted, deliveryNote: z.string() }),
  SupplierReturnPosted: z.object({ ...posted, return: z.string() }),
  SupplierInvoicePosted: z.object({ ...posted, invoice: z.string() }),
  /** `request` names the document that is disputed: `supplier-invoice/INV-1`. */
  SupplierInvoiceDisputed: refused,
  SupplierCreditNotePosted: z.object({ ...posted, creditNote: z.string() }),
  /** Its number names the invoice, what of it was settled before, and how much now: `supplier-invoice/INV-1/0+120`. */
  SupplierPaymentPosted: z.object({ ...posted, payment: z.string() }),
  ProcureToPayCompleted: z.object({ ...purchase, as: z.enum(['completed', 'cancelled', 'closed']) }),
  PurchaseOrderOverdue: z.object({ ...purchase, deadline: z.string() }),
  PurchaseRequisitionRejected: failure,
  PurchaseRequisitionFailed: failure,
} as const satisfies Record<(typeof purchaseHubEvents)[number], z.ZodType>
