import * as z from 'zod'

/** What the simulated ERP and its connector say to each other, as JSON over HTTP. */
const common = { reference: z.string(), stamp: z.string().optional() }
const Lines = z.array(z.object({ line: z.string(), quantity: z.int() }))

export const WriteRequest = z.discriminatedUnion('operation', [
  z.object({
    ...common,
    operation: z.literal('create-sales-order'),
    number: z.string(),
    customer: z.string(),
    lines: z.array(z.object({ line: z.string(), item: z.string(), quantity: z.int(), cents: z.int() })),
  }),
  z.object({ ...common, operation: z.literal('confirm-sales-order'), salesOrderId: z.string() }),
  z.object({ ...common, operation: z.literal('post-goods-issue'), salesOrderId: z.string(), lines: Lines.optional() }),
  z.object({ ...common, operation: z.literal('create-customer-invoice'), deliveryId: z.string() }),
  z.object({ ...common, operation: z.literal('post-customer-invoice'), invoiceId: z.string() }),
  z.object({ ...common, operation: z.literal('pay-invoice'), invoiceId: z.string(), cents: z.int() }),
])
export type WriteRequest = z.output<typeof WriteRequest>

export const Reply = z.discriminatedUnion('said', [
  z.object({ said: z.literal('applied'), id: z.string() }),
  z.object({ said: z.enum(['exists', 'changed']) }),
  z.object({ said: z.literal('refused'), code: z.string() }),
])
export type Reply = z.output<typeof Reply>

/** A look-up by reference, and by the ids that the asker knows already: those are read at once. */
export const FindRequest = z.object({
  kind: z.enum(['sales-order', 'goods-issue', 'customer-invoice', 'incoming-payment']),
  reference: z.string(),
  ids: z.array(z.string()),
  /** Whose stamp guards what follows it. */
  parentId: z.string().optional(),
})
export type FindRequest = z.output<typeof FindRequest>

const Found = z.object({
  id: z.string(),
  stamp: z.string(),
  isAdvanced: z.boolean(),
  customer: z.string().optional(),
  invoiceId: z.string().optional(),
  cents: z.int().optional(),
  lines: z
    .array(z.object({ line: z.string(), quantity: z.int(), cents: z.int().optional(), item: z.string().optional() }))
    .optional(),
})
export type Found = z.output<typeof Found>

export const FindReply = z.object({ found: z.array(Found), parentStamp: z.string().optional() })
export type FindReply = z.output<typeof FindReply>
