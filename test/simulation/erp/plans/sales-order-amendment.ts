import type { FoundDocument, PostingPlan, SalesOrderAmendmentPosting } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { Found } from '../wire.ts'
import { sendingStep, step } from './document.ts'
import { confirming, creating, inspectSalesOrder } from './sales-order.ts'

/**
 * A newer version is a sales order of its own. First the old one says which version is to replace it; it is withdrawn
 * when the new one is there, and before that one is confirmed, so that never both of them can be delivered.
 */
export function salesOrderAmendmentPlan(
  client: ErpClient,
  profile: Profile,
  posting: SalesOrderAmendmentPosting,
): PostingPlan {
  const { salesOrderId, reference, version } = posting
  const request = { kind: 'sales-order', reference } as const
  const oldOnly = new Set([salesOrderId])
  const known = new Set<string>()
  const claim = step('claim-amendment', profile.transition, (sent) => ({ ...sent, reference, salesOrderId, version }))
  const withdraw = step('withdraw-sales-order', profile.transition, (sent) => ({ ...sent, reference, salesOrderId }))
  return {
    operations: [
      sendingStep(client, request, oldOnly, claim, false),
      sendingStep(client, request, known, creating(profile, posting), false),
      sendingStep(client, request, oldOnly, withdraw, false),
      sendingStep(client, request, known, confirming(profile, posting), true),
    ],
    find: async () => {
      const { found } = await client.find({ ...request, ids: [salesOrderId, ...known] })
      const old = found.find(({ id }) => id === salesOrderId)
      const now = found.filter(({ id }) => id !== salesOrderId)
      for (const { id } of now) known.add(id)
      if (old === undefined) return []
      return now.length > 0 ? now.map((one) => inspect(posting, old, one)) : [notCreated(posting, old)]
    },
  }
}

function notCreated({ reference }: SalesOrderAmendmentPosting, old: Found): FoundDocument {
  const done = old.claimedBy?.includes(reference) ? 1 : 0
  return { document: { id: old.id, number: old.id }, done, stamp: old.stamp, differences: [] }
}

function inspect(posting: SalesOrderAmendmentPosting, old: Found, now: Found): FoundDocument {
  const found = inspectSalesOrder(posting, now)
  const isWithdrawn = old.endedBy?.includes(posting.reference)
  return isWithdrawn ? { ...found, done: found.done + 2 } : { ...found, done: 2, stamp: old.stamp }
}
