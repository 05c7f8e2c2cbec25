import type { PostingPlan } from '../port.ts'
import type { SupplierPaymentPosting } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import { refusePurchase } from './purchase.ts'
import { processPurchases, unfinishedAfterSettling } from './purchase-lost-tasks.ts'
import type { Settings } from './settings.ts'
import { settlingPlan } from './settle-invoice.ts'

/** Settles a supplier's invoice or credit note over the bank, or over the supplier's account. */
export function supplierPaymentPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  { over, paidOn, ...posting }: SupplierPaymentPosting,
): PostingPlan {
  return settlingPlan(client, {
    ...posting,
    name: 'pay-supplier',
    settledOn: paidOn,
    method: async () => (over === 'bank' ? (await settings()).bank : (await settings()).suppliersOnAccount()),
    refuse: (code, message, field) => refusePurchase(code, message, field, 'finance'),
    tasks: {
      unfinished: unfinishedAfterSettling,
      processOrders: (of, orders) => processPurchases(of, 'process-purchase-order', orders),
    },
  })
}
