import type { IncomingPaymentPosting, PaymentAllocationPosting, PostingPlan } from '../port.ts'
import type { TrytonClient } from './client.ts'
import type { Settings } from './settings.ts'
import { settlementPlan } from './settlement.ts'

/** Books a payment straight against invoices that are open: bank against receivable. */
export function incomingPaymentPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { payment, shares, reference }: IncomingPaymentPosting,
): PostingPlan {
  const { currency, receivedOn } = payment
  return settlementPlan(client, settings, 'pay-invoice', {
    shares,
    from: 'bank',
    currency,
    settledOn: receivedOn,
    reference,
  })
}

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
