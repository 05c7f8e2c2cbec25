import type { ErpConnection, ErpConnector } from '#connectors/port.ts'
import { createClient } from './client.ts'
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
export function connectSimulatedErp(profile: () => Profile): (connection: ErpConnection) => ErpConnector {
  return ({ url, clientTimeoutMs, settleMs }) => {
    const client = createClient(url, clientTimeoutMs)
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
      salesOrder: (posting) => salesOrderPlan(client, profile(), posting),
      goodsIssue: (posting) => goodsIssuePlan(client, profile(), posting),
      customerInvoice: (posting) => customerInvoicePlan(client, profile(), posting),
      salesOrderAmendment: (posting) => salesOrderAmendmentPlan(client, profile(), posting),
      salesOrderCancellation: (posting) => salesOrderCancellationPlan(client, profile(), posting),
      salesOrderClosing: (posting) => salesOrderClosingPlan(client, profile(), posting),
      goodsReturn: (posting) => goodsReturnPlan(client, profile(), posting),
      creditNote: (posting) => creditNotePlan(client, profile(), posting),
      paymentOnAccount: (posting) => paymentOnAccountPlan(client, profile(), posting),
      paymentAllocation: (posting) => paymentAllocationPlan(client, profile(), posting),
      ...purchasingPlans(client, profile),
      // No history has a person who names a document.
      findDocument: async () => [],
      findCustomer: async () => undefined,
      findItem: async () => undefined,
      stockOnHand: async () => '0',
    }
  }
}
