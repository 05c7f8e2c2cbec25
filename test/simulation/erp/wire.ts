import * as z from 'zod'
import { inboxOwners } from '#domain/inbox.ts'
import { BookRecord } from '#domain/reconciliation/record.ts'

/** What the simulated ERP and its connector say to each other, as JSON over HTTP. */
const everyWrite = { reference: z.string(), stamp: z.string().optional() }
const Lines = z.array(z.object({ line: z.string(), quantity: z.int() }))
const toSalesOrder = { ...everyWrite, salesOrderId: z.string() }
const toPurchaseOrder = { ...everyWrite, purchaseOrderId: z.string() }
const supplierBill = {
  ...toPurchaseOrder,
  number: z.string(),
  currency: z.string(),
  lines: z.array(
    z.object({
      line: z.string().optional(),
      quantity: z.int().optional(),
      cents: z.int(),
      taxRate: z.number().optional(),
    }),
  ),
  taxCents: z.int().optional(),
}

export const WriteRequest = z.discriminatedUnion('operation', [
  z.object({
    ...everyWrite,
    operation: z.literal('create-sales-order'),
    number: z.string(),
    customer: z.string(),
    lines: z.array(z.object({ line: z.string(), item: z.string(), quantity: z.int(), cents: z.int() })),
  }),
  z.object({ ...toSalesOrder, operation: z.literal('confirm-sales-order') }),
  z.object({ ...toSalesOrder, operation: z.literal('claim-amendment'), version: z.int() }),
  z.object({ ...toSalesOrder, operation: z.literal('withdraw-sales-order') }),
  z.object({ ...toSalesOrder, operation: z.literal('cancel-sales-order') }),
  z.object({ ...toSalesOrder, operation: z.literal('close-sales-order') }),
  z.object({ ...toSalesOrder, operation: z.literal('post-goods-issue'), lines: Lines.optional() }),
  z.object({ ...toSalesOrder, operation: z.literal('post-goods-return'), lines: Lines.optional() }),
  z.object({ ...everyWrite, operation: z.literal('create-customer-invoice'), deliveryId: z.string() }),
  z.object({ ...everyWrite, operation: z.literal('post-customer-invoice'), invoiceId: z.string() }),
  z.object({
    ...toSalesOrder,
    operation: z.literal('create-credit-note'),
    goodsReturnId: z.string().optional(),
    lines: Lines.optional(),
    cents: z.int().optional(),
    everything: z.boolean().optional(),
  }),
  z.object({ ...everyWrite, operation: z.literal('post-credit-note'), creditNoteId: z.string() }),
  z.object({
    ...everyWrite,
    operation: z.literal('open-payment'),
    direction: z.enum(['incoming', 'outgoing']),
    customer: z.string(),
    cents: z.int(),
  }),
  z.object({ ...everyWrite, operation: z.literal('post-payment'), paymentId: z.string() }),
  z.object({ ...everyWrite, operation: z.literal('allocate-payment'), invoiceId: z.string(), cents: z.int() }),
  z.object({
    ...everyWrite,
    operation: z.literal('create-purchase-order'),
    number: z.string(),
    supplier: z.string(),
    currency: z.string(),
    lines: z.array(
      z.object({ line: z.string(), item: z.string(), quantity: z.int(), cents: z.int(), taxRate: z.number() }),
    ),
  }),
  z.object({ ...toPurchaseOrder, operation: z.literal('confirm-purchase-order') }),
  z.object({ ...toPurchaseOrder, operation: z.literal('claim-purchase-amendment'), version: z.int() }),
  z.object({ ...toPurchaseOrder, operation: z.literal('withdraw-purchase-order') }),
  z.object({ ...toPurchaseOrder, operation: z.literal('cancel-purchase-order') }),
  z.object({ ...toPurchaseOrder, operation: z.literal('close-purchase-order') }),
  z.object({ ...toPurchaseOrder, operation: z.literal('post-goods-receipt'), lines: Lines.optional() }),
  z.object({ ...toPurchaseOrder, operation: z.literal('post-supplier-return'), lines: Lines.optional() }),
  z.object({ ...supplierBill, operation: z.literal('create-supplier-invoice') }),
  z.object({ ...supplierBill, operation: z.literal('create-supplier-credit-note') }),
  z.object({ ...everyWrite, operation: z.literal('post-supplier-invoice'), billId: z.string() }),
  z.object({ ...everyWrite, operation: z.literal('post-supplier-credit-note'), billId: z.string() }),
  z.object({
    ...everyWrite,
    operation: z.literal('pay-supplier'),
    invoiceId: z.string(),
    over: z.enum(['bank', 'account']),
    cents: z.int(),
  }),
])
export type WriteRequest = z.output<typeof WriteRequest>
export type Write<Name extends WriteRequest['operation']> = Extract<WriteRequest, { operation: Name }>

