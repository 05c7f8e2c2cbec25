import type { PaymentAllocationPosting, PostingPlan } from '../port.ts'
import type { TrytonClient } from './client.ts'
import type { Settings } from './settings.ts'
import { settlementPlan } from './settlement.ts'

/**
 * Moves an amount between the customer's account and an invoice or a credit note. Both accounts are receivables, so the
 * customer's receivable stays as it is; the invoice becomes `paid` when it is settled in full.
 */
export function paymentAllocationPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { invoiceId, amount, currency, allocatedOn, reference }: PaymentAllocationPosting,
): PostingPlan {
  return settlementPlan(client, settings, 'allocate-payment', {
    shares: [{ invoiceId, amount }],
    from: 'onAccount',
    currency,
    settledOn: allocatedOn,
    reference,
  })
}
