import type { ErpConnection, ErpConnector, PostingPlan } from '#connectors/port.ts'
import { createClient } from './client.ts'
import { fromCents } from './plans/content.ts'
import { creditNotePlan } from './plans/credit-note.ts'
import { customerInvoicePlan } from './plans/customer-invoice.ts'
import { goodsIssuePlan, goodsReturnPlan } from './plans/goods.ts'
import { paymentAllocationPlan, paymentOnAccountPlan } from './plans/payment.ts'
import { purchasingPlans } from './plans/purchasing.ts'
import { salesOrderPlan } from './plans/sales-order.ts'
import { salesOrderAmendmentPlan } from './plans/sales-order-amendment.ts'
import { salesOrderCancellationPlan, salesOrderClosingPlan } from './plans/sales-order-end.ts'
import type { Profile } from './profiles.ts'

/** The ERP of the simulation behind the port. A function keeps its connector, so the profile is asked for each time. */
export function connectSimulatedErp(
  profile: () => Profile,
  change: (plan: PostingPlan) => PostingPlan = (plan) => plan,
): (connection: ErpConnection) => ErpConnector {
  return ({ url, clientTimeoutMs, settleMs, gate }) => {
    const client = createClient(url, clientTimeoutMs, gate)
    return {
      name: 'simulated',
      facts: {
        clientTimeoutMs,
        settleMs,
        referenceLength: {
          'sales-order': 16,
          'sales-order-amendment': 16,
          'sales-order-cancellation': 16,
          'sales-order-closing': 16,
          'goods-issue': 16,
          'goods-return': 16,
          'customer-invoice': 16,
          'credit-note': 16,
          'incoming-payment': 16,
          'outgoing-payment': 16,
          'payment-allocation': 16,
          'purchase-order': 16,
          'purchase-order-amendment': 16,
          'purchase-order-cancellation': 16,
          'purchase-order-closing': 16,
          'goods-receipt': 16,
          'supplier-return': 16,
          'supplier-invoice': 16,
          'supplier-credit-note': 16,
          'supplier-payment': 16,
          'supplier-payment-allocation': 16,
        },
        unsupported: [],
      },
      salesOrder: (posting) => change(salesOrderPlan(client, profile(), posting)),
      goodsIssue: (posting) => change(goodsIssuePlan(client, profile(), posting)),
      customerInvoice: (posting) => change(customerInvoicePlan(client, profile(), posting)),
      salesOrderAmendment: (posting) => change(salesOrderAmendmentPlan(client, profile(), posting)),
      salesOrderCancellation: (posting) => change(salesOrderCancellationPlan(client, profile(), posting)),
      salesOrderClosing: (posting) => change(salesOrderClosingPlan(client, profile(), posting)),
      goodsReturn: (posting) => change(goodsReturnPlan(client, profile(), posting)),
      creditNote: (posting) => change(creditNotePlan(client, profile(), posting)),
      paymentOnAccount: (posting) => change(paymentOnAccountPlan(client, profile(), posting)),
      paymentAllocation: (posting) => change(paymentAllocationPlan(client, profile(), posting)),
      ...purchasingPlans(client, profile, change),
      recordKinds,
      changed: async (_period, after) => {
        const from = Number(after ?? '0')
        // One more tells whether another page follows.
        const read = await client.records({ from, to: from + pageLength + 1 })
        const next = read.length > pageLength ? { next: String(from + pageLength) } : {}
        return { records: read.slice(0, pageLength), ...next }
      },
      recordsOf: async (_document, name) => await client.records(name),
      findDocument: async (kind, number) =>
        (await client.read(kind, number)).map(({ id, cents, lines, ...more }) => ({
          document: {
            ...{ id, number: id },
            ...(cents !== undefined && { amount: fromCents(cents), currency: 'EUR' }),
            ...(lines && { lines: lines.map(({ line, quantity }) => ({ line, quantity: String(quantity) })) }),
          },
          ...more,
        })),
      findCustomer: async () => undefined,
      findItem: async () => undefined,
      stockOnHand: async () => '0',
    }
  }
}

const recordKinds = [
  ...(['sales-order', 'sales-order-amendment', 'goods-issue', 'goods-return', 'customer-invoice'] as const),
  ...(['credit-note', 'incoming-payment', 'outgoing-payment', 'payment-allocation'] as const),
  ...(['purchase-order', 'purchase-order-amendment', 'goods-receipt', 'supplier-return'] as const),
  ...(['supplier-invoice', 'supplier-credit-note', 'supplier-payment', 'supplier-payment-allocation'] as const),
]
const pageLength = 500
