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
        },
        unsupported: [
          'sales-order-amendment',
          'sales-order-cancellation',
          'sales-order-closing',
          'goods-return',
          'credit-note',
          'outgoing-payment',
          'payment-allocation',
        ],
      },
      salesOrder: (posting) => salesOrderPlan(client, profile(), posting),
      goodsIssue: (posting) => goodsIssuePlan(client, profile(), posting),
      customerInvoice: (posting) => customerInvoicePlan(client, profile(), posting),
      incomingPayment: (posting) => incomingPaymentPlan(client, profile(), posting),
      salesOrderAmendment: () => notSimulated('amendment of a sales order'),
      salesOrderCancellation: () => notSimulated('cancellation of a sales order'),
      salesOrderClosing: () => notSimulated('closing of a sales order'),
      goodsReturn: () => notSimulated('goods return'),
      creditNote: () => notSimulated('credit note'),
      paymentOnAccount: () => notSimulated('payment on account'),
      paymentAllocation: () => notSimulated('payment allocation'),
      findCustomer: async () => undefined,
      findItem: async () => undefined,
      stockOnHand: async () => '0',
    }
  }
}

function notSimulated(document: string): never {
  throw new Error(`The simulated ERP knows no ${document} yet`)
}
