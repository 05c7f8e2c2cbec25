import type { PostingPlan, SalesOrderAmendmentPosting } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import { amendmentPlan } from './amendment.ts'
import { step } from './document.ts'
import { confirming, creating, inspectSalesOrder } from './sales-order.ts'

export function salesOrderAmendmentPlan(
  client: ErpClient,
  profile: Profile,
  posting: SalesOrderAmendmentPosting,
): PostingPlan {
  const { salesOrderId, reference, version } = posting
  const { transition } = profile
  return amendmentPlan(client, {
    kind: 'sales-order',
    oldId: salesOrderId,
    reference,
    claim: step('claim-amendment', transition, (sent) => ({ ...sent, reference, salesOrderId, version })),
    create: creating(profile, posting),
    withdraw: step('withdraw-sales-order', transition, (sent) => ({ ...sent, reference, salesOrderId })),
    confirm: confirming(profile, posting),
    inspect: (found) => inspectSalesOrder(posting, found),
  })
}
