import type { ProcessName } from '#domain/processes.ts'

/** The steps that bring something into the ERP, by process. */
export const erpSteps: Readonly<Record<ProcessName, readonly string[]>> = {
  'order-to-cash': [
    'AllocatePayment',
    'AmendSalesOrder',
    'CancelSalesOrder',
    'CloseSalesOrder',
    'CreateCreditNote',
    'CreateCustomerInvoice',
    'CreateSalesOrder',
    'PostGoodsIssue',
    'PostGoodsReturn',
    'PostIncomingPayment',
    'PostOutgoingPayment',
  ],
  'procure-to-pay': [
    'AllocateSupplierCredit',
    'AmendPurchaseOrder',
    'CancelPurchaseOrder',
    'ClosePurchaseOrder',
    'CreatePurchaseOrder',
    'PostGoodsReceipt',
    'PostSupplierCreditNote',
    'PostSupplierInvoice',
    'PostSupplierPayment',
    'PostSupplierReturn',
  ],
}
