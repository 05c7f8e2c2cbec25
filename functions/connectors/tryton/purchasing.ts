import type { PurchasingConnector } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import { goodsReceiptPlan } from './goods-receipt.ts'
import { findSupplier } from './master-data.ts'
import { purchaseOrderPlan } from './purchase-order.ts'
import { purchaseOrderAmendmentPlan } from './purchase-order-amendment.ts'
import { purchaseOrderCancellationPlan, purchaseOrderClosingPlan } from './purchase-order-end.ts'
import type { Settings } from './settings.ts'
import { supplierCreditNotePlan, supplierInvoicePlan } from './supplier-invoice.ts'
import { supplierPaymentPlan } from './supplier-payment.ts'
import { supplierReturnPlan } from './supplier-return.ts'

/** What the connector can do about buying. */
export function purchasingPlans(client: TrytonClient, settings: () => Promise<Settings>): PurchasingConnector {
  return {
    purchaseOrder: (posting) => purchaseOrderPlan(client, settings, posting),
    purchaseOrderAmendment: (posting) => purchaseOrderAmendmentPlan(client, settings, posting),
    purchaseOrderCancellation: (posting) => purchaseOrderCancellationPlan(client, posting),
    purchaseOrderClosing: (posting) => purchaseOrderClosingPlan(client, posting),
    goodsReceipt: (posting) => goodsReceiptPlan(client, posting),
    supplierReturn: (posting) => supplierReturnPlan(client, posting),
    supplierInvoice: (posting) => supplierInvoicePlan(client, settings, posting),
    supplierCreditNote: (posting) => supplierCreditNotePlan(client, settings, posting),
    supplierPayment: (posting) => supplierPaymentPlan(client, settings, posting),
    findSupplier: (code) => findSupplier(client, code),
  }
}
