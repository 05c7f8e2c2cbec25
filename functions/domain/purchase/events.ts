/** What a purchase hears of besides its order: each becomes a signal of its case. `approval` is what a person has said. */
export const purchaseSignalKinds = [
  'goods-receipt',
  'supplier-return',
  'supplier-invoice',
  'supplier-credit-note',
  'approval',
] as const

/** What a purchase says when something that was asked for is not done. */
export const purchaseRefusals = [
  'PurchaseOrderChangeRefused',
  'PurchaseOrderCancellationRefused',
  'PurchaseRequisitionDeclined',
  'SupplierInvoiceDisputed',
] as const
export type PurchaseRefusal = (typeof purchaseRefusals)[number]