export const Reply = z.discriminatedUnion('said', [
  z.object({ said: z.literal('applied'), id: z.string() }),
  z.object({ said: z.enum(['exists', 'changed']) }),
  z.object({ said: z.literal('refused'), code: z.string(), owner: z.enum(inboxOwners) }),
])
export type Reply = z.output<typeof Reply>

/** A look-up by reference, and by the ids that the asker knows already: those are read at once. */
export const FindRequest = z.object({
  kind: z.enum([
    'sales-order',
    'goods-issue',
    'goods-return',
    'customer-invoice',
    'credit-note',
    'payment-on-account',
    'payment-allocation',
    'purchase-order',
    'goods-receipt',
    'supplier-return',
    'supplier-invoice',
    'supplier-credit-note',
    'supplier-payment',
  ]),
  reference: z.string(),
  ids: z.array(z.string()),
  /** Whose stamp guards what follows it. */
  parentId: z.string().optional(),
})
export type FindRequest = z.output<typeof FindRequest>

/** What stands under a document's own number. */
export const ReadRequest = z.object({ kind: z.string(), id: z.string() })
/** A page of everything, or what bears this name. */
export const RecordsRequest = z.union([
  z.object({ from: z.int(), to: z.int() }),
  z.object({ by: z.enum(['reference', 'number', 'id']), is: z.string() }),
])
export type RecordsRequest = z.output<typeof RecordsRequest>
const NumberedReply = z.object({
  id: z.string(),
  reference: z.string(),
  isInEffect: z.boolean(),
  direction: z.enum(['incoming', 'outgoing', 'allocation']).optional(),
  cents: z.int().optional(),
  lines: z.array(z.object({ line: z.string(), quantity: z.int() })).optional(),
  salesOrderIds: z.array(z.string()),
  purchaseOrderIds: z.array(z.string()).optional(),
  customerIds: z.array(z.string()),
})
export type Numbered = z.output<typeof NumberedReply>
export const RecordsReply = z.array(
  BookRecord.omit({ key: true, company: true }).extend({ id: z.string(), reference: z.string() }),
)
export const ReadReply = z.array(NumberedReply)

const Found = z.object({
  id: z.string(),
  stamp: z.string(),
  isAdvanced: z.boolean(),
  /** The customer, or the supplier of what is bought. */
  customer: z.string().optional(),
  direction: z.string().optional(),
  invoiceId: z.string().optional(),
  cents: z.int().optional(),
  lines: z
    .array(z.object({ line: z.string(), quantity: z.int(), cents: z.int().optional(), item: z.string().optional() }))
    .optional(),
  /** The supplier's own. */
  number: z.string().optional(),
  over: z.string().optional(),
  /** References of what was to replace an order, and of what ended it. */
  claimedBy: z.array(z.string()).optional(),
  endedBy: z.array(z.string()).optional(),
})
export type Found = z.output<typeof Found>

export const FindReply = z.object({ found: z.array(Found), parentStamp: z.string().optional() })
export type FindReply = z.output<typeof FindReply>
