import type { PostingPlan } from '#connectors/port.ts'
import type { PurchasingConnector } from '#connectors/purchasing-port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import { goodsReceiptPlan, supplierReturnPlan } from './goods.ts'
import { purchaseOrderAmendmentPlan, purchaseOrderEndPlan, purchaseOrderPlan } from './purchase-order.ts'
import { supplierBillPlan, supplierPaymentPlan } from './supplier-bill.ts'

/** What the simulated ERP can do about buying. */
export function purchasingPlans(
  client: ErpClient,
  profile: () => Profile,
  change: (plan: PostingPlan) => PostingPlan,
): PurchasingConnector {
  return {
    purchaseOrder: (posting) => change(purchaseOrderPlan(client, profile(), posting)),
    purchaseOrderAmendment: (posting) => change(purchaseOrderAmendmentPlan(client, profile(), posting)),
    purchaseOrderCancellation: (posting) =>
      change(purchaseOrderEndPlan(client, profile(), posting, 'cancel-purchase-order')),
    purchaseOrderClosing: (posting) => change(purchaseOrderEndPlan(client, profile(), posting, 'close-purchase-order')),
    goodsReceipt: (posting) => change(goodsReceiptPlan(client, profile(), posting)),
    supplierReturn: (posting) => change(supplierReturnPlan(client, profile(), posting)),
    supplierInvoice: (posting) => change(supplierBillPlan(client, profile(), posting, 'supplier-invoice')),
    supplierCreditNote: (posting) => change(supplierBillPlan(client, profile(), posting, 'supplier-credit-note')),
    supplierPayment: (posting) => change(supplierPaymentPlan(client, profile(), posting)),
    findSupplier: async () => undefined,
  }
}
