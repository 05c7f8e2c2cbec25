import { type DocumentKind, documentKinds } from '#domain/documents.ts'

const everything = documentKinds
const settling = ['payment-allocation', 'outgoing-payment'] as const
const supplierSettling = ['supplier-payment', 'supplier-payment-allocation'] as const

/**
 * Documents that name another one of their case in the ERP. When that is posted again it is another document there, and
 * they would still name the one that is lost.
 */
export const followersOf: Readonly<Record<DocumentKind, readonly DocumentKind[]>> = {
  'sales-order': everything,
  'sales-order-amendment': everything,
  'sales-order-cancellation': [],
  'sales-order-closing': [],
  'goods-issue': ['customer-invoice', 'goods-return'],
  'goods-return': ['credit-note'],
  'customer-invoice': ['credit-note', ...settling],
  'credit-note': settling,
  'incoming-payment': settling,
  'outgoing-payment': [],
  'payment-allocation': [],
  'purchase-order': everything,
  'purchase-order-amendment': everything,
  'purchase-order-cancellation': [],
  'purchase-order-closing': [],
  'goods-receipt': ['supplier-return', 'supplier-invoice'],
  'supplier-return': ['supplier-credit-note'],
  'supplier-invoice': ['supplier-credit-note', ...supplierSettling],
  'supplier-credit-note': supplierSettling,
  'supplier-payment': [],
  'supplier-payment-allocation': [],
}
