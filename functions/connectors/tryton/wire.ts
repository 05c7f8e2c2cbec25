import Big from 'big.js'
import * as z from 'zod'
import { PoisonMessageError } from '#domain/errors.ts'

/** Tryton's JSON-RPC: what goes out and what comes back, as trytond/protocols/jsonrpc.py writes it. */

/** A record's id or null, as a Many2One reads. */
export const Id = z.int().positive()
const OptionalId = Id.nullable()

export const Decimal = z
  .object({ __class__: z.literal('Decimal'), decimal: z.string() })
  // Python may write an exponent: Decimal('0E-4').
  .transform((value) => new Big(value.decimal).toFixed())
/** Quantities are floats in Tryton. */
export const Quantity = z.number().transform((value) => new Big(value).toFixed())

export const Ids = z.array(Id)
/** On SQLite a boolean arrives as 0 or 1. */
export const Flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Boolean)

export const LoginResult = z.tuple([Id, z.string().min(1)]).rest(z.unknown())
/** What a user's own settings put into the context of each call: company, language and the like. */
export const Preferences = z.record(z.string(), z.unknown())

export const AnyRecord = z.object({ id: Id })
export const Stamped = z.object({ id: Id, _timestamp: z.string().nullable() })

export const SaleState = z.enum(['draft', 'quotation', 'confirmed', 'processing', 'done', 'cancelled'])
export const Sale = Stamped.extend({
  state: SaleState,
  number: z.string().nullable(),
  description: z.string().nullable(),
  party: Id,
  untaxed_amount: Decimal,
  total_amount: Decimal,
  lines: Ids,
  'currency.': z.object({ code: z.string() }),
})
export const SaleLine = z.object({
  id: Id,
  product: OptionalId,
  quantity: Quantity.nullable(),
  unit_price: Decimal.nullable(),
  amount: Decimal.nullable(),
  note: z.string().nullable(),
  taxes: Ids,
})

export const ShipmentState = z.enum([
  'draft',
  'waiting',
  'assigned',
  'picked',
  'packed',
  'shipped',
  'done',
  'cancelled',
])
export const Shipment = Stamped.extend({
  state: ShipmentState,
  number: z.string().nullable(),
  reference: z.string().nullable(),
  warehouse_storage: Id,
  warehouse_output: Id,
  inventory_moves: Ids,
  outgoing_moves: Ids,
})
export const Move = z.object({
  id: Id,
  state: z.enum(['staging', 'draft', 'assigned', 'done', 'cancelled']),
  quantity: Quantity,
  product: Id,
  /** `sale.line,7`, or for an inventory move the outgoing move it picks for: `stock.move,9`. */
  origin: z.string().nullable(),
  invoice_lines: Ids,
})

export const moveFields = ['state', 'quantity', 'product', 'origin', 'invoice_lines']

export const InvoiceState = z.enum(['draft', 'validated', 'posted', 'paid', 'cancelled'])
export const Invoice = Stamped.extend({
  state: InvoiceState,
  party: Id,
  number: z.string().nullable(),
  reference: z.string().nullable(),
  untaxed_amount: Decimal,
  total_amount: Decimal,
  lines: Ids,
  'currency.': z.object({ code: z.string() }),
})
export const InvoiceLine = z.object({
  id: Id,
  quantity: Quantity.nullable(),
  unit_price: Decimal.nullable(),
  note: z.string().nullable(),
  stock_moves: Ids,
})

export const Address = z.object({
  id: Id,
  party_name: z.string().nullable(),
  street_unstructured: z.string().nullable(),
  city: z.string().nullable(),
  postal_code: z.string().nullable(),
  country: OptionalId,
  invoice: Flag,
  delivery: Flag,
})

/** A decimal on its way to Tryton. */
export function decimal(text: string) {
  return { __class__: 'Decimal', decimal: text } as const
}

/** `2026-11-24` on its way to Tryton. */
export function date(isoDate: string) {
  const [year = 0, month = 0, day = 0] = isoDate.split('-').map(Number)
  return { __class__: 'date', year, month, day } as const
}

/** A record's id as the port carries it: text. */
export function recordId(id: string): number {
  if (/^[1-9]\d{0,15}$/.test(id)) return Number(id)
  throw new PoisonMessageError(`"${id}" is no id of Tryton`, { system: 'tryton' })
}

/** The id of a reference such as `sale.line,7`, when it points to that model. */
export function idOf(reference: string | null, model: string): number | undefined {
  const [name, id] = (reference ?? '').split(',')
  return name === model ? Number(id) : undefined
}

/** The head of a sale or a purchase, as far as ending it needs. */
export const OrderHead = Stamped.extend({
  state: SaleState,
  number: z.string().nullable(),
  comment: z.string().nullable(),
  shipment_state: z.string(),
  invoices_ignored: Ids,
  invoices_recreated: Ids,
})
export const orderHeadFields = [
  ['_timestamp', 'state', 'number', 'comment', 'shipment_state'],
  ['invoices_ignored', 'invoices_recreated'],
].flat()

/** A line of a sale or a purchase. */
export const OrderedLine = z.object({
  id: Id,
  note: z.string().nullable(),
  description: z.string().nullable(),
  product: Id.nullable(),
  unit: Id.nullable(),
  quantity: Quantity.nullable(),
  unit_price: Decimal.nullable(),
  taxes: Ids,
})
export const orderedLineFields = ['note', 'description', 'product', 'unit', 'quantity', 'unit_price', 'taxes']
