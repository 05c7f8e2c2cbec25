import type { PostingPlan, SalesOrderEndPosting } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import { sendingStep, step } from './document.ts'

export function salesOrderCancellationPlan(client: ErpClient, profile: Profile, posting: SalesOrderEndPosting) {
  return endPlan(client, profile, posting, 'cancel-sales-order')
}

export function salesOrderClosingPlan(client: ErpClient, profile: Profile, posting: SalesOrderEndPosting) {
  return endPlan(client, profile, posting, 'close-sales-order')
}

/** A change of the sales order itself, which says by what it was ended. */
function endPlan(
  client: ErpClient,
  profile: Profile,
  { salesOrderId, reference }: SalesOrderEndPosting,
  name: 'cancel-sales-order' | 'close-sales-order',
): PostingPlan {
  const request = { kind: 'sales-order', reference } as const
  const known = new Set([salesOrderId])
  const end = step(name, profile.transition, (sent) => ({ ...sent, reference, salesOrderId }))
  return {
    operations: [sendingStep(client, request, known, end, false)],
    find: async () => {
      const { found } = await client.find({ ...request, ids: [salesOrderId] })
      return found.map(({ id, stamp, endedBy }) => ({
        document: { id, number: id },
        done: endedBy?.includes(reference) ? 1 : 0,
        stamp,
        differences: [],
      }))
    },
  }
}
