import Big from 'big.js'
import * as z from 'zod'
import { compareDecimals, roundAmount, sum } from './money.ts'
import { PurchaseOrder } from './procurement-documents.ts'
import {
  Currency,
  hasUniqueLineNumbers,
  Identifier,
  IsoDate,
  NonNegativeDecimal,
  PositiveDecimal,
  uniqueLineNumbers,
} from './schema.ts'

/** When an invoice is to be paid. */
export const PaymentTerms = z.strictObject({
  days: z.int().min(0).max(365),
  /** The days are counted from here. */
  from: z.enum(['invoice-date', 'end-of-month', 'last-receipt']).default('invoice-date'),
})
export type PaymentTerms = z.output<typeof PaymentTerms>

/** What somebody wants to buy. Its number is the purchase's from here to the payment. */
export const PurchaseRequisition = z
  .strictObject({
    ...PurchaseOrder.shape,
    number: Identifier,
    /** Which of the buyer's companies; policies are by company. */
    company: Identifier,
    orderedOn: IsoDate,
    requestedBy: z.string().max(200).optional(),
    /** Without them the environment's. */
    paymentTerms: PaymentTerms.optional(),
  })
  .refine(hasUniqueLineNumbers, uniqueLineNumbers)
export type PurchaseRequisition = z.output<typeof PurchaseRequisition>

/** The order that a requisition becomes. */
export function purchaseOrderOf(requisition: PurchaseRequisition): PurchaseOrder {
  const { company: _company, requestedBy: _requestedBy, paymentTerms: _terms, ...order } = requisition
  return order
}

/** Net of tax: lines, each rounded, plus freight and charges less allowances. */
export function netTotalOf(order: PurchaseOrder): string {
  const lines = order.lines.map(({ quantity, unitPrice, priceQuantity, discount }) =>
    roundAmount(
      new Big(quantity)
        .times(unitPrice)
        .div(priceQuantity)
        .times(new Big(1).minus(discount ?? '0')),
      order.currency,
      'half-up',
    ),
  )
  const charges = sum([order.freight ?? '0', ...order.charges.map(({ amount }) => amount)])
  const net = sum(lines)
    .plus(charges)
    .minus(sum(order.allowances.map(({ amount }) => amount)))
  return roundAmount(net, order.currency, 'half-up')
}

/** Up to which net total a company buys in a currency without asking anybody. */
export const ApprovalRule = z.strictObject({
  /** `*`: every company that has no rule of its own for this currency. */
  company: z.union([z.literal('*'), Identifier]),
  currency: Currency,
  above: NonNegativeDecimal,
})
export const ApprovalPolicy = z.array(ApprovalRule).superRefine((rules, context) => {
  for (const [index, { company, currency }] of rules.entries()) {
    const first = rules.findIndex((one) => one.company === company && one.currency === currency)
    if (first === index) continue
    const message = `must have one rule for company ${company} and ${currency}; rule ${first} is for them, too`
    context.addIssue({ code: 'custom', path: [index], message })
  }
})
export type ApprovalPolicy = z.output<typeof ApprovalPolicy>

/** Whether a person has to agree. Where no rule says up to which amount nobody is asked, somebody is. */
export function needsApproval(
  policy: ApprovalPolicy,
  { company, currency }: Pick<PurchaseRequisition, 'company' | 'currency'>,
  netTotal: string,
): boolean {
  const of = (name: string) => policy.find((rule) => rule.company === name && rule.currency === currency)
  const rule = of(company) ?? of('*')
  return rule === undefined || compareDecimals(netTotal, rule.above) > 0
}

/** What decides when an invoice is due. */
export interface DueFacts {
  /** Of the requisition. */
  readonly agreed: PaymentTerms | undefined
  /** Of the environment. */
  readonly usual: PaymentTerms
  readonly issuedOn: string
  /** What the supplier says. */
  readonly statedDueOn: string | undefined
  /** The last day on which goods arrived. */
  readonly receivedOn: string | undefined
}

/** The day on which an invoice is paid: what was agreed wins over what the invoice states, and that over the usual terms. */
export function dueOn({ agreed, usual, issuedOn, statedDueOn, receivedOn }: DueFacts): string {
  if (agreed === undefined && statedDueOn !== undefined) return statedDueOn
  const { days, from } = agreed ?? usual
  const start = from === 'end-of-month' ? endOfMonth(issuedOn) : from === 'last-receipt' ? receivedOn : issuedOn
  return dayOf(Date.parse(start ?? issuedOn) + days * 86_400_000)
}

function endOfMonth(day: string): string {
  const date = new Date(day)
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0))
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

/** Quantities by order line, in the order line's unit. */
const MovedLines = z
  .array(z.strictObject({ line: Identifier, quantity: PositiveDecimal }))
  .min(1)
  .max(1000)

/** Goods that arrived for a purchase order, under their delivery note: as many as were counted. */
export const GoodsReceived = z.strictObject({
  purchaseOrder: Identifier,
  deliveryNote: Identifier,
  receivedOn: IsoDate,
  /** Absent: everything that was still open. */
  lines: MovedLines.optional(),
})

/** Goods that went back to the supplier, under the number of the return. */
export const GoodsReturned = z.strictObject({
  purchaseOrder: Identifier,
  return: Identifier,
  returnedOn: IsoDate,
  /** Absent: everything that arrived and is still here. */
  lines: MovedLines.optional(),
})

/** The buyer does not want it any more. */
export const PurchaseOrderCancellation = z.strictObject({
  purchaseOrder: Identifier,
  cancellation: Identifier.optional(),
  cancelledOn: IsoDate,
  reason: z.string().max(200).optional(),
})

/** Nothing more will arrive, although not all of it has. */
export const PurchaseOrderClosing = z.strictObject({
  purchaseOrder: Identifier,
  closing: Identifier.optional(),
  closedOn: IsoDate,
  reason: z.string().max(200).optional(),
})
export type GoodsReceived = z.output<typeof GoodsReceived>
export type GoodsReturned = z.output<typeof GoodsReturned>
