import type { PaymentAllocationPosting, PaymentOnAccountPosting, PostingPlan } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { Found } from '../wire.ts'
import { differs, fromCents, toCents } from './content.ts'
import { documentPlan, guardedBy, step } from './document.ts'

/**
 * Many payments of other cases are booked on the same account, so no stamp of the account can guard one: it is opened
 * first, which books nothing, and the stamp of what was opened guards the rest.
 */
export function paymentOnAccountPlan(
  client: ErpClient,
  profile: Profile,
  posting: PaymentOnAccountPosting,
): PostingPlan {
  const { direction, customerId: customer, amount, currency, reference } = posting
  const content = { direction, customer, cents: toCents(amount) }
  const describe = (of: Partial<typeof content> | Found) => `${of.direction} ${of.customer} ${of.cents}`
  const toDocument = (found: Found) => ({
    document: { id: found.id, number: found.id, amount: fromCents(found.cents ?? 0), currency },
    done: found.isAdvanced ? 2 : 1,
    stamp: found.stamp,
    differences: differs('direction, customer and cents', describe(found), describe(content)),
  })
  return documentPlan(client, { kind: 'payment-on-account', reference }, toDocument, [
    step('open-payment', profile.create, (sent) => ({ ...sent, reference, ...content })),
    step('post-payment', profile.transition, (sent, id) => ({ ...sent, reference, paymentId: id })),
  ])
}

/** The invoice or credit note guards what is applied to it. */
export function paymentAllocationPlan(
  client: ErpClient,
  profile: Profile,
  { invoiceId, amount, currency, reference }: PaymentAllocationPosting,
): PostingPlan {
  const cents = toCents(amount)
  const describe = (of: Found | { readonly invoiceId: string; readonly cents: number }) =>
    `${of.cents} to ${of.invoiceId}`
  const toDocument = (found: Found) => ({
    document: { id: found.id, number: found.id, amount: fromCents(found.cents ?? 0), currency },
    done: 1,
    stamp: found.stamp,
    differences: differs('applied cents', describe(found), describe({ invoiceId, cents })),
  })
  const request = { kind: 'payment-allocation', reference, ...guardedBy(profile, invoiceId) } as const
  return documentPlan(client, request, toDocument, [
    step('allocate-payment', profile.follow, (sent) => ({ ...sent, reference, invoiceId, cents })),
  ])
}
