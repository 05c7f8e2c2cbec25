import * as z from 'zod'
import type { Operation, PostingPlan } from '../port.ts'
import type { PurchaseOrderPosting } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import type { LineValues } from './mapping.ts'
import { filling, opening } from './opened-empty.ts'
import { findPurchases, inspectPurchase, openedPurchase, processingPurchase, refusePurchase } from './purchase.ts'
import { purchaseLines, purchaseLineWire } from './purchase-lines.ts'
import type { Settings } from './settings.ts'
import { date, Flag, Id, recordId } from './wire.ts'

/**
 * Brings a purchase order to `processing`: what is ordered is planned to arrive. No field of a purchase is unique, so it
 * is opened empty and then filled. Nothing is invoiced by Tryton itself (`manual`): the supplier's own invoice is booked.
 */
export function purchaseOrderPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: PurchaseOrderPosting,
): PostingPlan {
  return {
    operations: [...draftedPurchase(client, settings, posting), ...processingPurchase(client, 'purchase-order')],
    find: () => inspectPurchases(client, settings, posting),
  }
}

/** Opens and fills it. */
export function draftedPurchase(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: PurchaseOrderPosting,
): readonly Operation[] {
  const opened = openedPurchase(posting.reference)
  return [
    opening(client, 'open-purchase-order', opened, (signal) => head(client, settings, posting, signal)),
    filling(client, 'fill-purchase-order', opened, async (signal) => {
      const lines = purchaseLines(posting.purchaseOrder, posting.ids, await settings())
      return { lines: [['create', await purchaseLinesWire(client, lines, signal)]] }
    }),
  ]
}

export async function inspectPurchases(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { purchaseOrder, ids, reference }: PurchaseOrderPosting,
) {
  const lines = purchaseLines(purchaseOrder, ids, await settings())
  const expected = { supplierId: ids.supplierId, currency: purchaseOrder.currency, lines }
  const purchases = await findPurchases(client, reference)
  return Promise.all(purchases.map((purchase) => inspectPurchase(client, purchase, expected)))
}

async function head(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { purchaseOrder, ids, reference, system }: PurchaseOrderPosting,
  signal: AbortSignal,
) {
  const known = await settings()
  const currency = known.currencies[purchaseOrder.currency]
  if (currency === undefined) {
    const message = `Tryton has no currency ${purchaseOrder.currency}`
    throw refusePurchase('UNKNOWN_CURRENCY', message, 'currency', 'finance')
  }
  // Whatever refuses the lines does so before anything is there.
  await purchaseLinesWire(client, purchaseLines(purchaseOrder, ids, known), signal)
  const party = await supplierOf(client, ids.supplierId, signal)
  return {
    reference,
    description: `${system} ${purchaseOrder.number}`,
    party: party.id,
    invoice_address: party.address,
    ...(party.paymentTerm !== null && { payment_term: party.paymentTerm }),
    ...(purchaseOrder.orderedOn && { purchase_date: date(purchaseOrder.orderedOn) }),
    currency,
    invoice_method: 'manual',
  }
}

async function supplierOf(client: TrytonClient, id: string, signal: AbortSignal) {
  const Party = z.object({ id: Id, supplier_payment_term: Id.nullable() })
  const Address = z.object({ id: Id, invoice: Flag })
  const domain = [['id', '=', recordId(id)]]
  const [party] = await client.search(Party, 'party.party', domain, ['supplier_payment_term'], signal)
  if (party === undefined) {
    const message = `Tryton has no active supplier ${id}; its cross-reference is out of date`
    throw refusePurchase('UNKNOWN_SUPPLIER', message, 'supplier.id')
  }
  const addresses = await client.search(Address, 'party.address', [['party', '=', party.id]], ['invoice'], signal)
  const address = addresses.find(({ invoice }) => invoice) ?? addresses[0]
  if (address === undefined) throw refusePurchase('ADDRESS_MISSING', `Tryton has no address of supplier ${id}`)
  return { id: party.id, address: address.id, paymentTerm: party.supplier_payment_term }
}

/** The lines as Tryton takes them, in the units that their items are bought in. */
export async function purchaseLinesWire(client: TrytonClient, lines: readonly LineValues[], signal: AbortSignal) {
  const Unit = z.object({ id: Id, default_uom: Id, purchase_uom: Id.nullable() })
  const ids = [...new Set(lines.flatMap(({ product }) => product ?? []))]
  const fields = ['default_uom', 'purchase_uom']
  const products = await client.search(Unit, 'product.product', [['id', 'in', ids]], fields, signal)
  return lines.map((line, index) => {
    const product = products.find(({ id }) => id === line.product)
    if (line.product !== null && product === undefined) {
      const message = `Tryton has no active item ${line.product}; its cross-reference is out of date`
      throw refusePurchase('UNKNOWN_ITEM', message)
    }
    return purchaseLineWire(line, index + 1, product?.purchase_uom ?? product?.default_uom)
  })
}
