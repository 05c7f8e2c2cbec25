import Big from 'big.js'
import * as z from 'zod'
import { isFinerThan, minorUnitsOf, type Rounding, roundAmount, sum } from './money.ts'
import {
  Currency,
  Decimal,
  hasUniqueLineNumbers,
  Identifier,
  IsoDate,
  NonNegativeDecimal,
  PositiveDecimal,
  uniqueLineNumbers,
} from './schema.ts'

/** A postal address as free text; none of it is looked up. */
export const Address = z.strictObject({
  name: z.string().max(200).optional(),
  street: z.string().max(200).optional(),
  city: z.string().max(100).optional(),
  region: z.string().max(100).optional(),
  postalCode: z.string().max(20).optional(),
  country: z.string().max(60).optional(),
})

export const SalesOrderLine = z.strictObject({
  number: Identifier,
  item: z.strictObject({ id: Identifier, name: z.string().max(200).optional() }),
  quantity: PositiveDecimal,
  /** Net of tax, for one unit, before the discount. */
  unitPrice: NonNegativeDecimal,
  /** A fraction of the line: `0.15` takes 15 % off. */
  discount: NonNegativeDecimal.refine((text) => Number(text) <= 1, 'must be a fraction from 0 to 1').optional(),
  /** The source's own code of the tax that applies; without one the line bears no tax. */
  taxCode: Identifier.optional(),
  /** Percent, so that the order's tax can be checked: `20`. What is booked follows from `taxCode`. */
  taxRate: NonNegativeDecimal.optional(),
})

/** A sales order in the hub's canonical form. Prices are net of tax. */
export const SalesOrder = z
  .strictObject({
    number: Identifier,
    orderedOn: IsoDate,
    /** The day on which the customer wants the goods. */
    requestedOn: IsoDate.optional(),
    currency: Currency,
    customer: z.strictObject({ id: Identifier, name: z.string().max(200).optional() }),
    billTo: Address.optional(),
    shipTo: Address.optional(),
    lines: z.array(SalesOrderLine).min(1).max(1000),
    /** A charge for the whole order, net of tax. */
    freight: NonNegativeDecimal.optional(),
    freightTaxCode: Identifier.optional(),
    freightTaxRate: NonNegativeDecimal.optional(),
    /** Lines plus freight, net of tax; checked against the lines when given. */
    netTotal: Decimal.optional(),
    /** Checked when each taxed line says its rate. */
    taxTotal: Decimal.optional(),
    /** Lines plus freight plus tax. */
    grossTotal: Decimal.optional(),
  })
  .refine(hasUniqueLineNumbers, uniqueLineNumbers)

/** Quantities of order lines, as a delivery, a return or a refund names them. */
const LineQuantities = z
  .array(z.strictObject({ line: Identifier, quantity: PositiveDecimal }))
  .min(1)
  .max(1000)

/** Goods that left the warehouse for a sales order, under their delivery note. */
export const GoodsIssue = z.strictObject({
  salesOrder: Identifier,
  deliveryNote: Identifier,
  issuedOn: IsoDate,
  /** What left, by order line; absent: everything that was still open. */
  lines: LineQuantities.optional(),
})

/** Where nothing could be booked to the full: the ERP would refuse it, long after it was taken. */
function fitsCurrency({ amount, currency }: { readonly amount: string; readonly currency: string }): boolean {
  return !isFinerThan(amount, currency)
}
const amountFits = {
  path: ['amount'],
  error: ({ input }: { readonly input: unknown }) => {
    const { currency } = z.object({ currency: z.string() }).parse(input)
    return `must not be finer than ${currency} allows, which has ${minorUnitsOf(currency)} decimals`
  },
}

/** Money that a customer paid for a sales order. */
export const IncomingPayment = z
  .strictObject({
    salesOrder: Identifier,
    payment: Identifier,
    amount: PositiveDecimal,
    currency: Currency,
    receivedOn: IsoDate,
  })
  .refine(fitsCurrency, amountFits)

/** The customer does not want the order any more. */
export const SalesOrderCancellation = z.strictObject({
  salesOrder: Identifier,
  /** Its own number, where the source has one; absent: the order's. */
  cancellation: Identifier.optional(),
  cancelledOn: IsoDate,
  reason: z.string().max(200).optional(),
})

