import { type Life, machineOf, pick, posted } from './life.ts'
import { returns } from './story.ts'

const toCreate = [pick('purchase-order')]

export const procureToPay: Life = {
  process: 'procure to pay',
  machine: machineOf('procure-to-pay', 'CreatePurchaseOrder'),
  input: { source: 'buyer', detail: { data: { number: 'P1001', lines: [{ sku: 'Ä', quantity: '1.0' }] } } },
  accept: [
    'AcceptPurchaseRequisition',
    returns({ outcome: 'accepted', case: { key: 'buyer/purchase-requisition/P1001', number: 'P1001', epoch: 1 } }),
  ],
  toCreate,
  create: ['CreatePurchaseOrder', returns({ outcome: 'posted', document: { id: 17, name: 'PO17' } })],
  afterCreate: [],
  afterBusy: toCreate,
  branches: [
    ['goods-receipt', posted('PostGoodsReceipt')],
    ['match', ['MatchSupplierInvoice', returns({ outcome: 'matched' })]],
    ['supplier-invoice', posted('PostSupplierInvoice')],
    ['supplier-payment', posted('PostSupplierPayment')],
    ['supplier-return', posted('PostSupplierReturn')],
    ['supplier-credit-note', posted('PostSupplierCreditNote')],
    ['supplier-payment-allocation', posted('AllocateSupplierCredit')],
    ['change', posted('AmendPurchaseOrder')],
    ['cancellation', posted('CancelPurchaseOrder')],
    ['closing', posted('ClosePurchaseOrder')],
    ['deadline'],
  ],
  refusable: [
    ['change', 'AmendPurchaseOrder'],
    ['cancellation', 'CancelPurchaseOrder'],
  ],
  refusals: [
    'PurchaseRequisitionDeclined',
    'SupplierInvoiceDisputed',
    'PurchaseOrderChangeRefused',
    'PurchaseOrderCancellationRefused',
  ],
}
