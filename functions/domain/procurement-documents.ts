import * as z from 'zod'
import {
  Currency,
  Decimal,
  hasUniqueLineNumbers,
  IsoDate,
  NonNegativeDecimal,
  PositiveDecimal,
  uniqueLineNumbers,
} from './schema.ts'

const Text = z.string().max(500)
/** A number or an id as others write it: `INV #12`, a name with spaces. Whoever builds a key of a supplier's number takes its `numberKeys`. */
export const Reference = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]+$/u, 'must not contain control characters')
const Fraction = NonNegativeDecimal.refine((text) => Number(text) <= 1, 'must be a fraction from 0 to 1')

/** `"S1"`, or with a name: `{ "id": "S1", "name": "Acme" }`. */
export const Party = z.union(
  [
    Reference.transform((id): PartyShape => ({ id })),
    z.strictObject({ id: Reference, name: Text.optional(), taxId: Reference.optional() }),
  ],
  'must be an id such as "S1", or { id, name }',
)
interface PartyShape {
  readonly id: string
  readonly name?: string | undefined
  readonly taxId?: string | undefined
}

/** `"P01"` is the buyer's own id; the supplier's id and the GTIN find the order line as well. */
export const ProcuredItem = z.union(
  [
    Reference.transform((id): ItemShape => ({ id })),
    z.strictObject({
      id: Reference.optional(),
      supplierItemId: Reference.optional(),
      gtin: Reference.optional(),
      name: Text.optional(),
    }),
  ],
  'must be an id such as "P01", or { id, supplierItemId, gtin, name }',
)
interface ItemShape {
  readonly id?: string | undefined
  readonly supplierItemId?: string | undefined
  readonly gtin?: string | undefined
  readonly name?: string | undefined
}

/** An amount that is not a line: packing, insurance, a rebate. Net of tax, never negative. */
export const Surcharge = z.strictObject({
  amount: NonNegativeDecimal,
  reason: Text.optional(),
  taxRate: NonNegativeDecimal.optional(),
})

/** `0.0833` for a twelfth would miss every quantity by a little. */
function isNoRoundedPart(per: string): boolean {
  const parts = Math.round(1 / Number(per))
  const whole = parts * Number(per)
  return parts < 2 || parts > 144 || Math.abs(whole - 1) < 1e-12 || Math.abs(whole - 1) > 0.001
}
const roundedPart =
  'must be exact: where the order counts boxes, its own unit says how many pieces one holds, { "unit": "box", "per": "12" }'

export const PurchaseOrderLine = z.strictObject({
  number: Reference,
  item: ProcuredItem.optional(),
  description: Text.optional(),
  quantity: PositiveDecimal,
  /** A name or an UN/ECE code. Without one on either document, both count in the same unit. */
  unit: Reference.optional(),
  /** Net of tax, for `priceQuantity` units, before the discount. */
  unitPrice: NonNegativeDecimal,
  priceQuantity: PositiveDecimal.default('1'),
  discount: Fraction.optional(),
  /** What else it may be counted in: `{ unit: 'box', per: '12' }` says that a box holds 12 of the order's unit. */
  units: z
    .array(z.strictObject({ unit: Reference, per: PositiveDecimal.refine(isNoRoundedPart, roundedPart) }))
    .max(20)
    .default([]),
  taxRate: NonNegativeDecimal.optional(),
  /** False for a service: nothing is received, so that order and invoice alone are compared. */
  receiptRequired: z.boolean().default(true),
})

/** What the buyer has agreed to buy. Prices are net of tax; rates and percentages are per hundred. */
export const PurchaseOrder = z
  .strictObject({
    number: Reference,
    supplier: Party,
    orderedOn: IsoDate.optional(),
    currency: Currency,
    lines: z.array(PurchaseOrderLine).min(1).max(1000),
    /** Agreed for the whole order, net of tax. */
    freight: NonNegativeDecimal.optional(),
    charges: z.array(Surcharge).max(100).default([]),
    allowances: z.array(Surcharge).max(100).default([]),
  })
  .refine(hasUniqueLineNumbers, uniqueLineNumbers)

/** Names an order line by its number, or by its item where only one line has it. */
const orderLineReference = { line: Reference.optional(), item: ProcuredItem.optional() }
const movedLine = z.strictObject({ ...orderLineReference, quantity: PositiveDecimal, unit: Reference.optional() })

