import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import type { PostingPlan, SalesOrderPosting, SendOutcome } from '../port.ts'
import { addressesFor } from './addresses.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf } from './errors.ts'
import { type SaleLineValues, saleLines, saleLineWire } from './mapping.ts'
import { findSales, inspectSale, processingSteps } from './sale.ts'
import { sending } from './send.ts'
import type { Settings } from './settings.ts'
import { date, Id, recordId } from './wire.ts'

/** Brings a sales order to `processing`: created, quoted, confirmed, and with its delivery planned. */
export function salesOrderPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: SalesOrderPosting,
): PostingPlan {
  const search = (signal?: AbortSignal) => findSales(client, settings, posting.reference, signal)
  return {
    operations: [
      {
        name: 'create-sales-order',
        doubt: 'natural-key',
        send: () => sending(() => createSale(client, settings, posting)),
      },
      ...processingSteps(client, search),
    ],
    find: async () => {
      const expected = saleLines(posting.salesOrder, posting.ids, await settings())
      return Promise.all((await search()).map((sale) => inspectSale(client, posting, expected, sale)))
    },
  }
}

/** Creates the sale as a draft, under our reference as its natural key. */
export async function createSale(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: SalesOrderPosting,
): Promise<SendOutcome> {
  const signal = client.deadline()
  const known = await settings()
  const { salesOrder, ids, reference, system } = posting
  const currency = known.currencies[salesOrder.currency]
  if (currency === undefined) {
    const message = `Tryton has no currency ${salesOrder.currency}`
    throw new BusinessError(
      { code: 'UNKNOWN_CURRENCY', message, field: 'currency', owner: 'finance' },
      { system: 'tryton' },
    )
  }
  const party = await customer(client, ids.customerId, signal)
  const lines = saleLines(salesOrder, ids, known)
  const units = await unitsOf(client, lines, signal)
  const addresses = await addressesFor(client, party.id, salesOrder, signal)
  const sale = {
    web_shop: known.shop,
    web_id: reference,
    reference: salesOrder.number,
    description: `${system} ${salesOrder.number}`,
    sale_date: date(salesOrder.orderedOn),
    ...(salesOrder.requestedOn && { shipping_date: date(salesOrder.requestedOn) }),
    party: party.id,
    // Without one of the customer's own, Tryton takes the company's default.
    ...(party.customer_payment_term !== null && { payment_term: party.customer_payment_term }),
    invoice_address: addresses.invoice,
    shipment_address: addresses.shipment,
    currency,
    // Each delivery gets an invoice of its own.
    invoice_method: 'fulfillment',
    shipment_method: 'order',
    lines: [['create', lines.map((line, index) => saleLineWire(line, index + 1, units.get(line.product) ?? 0))]],
  }
  const reply = await client.write('model.sale.sale.create', [[sale]], { signal })
  return reply.kind === 'result' ? { kind: 'answered' } : outcomeOf(reply)
}

async function customer(client: TrytonClient, id: string, signal: AbortSignal) {
  const Party = z.object({ id: Id, customer_payment_term: Id.nullable() })
  const [party] = await client.search(
    Party,
    'party.party',
    [['id', '=', recordId(id)]],
    ['customer_payment_term'],
    signal,
  )
  if (party !== undefined) return party
  const message = `Tryton has no active customer ${id}; its cross-reference is out of date`
  throw new BusinessError(
    { code: 'UNKNOWN_CUSTOMER', message, field: 'customer.id', owner: 'sales' },
    { system: 'tryton' },
  )
}

async function unitsOf(
  client: TrytonClient,
  lines: readonly SaleLineValues[],
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const Unit = z.object({ id: Id, default_uom: Id, sale_uom: Id.nullable() })
  const ids = [...new Set(lines.map((line) => line.product))]
  const products = await client.search(
    Unit,
    'product.product',
    [['id', 'in', ids]],
    ['default_uom', 'sale_uom'],
    signal,
  )
  const gone = ids.find((id) => !products.some((product) => product.id === id))
  if (gone !== undefined) {
    const message = `Tryton has no active item ${gone}; its cross-reference is out of date`
    throw new BusinessError({ code: 'UNKNOWN_ITEM', message, owner: 'sales' }, { system: 'tryton' })
  }
  return new Map(products.map((product) => [product.id, product.sale_uom ?? product.default_uom]))
}
