import type { ErpConnection, ErpConnector } from '#connectors/port.ts'
import { createClient } from './client.ts'
import { customerInvoicePlan, goodsIssuePlan, incomingPaymentPlan, salesOrderPlan } from './plans.ts'
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
        referenceLength: { 'sales-order': 16, 'goods-issue': 16, 'customer-invoice': 16, 'incoming-payment': 16 },
        unsupported: [],
      },
      salesOrder: (posting) => salesOrderPlan(client, profile(), posting),
      goodsIssue: (posting) => goodsIssuePlan(client, profile(), posting),
      customerInvoice: (posting) => customerInvoicePlan(client, profile(), posting),
      incomingPayment: (posting) => incomingPaymentPlan(client, profile(), posting),
      findCustomer: async () => undefined,
      findItem: async () => undefined,
      stockOnHand: async () => '0',
    }
  }
}
