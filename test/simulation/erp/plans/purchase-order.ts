import Big from 'big.js'
import type { FoundDocument, PostingPlan } from '#connectors/port.ts'
import type {
  PurchaseOrderAmendmentPosting,
  PurchaseOrderEndPosting,
  PurchaseOrderPosting,
} from '#connectors/purchasing-port.ts'
import type { PurchaseOrderLine } from '#domain/procurement-documents.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { Found } from '../wire.ts'
import { amendmentPlan } from './amendment.ts'
import { differs, fromCents, linesDiffer, quantities, toCents } from './content.ts'
import { documentPlan, type Step, step } from './document.ts'
import { orderEndPlan } from './order-end.ts'

export function purchaseOrderPlan(client: ErpClient, profile: Profile, posting: PurchaseOrderPosting): PostingPlan {
  const request = { kind: 'purchase-order', reference: posting.reference } as const
  return documentPlan(client, request, (found) => inspect(posting, found), [
    creating(profile, posting),
    confirming(profile, posting),
  ])
}

export function purchaseOrderAmendmentPlan(
  client: ErpClient,
  profile: Profile,
  posting: PurchaseOrderAmendmentPosting,
): PostingPlan {
  const { purchaseOrderId, reference, version } = posting
  const { transition } = profile
  return amendmentPlan(client, {
    kind: 'purchase-order',
    oldId: purchaseOrderId,
    reference,
    claim: step('claim-purchase-amendment', transition, (sent) => ({ ...sent, reference, purchaseOrderId, version })),
    create: creating(profile, posting),
    withdraw: step('withdraw-purchase-order', transition, (sent) => ({ ...sent, reference, purchaseOrderId })),
    confirm: confirming(profile, posting),
    inspect: (found) => inspect(posting, found),
  })
}

/** Before anything has arrived, or short of what has not. */
export function purchaseOrderEndPlan(
  client: ErpClient,
  { transition }: Profile,
  { purchaseOrderId, reference }: PurchaseOrderEndPosting,
  name: 'cancel-purchase-order' | 'close-purchase-order',
): PostingPlan {
  const end = step(name, transition, (sent) => ({ ...sent, reference, purchaseOrderId }))
  return orderEndPlan(client, 'purchase-order', purchaseOrderId, reference, end)
}

function creating(profile: Profile, posting: PurchaseOrderPosting): Step {
  const { purchaseOrder, ids, reference } = posting
  const { number, currency } = purchaseOrder
  const content = { number, supplier: ids.supplierId, currency, lines: linesOf(posting) }
  return step('create-purchase-order', profile.create, (sent) => ({ ...sent, reference, ...content }))
}

function confirming({ transition }: Profile, { reference }: PurchaseOrderPosting): Step {
  return step('confirm-purchase-order', transition, (sent, id) => ({ ...sent, reference, purchaseOrderId: id }))
}

function inspect(posting: PurchaseOrderPosting, found: Found): FoundDocument {
  const { currency } = posting.purchaseOrder
  return {
    document: { id: found.id, number: found.id, amount: netOf(posting), currency, lines: quantities(found) },
    done: found.isAdvanced ? 2 : 1,
    stamp: found.stamp,
    differences: [
      ...differs('suppliers', found.customer ?? '', posting.ids.supplierId),
      ...linesDiffer(found, linesOf(posting)),
    ],
  }
}

function linesOf({ purchaseOrder, ids }: PurchaseOrderPosting) {
  return purchaseOrder.lines.map((line) => ({
    line: line.number,
    item: line.item === undefined ? '' : (ids.itemIds[line.item.id ?? ''] ?? '?'),
    quantity: Number(line.quantity),
    cents: toCents(priceOf(line).toFixed()),
    taxRate: Number(line.taxRate ?? '0'),
  }))
}

function priceOf({ unitPrice, priceQuantity, discount = '0' }: PurchaseOrderLine): Big {
  return new Big(unitPrice).div(priceQuantity).times(new Big(1).minus(discount))
}

/** This ERP adds up without tax what is ordered. */
function netOf({ purchaseOrder }: PurchaseOrderPosting): string {
  const { lines, freight = '0', charges, allowances } = purchaseOrder
  const added = [freight, ...charges.map(({ amount }) => amount)].map(toCents)
  const taken = allowances.map(({ amount }) => -toCents(amount))
  const ordered = lines.map((line) => toCents(priceOf(line).times(line.quantity).toFixed()))
  return fromCents([...ordered, ...added, ...taken].reduce((sum, cents) => sum + cents, 0))
}