/** Nothing more of the order will leave, although not all of it has. */
export const SalesOrderClosing = z.strictObject({
  salesOrder: Identifier,
  /** Its own number, where the source has one; absent: the order's. */
  closing: Identifier.optional(),
  closedOn: IsoDate,
  reason: z.string().max(200).optional(),
})

/** Goods that came back, under the number of the return. */
export const GoodsReturn = z.strictObject({
  salesOrder: Identifier,
  return: Identifier,
  receivedOn: IsoDate,
  /** What came back, by order line; absent: everything that was delivered and is not back yet. */
  lines: LineQuantities.optional(),
})

const refund = {
  salesOrder: Identifier,
  refund: Identifier,
  requestedOn: IsoDate,
  reason: z.string().max(200).optional(),
}

/**
 * Money for the customer. What it is for decides whether a credit note comes first; what is paid out in the end is never
 * more than was credited, nor than the customer has paid and not used.
 */
export const Refund = z.discriminatedUnion('of', [
  /** What a goods return was credited with. */
  z.strictObject({ ...refund, of: z.literal('return'), return: Identifier }),
  /** Quantities that stay with the customer, at the order's prices. */
  z.strictObject({ ...refund, of: z.literal('lines'), lines: LineQuantities }),
  /** Everything that is invoiced and not credited yet, freight included. */
  z.strictObject({ ...refund, of: z.literal('everything') }),
  /** An amount, tax included. */
  z
    .strictObject({
      ...refund,
      of: z.literal('amount'),
      amount: PositiveDecimal,
      currency: Currency,
      taxCode: Identifier.optional(),
    })
    .refine(fitsCurrency, amountFits),
  /** What was paid and no invoice takes: an overpayment, or the money of a cancelled order. No credit note. */
  z.strictObject({ ...refund, of: z.literal('balance') }),
])

export type SalesOrder = z.output<typeof SalesOrder>
export type SalesOrderLine = z.output<typeof SalesOrderLine>
export type GoodsIssue = z.output<typeof GoodsIssue>
export type IncomingPayment = z.output<typeof IncomingPayment>
export type SalesOrderCancellation = z.output<typeof SalesOrderCancellation>
export type SalesOrderClosing = z.output<typeof SalesOrderClosing>
export type GoodsReturn = z.output<typeof GoodsReturn>
export type Refund = z.output<typeof Refund>

/** What the hub brings into an ERP. */
export const documentKinds = [
  'sales-order',
  'sales-order-amendment',
  'sales-order-cancellation',
  'sales-order-closing',
  'goods-issue',
  'goods-return',
  'customer-invoice',
  'credit-note',
  'incoming-payment',
  'outgoing-payment',
  'payment-allocation',
  'purchase-order',
  'purchase-order-amendment',
  'purchase-order-cancellation',
  'purchase-order-closing',
  'goods-receipt',
  'supplier-return',
  'supplier-invoice',
  'supplier-credit-note',
  'supplier-payment',
  'supplier-payment-allocation',
] as const
export type DocumentKind = (typeof documentKinds)[number]

/** A line with the amount that must stand in the ERP, to the cent. */
export interface PricedLine extends SalesOrderLine {
  /** Quantity × unit price × (1 − discount), unrounded. */
  readonly exactAmount: string
  /** The same, rounded by the source's own rule. */
  readonly amount: string
}

/** A sales order with every amount decided; the ERP has to agree with these, not the other way round. */
export interface PricedSalesOrder extends Omit<SalesOrder, 'lines' | 'netTotal'> {
  readonly lines: readonly PricedLine[]
  readonly netTotal: string
}

/** Decides each amount under the source's rounding rule. */
export function priceSalesOrder(salesOrder: SalesOrder, rounding: Rounding): PricedSalesOrder {
  const lines = salesOrder.lines.map((line) => {
    const exact = new Big(line.quantity).times(line.unitPrice).times(new Big(1).minus(line.discount ?? '0'))
    return { ...line, exactAmount: exact.toFixed(), amount: roundAmount(exact, salesOrder.currency, rounding) }
  })
  const round = (amount: Big | string) => roundAmount(amount, salesOrder.currency, rounding)
  const freight = salesOrder.freight === undefined ? {} : { freight: round(salesOrder.freight) }
  const net = sum([...lines.map((line) => line.amount), freight.freight ?? '0'])
  return { ...salesOrder, ...freight, lines, netTotal: round(net) }
}
