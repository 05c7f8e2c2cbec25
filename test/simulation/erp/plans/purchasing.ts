import type { PurchasingConnector } from '#connectors/purchasing-port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import { goodsReceiptPlan, supplierReturnPlan } from './goods.ts'
import { purchaseOrderAmendmentPlan, purchaseOrderEndPlan, purchaseOrderPlan } from './purchase-order.ts'
import { supplierBillPlan, supplierPaymentPlan } from './supplier-bill.ts'

/** What the simulated ERP can do about buying. */
export function purchasingPlans(client: ErpClient, profile: () => Profile): PurchasingConnector {
  return {
    purchaseOrder: (posting) => purchaseOrderPlan(client, profile(), posting),
    purchaseOrderAmendment: (posting) => purchaseOrderAmendmentPlan(client, profile(), posting),
    purchaseOrderCancellation: (posting) => purchaseOrderEndPlan(client, profile(), posting, 'cancel-purchase-order'),
    purchaseOrderClosing: (posting) => purchaseOrderEndPlan(client, profile(), posting, 'close-purchase-order'),
    goodsReceipt: (posting) => goodsReceiptPlan(client, profile(), posting),
    supplierReturn: (posting) => supplierReturnPlan(client, profile(), posting),
    supplierInvoice: (posting) => supplierBillPlan(client, profile(), posting, 'supplier-invoice'),
    supplierCreditNote: (posting) => supplierBillPlan(client, profile(), posting, 'supplier-credit-note'),
    supplierPayment: (posting) => supplierPaymentPlan(client, profile(), posting),
    findSupplier: async () => undefined,
  }
}
