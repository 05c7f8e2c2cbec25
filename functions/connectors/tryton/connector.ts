import type { ErpConnection, ErpConnector } from '../port.ts'
import { TrytonClient } from './client.ts'
import { creditNotePlan } from './credit-note.ts'
import { customerInvoicePlan } from './customer-invoice.ts'
import { findDocument } from './find-document.ts'
import { goodsIssuePlan } from './goods-issue.ts'
import { goodsReturnPlan } from './goods-return.ts'
import { findCustomer, findItem, stockOnHand } from './master-data.ts'
import { paymentAllocationPlan } from './payment-allocation.ts'
import { paymentOnAccountPlan } from './payment-on-account.ts'
import { purchasingPlans } from './purchasing.ts'
import { trytonRecords } from './records.ts'
import { salesOrderPlan } from './sales-order.ts'
import { salesOrderAmendmentPlan } from './sales-order-amendment.ts'
import { salesOrderCancellationPlan, salesOrderClosingPlan } from './sales-order-end.ts'
import { settingsOf } from './settings.ts'

/**
 * Tryton 8.2 behind the port, over JSON-RPC: the REST API has neither the optimistic lock (`_timestamp`) nor the pay
 * wizard. Credentials: `database`, `login`, `password`.
 */
export function connectTryton(connection: ErpConnection): ErpConnector {
  const client = new TrytonClient(connection)
  const settings = settingsOf(client)
  return {
    name: 'tryton',
    facts: {
      clientTimeoutMs: connection.clientTimeoutMs,
      settleMs: connection.settleMs,
      // Char fields without a size: these are texts of PostgreSQL and SQLite. Kept to what a person can read.
      referenceLength: {
        'sales-order': 80,
        'sales-order-amendment': 80,
        'sales-order-cancellation': 80,
        'sales-order-closing': 80,
        'goods-issue': 80,
        'goods-return': 80,
        'customer-invoice': 80,
        'credit-note': 80,
        'incoming-payment': 80,
        'outgoing-payment': 80,
        'payment-allocation': 80,
        'purchase-order': 80,
        'purchase-order-amendment': 80,
        'purchase-order-cancellation': 80,
        'purchase-order-closing': 80,
        'goods-receipt': 80,
        'supplier-return': 80,
        'supplier-invoice': 80,
        'supplier-credit-note': 80,
        'supplier-payment': 80,
        'supplier-payment-allocation': 80,
      },
      unsupported: [],
    },
    salesOrder: (posting) => salesOrderPlan(client, settings, posting),
    salesOrderAmendment: (posting) => salesOrderAmendmentPlan(client, settings, posting),
    salesOrderCancellation: (posting) => salesOrderCancellationPlan(client, posting),
    salesOrderClosing: (posting) => salesOrderClosingPlan(client, posting),
    goodsIssue: (posting) => goodsIssuePlan(client, posting),
    customerInvoice: (posting) => customerInvoicePlan(client, posting),
    goodsReturn: (posting) => goodsReturnPlan(client, settings, posting),
    creditNote: (posting) => creditNotePlan(client, settings, posting),
    paymentOnAccount: (posting) => paymentOnAccountPlan(client, settings, posting),
    paymentAllocation: (posting) => paymentAllocationPlan(client, settings, posting),
    ...purchasingPlans(client, settings),
    ...trytonRecords(client, settings),
    findDocument: (kind, number) => findDocument(client, kind, number),
    findCustomer: (code) => findCustomer(client, code),
    findItem: (code) => findItem(client, code),
    stockOnHand: (itemId) => stockOnHand(client, itemId),
  }
}