/** Goods that arrived for a purchase order, under their delivery note. */
export const GoodsReceipt = z.strictObject({
  number: Reference,
  order: Reference.optional(),
  receivedOn: IsoDate.optional(),
  /** Nothing further will come for these lines, even if less arrived than was ordered. */
  final: z.boolean().default(false),
  lines: z.array(movedLine).min(1).max(1000),
})

/** Goods that went back to the supplier. */
export const GoodsReturn = z.strictObject({
  number: Reference,
  order: Reference.optional(),
  returnedOn: IsoDate.optional(),
  lines: z.array(movedLine).min(1).max(1000),
})

const invoicedLine = z.strictObject({
  /** The document's own; its position without one. */
  number: Reference.optional(),
  ...orderLineReference,
  description: Text.optional(),
  quantity: Decimal.optional(),
  unit: Reference.optional(),
  unitPrice: NonNegativeDecimal.optional(),
  priceQuantity: PositiveDecimal.default('1'),
  discount: Fraction.optional(),
  charges: z.array(Surcharge).max(100).default([]),
  allowances: z.array(Surcharge).max(100).default([]),
  /** Net of tax, after discount, charges and allowances, as the document states it. */
  amount: Decimal.optional(),
  taxCategory: Reference.optional(),
  taxRate: NonNegativeDecimal.optional(),
})

/** Without a quantity a line corrects the price by its amount; without an amount it needs quantity and price. */
function isPriced(line: z.output<typeof invoicedLine>): boolean {
  return line.amount !== undefined || (line.quantity !== undefined && line.unitPrice !== undefined)
}
const unpriced = 'must have an amount, or a quantity and a unitPrice'

export const TaxSubtotal = z.strictObject({
  category: Reference.optional(),
  rate: NonNegativeDecimal,
  base: Decimal,
  amount: Decimal,
  exemptionReason: Text.optional(),
})

/** What an invoice and a credit note have alike. */
const billed = {
  number: Reference,
  /** The order's own supplier, order and currency where these are left out. */
  supplier: Party.optional(),
  order: Reference.optional(),
  currency: Currency.optional(),
  issuedOn: IsoDate.optional(),
  dueOn: IsoDate.optional(),
  freight: NonNegativeDecimal.optional(),
  freightTaxRate: NonNegativeDecimal.optional(),
  charges: z.array(Surcharge).max(1000).default([]),
  allowances: z.array(Surcharge).max(1000).default([]),
  taxes: z.array(TaxSubtotal).max(100).default([]),
  netTotal: Decimal.optional(),
  taxTotal: Decimal.optional(),
  grossTotal: Decimal.optional(),
  prepaid: Decimal.optional(),
  rounding: Decimal.optional(),
  payable: Decimal.optional(),
  buyerReference: Text.optional(),
  paymentTerms: z.string().max(4000).optional(),
  paymentReference: Text.optional(),
  bankAccount: Reference.optional(),
  taxCurrency: Currency.optional(),
  taxTotalInTaxCurrency: Decimal.optional(),
}

/** What a supplier asks to be paid. */
export const SupplierInvoice = z.strictObject({
  ...billed,
  /** Invoices that this one corrects. */
  corrects: z.array(Reference).max(100).default([]),
  /** A negative quantity takes back what was invoiced, as a credit note does. */
  lines: z.array(invoicedLine.refine(isPriced, unpriced)).min(1).max(10_000),
})

/** What a supplier gives back: amounts and quantities are positive. */
export const SupplierCreditNote = z.strictObject({
  ...billed,
  corrects: z.array(Reference).max(100).default([]),
  lines: z
    .array(
      invoicedLine
        /** `price` lowers the price of what stays invoiced; `quantity` takes it off the invoice. */
        .extend({ kind: z.enum(['quantity', 'price']).optional() })
        .refine(isPriced, unpriced),
    )
    .min(1)
    .max(10_000),
})

export type PurchaseOrder = z.output<typeof PurchaseOrder>
export type PurchaseOrderLine = z.output<typeof PurchaseOrderLine>
export type GoodsReceipt = z.output<typeof GoodsReceipt>
export type GoodsReturn = z.output<typeof GoodsReturn>
export type SupplierInvoice = z.output<typeof SupplierInvoice>
export type SupplierCreditNote = z.output<typeof SupplierCreditNote>
/** A line of either. */
export type BilledLine = SupplierInvoice['lines'][number] & Pick<SupplierCreditNote['lines'][number], 'kind'>
export type Surcharge = z.output<typeof Surcharge>
