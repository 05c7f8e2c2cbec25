import type { FoundDocument, PostingPlan, SalesOrderPosting } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { Found } from '../wire.ts'
import { linesDiffer, quantities, toCents } from './content.ts'
import { documentPlan, type Step, step } from './document.ts'

export function salesOrderPlan(client: ErpClient, profile: Profile, posting: SalesOrderPosting): PostingPlan {
  const request = { kind: 'sales-order', reference: posting.reference } as const
  return documentPlan(client, request, (found) => inspectSalesOrder(posting, found), [
    creating(profile, posting),
    confirming(profile, posting),
  ])
}

export function creating(profile: Profile, posting: SalesOrderPosting): Step {
  const { salesOrder, ids, reference } = posting
  const content = { number: salesOrder.number, customer: ids.customerId, lines: linesOf(posting) }
  return step('create-sales-order', profile.create, (sent) => ({ ...sent, reference, ...content }))
}

export function confirming(profile: Profile, { reference }: SalesOrderPosting): Step {
  return step('confirm-sales-order', profile.transition, (sent, id) => ({ ...sent, reference, salesOrderId: id }))
}

export function inspectSalesOrder(posting: SalesOrderPosting, found: Found): FoundDocument {
  const { netTotal, currency } = posting.salesOrder
  return {
    document: { id: found.id, number: found.id, amount: netTotal, currency, lines: quantities(found) },
    done: found.isAdvanced ? 2 : 1,
    stamp: found.stamp,
    differences: linesDiffer(found, linesOf(posting)),
  }
}

function linesOf({ salesOrder, ids }: SalesOrderPosting) {
  return salesOrder.lines.map(({ number, item, quantity, unitPrice }) => ({
    line: number,
    item: ids.itemIds[item.id] ?? '?',
    quantity: Number(quantity),
    cents: toCents(unitPrice),
  }))
}
