import type { PaymentAllocationPosting, PostingPlan } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { processSales, unfinishedAfterPayment } from './lost-tasks.ts'
import { refuse } from './original.ts'
import type { Settings } from './settings.ts'
import { settlingPlan } from './settle-invoice.ts'

/**
 * Moves an amount between the customer's account and an invoice or a credit note. Both accounts are receivables, so the
 * customer's receivable stays as it is; the invoice becomes `paid` when it is settled in full.
 */
export function paymentAllocationPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { allocatedOn, ...posting }: PaymentAllocationPosting,
): PostingPlan {
  return settlingPlan(client, {
    ...posting,
    name: 'allocate-payment',
    settledOn: allocatedOn,
    method: async () => (await settings()).onAccount,
    refuse,
    tasks: {
      unfinished: unfinishedAfterPayment,
      processOrders: (of, orders) => processSales(of, 'process-sales-order', orders),
    },
  })
}
