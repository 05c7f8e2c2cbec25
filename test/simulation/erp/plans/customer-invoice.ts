import type { CustomerInvoicePosting, PostingPlan } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { Found } from '../wire.ts'
import { fromCents } from './content.ts'
import { documentPlan, guardedBy, step } from './document.ts'

export function customerInvoicePlan(client: ErpClient, profile: Profile, posting: CustomerInvoicePosting): PostingPlan {
  const { deliveryId, reference } = posting
  const toDocument = (found: Found) => ({
    document: { id: found.id, number: found.id, amount: fromCents(found.cents ?? 0), currency: 'EUR' },
    done: found.isAdvanced ? 2 : 1,
    stamp: found.stamp,
    differences: [],
  })
  const request = { kind: 'customer-invoice', reference, ...guardedBy(profile, deliveryId) } as const
  return documentPlan(client, request, toDocument, [
    step('create-customer-invoice', profile.follow, (sent) => ({ ...sent, reference, deliveryId })),
    step('post-customer-invoice', profile.transition, (sent, id) => ({ ...sent, reference, invoiceId: id })),
  ])
}
