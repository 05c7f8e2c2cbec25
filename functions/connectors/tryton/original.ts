import type Big from 'big.js'
import * as z from 'zod'
import { BusinessError, type Owner } from '#domain/errors.ts'
import { sum } from '#domain/money.ts'
import type { TrytonClient } from './client.ts'
import { isServiceKey } from './mapping.ts'
import { Decimal, date, Id, Ids, idOf, Move, moveFields, OrderedLine, orderedLineFields } from './wire.ts'

/** A sales order that something is taken back of or credited for, as it stands in Tryton. */
const Original = z.object({
  id: Id,
  company: Id,
  reference: z.string().nullable(),
  party: Id,
  invoice_address: Id.nullable(),
  shipment_address: Id.nullable(),
  currency: Id,
  'currency.': z.object({ code: z.string() }),
  payment_term: Id.nullable(),
  lines: Ids,
})
const headFields = [
  ['company', 'reference', 'party', 'invoice_address', 'shipment_address'],
  ['currency', 'currency.code', 'payment_term', 'lines'],
].flat()

export interface OrderLine {
  readonly key: string
  readonly product: number
  readonly unit: number
  readonly unitPrice: string
  readonly taxes: readonly number[]
  readonly description: string | null
  readonly delivered: string
  /** Taken back by other returns. */
  readonly returned: string
  /** On an invoice, less what other credit notes took off it line by line. */
  readonly invoiced: string
}

export type FoundOriginal = z.output<typeof Original> & { readonly orderLines: readonly OrderLine[] }

/** Reads the sales order with what was delivered, invoiced, and taken back by anything but our own reference. */
export async function readOriginal(
  client: TrytonClient,
  salesOrderId: number,
  ownReference: string,
  signal?: AbortSignal,
): Promise<FoundOriginal> {
  const [head] = await client.search(Original, 'sale.sale', [['id', '=', salesOrderId]], headFields, signal)
  if (head === undefined) throw refuse('UNKNOWN_SALES_ORDER', `Tryton has no sales order ${salesOrderId}`)
  const lines = await client.records(OrderedLine, 'sale.line', head.lines, orderedLineFields, signal)
  const delivered = await movedOf(client, salesOrderId, signal)
  const back = await client.search(
    OrderedLine,
    'sale.line',
    backOf(salesOrderId, ownReference),
    orderedLineFields,
    signal,
  )
  const orderLines = lines.flatMap((line): OrderLine[] => {
    if (line.product === null || line.unit === null || line.note === null || isServiceKey(line.note)) return []
    const same = back.filter(({ note }) => note === line.note)
    const quantity = (of: typeof back) => sum(of.map((one) => one.quantity ?? '0')).times(-1)
    const moved = sum(delivered.filter(({ origin }) => idOf(origin, 'sale.line') === line.id).map((m) => m.quantity))
    return [
      {
        key: line.note,
        product: line.product,
        unit: line.unit,
        unitPrice: line.unit_price ?? '0',
        taxes: line.taxes,
        description: line.description,
        delivered: moved.toFixed(),
        returned: quantity(same.filter(({ product }) => product === line.product)).toFixed(),
        invoiced: moved.minus(quantity(same)).toFixed(),
      },
    ]
  })
  return { ...head, orderLines }
}

/** What other returns and credit notes of the same sales order hold. */
function backOf(salesOrderId: number, ownReference: string) {
  return [
    ['sale.origin', '=', `sale.sale,${salesOrderId}`],
    ['sale.state', '!=', 'cancelled'],
    ['sale.web_id', '!=', ownReference],
  ]
}

function movedOf(client: TrytonClient, salesOrderId: number, signal?: AbortSignal) {
  const domain = [
    ['origin.sale', '=', salesOrderId, 'sale.line'],
    ['state', '=', 'done'],
  ]
  return client.search(Move, 'stock.move', domain, moveFields, signal)
}

/** How much of the sales order's posted invoices no posted credit note has taken back, tax included, and their lines. */
export async function creditable(
  client: TrytonClient,
  salesOrderId: number,
  signal: AbortSignal,
): Promise<{ readonly amount: Big; readonly lines: readonly number[] }> {
  const Total = z.object({ id: Id, total_amount: Decimal, lines: Ids })
  const invoices = await client.search(
    Total,
    'account.invoice',
    [
      ['lines.origin.sale', '=', salesOrderId, 'sale.line'],
      ['state', 'in', ['posted', 'paid']],
    ],
    ['total_amount', 'lines'],
    signal,
  )
  const credits = await client.search(
    Total,
    'account.invoice',
    [
      ['lines.origin.sale.origin', '=', `sale.sale,${salesOrderId}`, 'sale.line'],
      ['state', 'in', ['posted', 'paid']],
    ],
    ['total_amount', 'lines'],
    signal,
  )
  const all = [...invoices, ...credits]
  return { amount: sum(all.map(({ total_amount }) => total_amount)), lines: all.flatMap(({ lines }) => lines) }
}

/** The head of a sale that takes something of this one back: Tryton's own form of a return (`sale.return_sale`). */
export function backSaleWire(
  original: FoundOriginal,
  shop: number,
  back: { readonly reference: string; readonly text: string; readonly on: string },
) {
  return {
    web_shop: shop,
    web_id: back.reference,
    origin: `sale.sale,${original.id}`,
    reference: original.reference,
    description: back.text,
    sale_date: date(back.on),
    party: original.party,
    payment_term: original.payment_term,
    invoice_address: original.invoice_address,
    shipment_address: original.shipment_address,
    currency: original.currency,
    invoice_method: 'fulfillment',
    shipment_method: 'order',
  }
}

export function refuse(code: string, message: string, field?: string, owner: Owner = 'finance'): BusinessError {
  return new BusinessError({ code, message, field, owner }, { system: 'tryton' })
}
