import * as z from 'zod'

/** What the simulated ERP and its connector say to each other, as JSON over HTTP. */
const everyWrite = { reference: z.string(), stamp: z.string().optional() }
const Lines = z.array(z.object({ line: z.string(), quantity: z.int() }))
const toSalesOrder = { ...everyWrite, salesOrderId: z.string() }

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
])
export type WriteRequest = z.output<typeof WriteRequest>
export type Write<Name extends WriteRequest['operation']> = Extract<WriteRequest, { operation: Name }>

export const Reply = z.discriminatedUnion('said', [
  z.object({ said: z.literal('applied'), id: z.string() }),
  z.object({ said: z.enum(['exists', 'changed']) }),
  z.object({ said: z.literal('refused'), code: z.string() }),
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
  ]),
  reference: z.string(),
  ids: z.array(z.string()),
  /** Whose stamp guards what follows it. */
  parentId: z.string().optional(),
})
export type FindRequest = z.output<typeof FindRequest>

/** What stands under a document's own number. */
export const ReadRequest = z.object({ kind: z.string(), id: z.string() })
const NumberedReply = z.object({
  id: z.string(),
  reference: z.string(),
  isInEffect: z.boolean(),
  direction: z.enum(['incoming', 'outgoing', 'allocation']).optional(),
  cents: z.int().optional(),
  lines: z.array(z.object({ line: z.string(), quantity: z.int() })).optional(),
  salesOrderIds: z.array(z.string()),
  customerIds: z.array(z.string()),
})
export type Numbered = z.output<typeof NumberedReply>
export const ReadReply = z.array(NumberedReply)

const Found = z.object({
  id: z.string(),
  stamp: z.string(),
  isAdvanced: z.boolean(),
  customer: z.string().optional(),
  direction: z.string().optional(),
  invoiceId: z.string().optional(),
  cents: z.int().optional(),
  lines: z
    .array(z.object({ line: z.string(), quantity: z.int(), cents: z.int().optional(), item: z.string().optional() }))
    .optional(),
  /** References of what was to replace a sales order, and of what ended it. */
  claimedBy: z.array(z.string()).optional(),
  endedBy: z.array(z.string()).optional(),
})
export type Found = z.output<typeof Found>

export const FindReply = z.object({ found: z.array(Found), parentStamp: z.string().optional() })
export type FindReply = z.output<typeof FindReply>
