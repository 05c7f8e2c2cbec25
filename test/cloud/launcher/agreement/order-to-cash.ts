import { type Life, machineOf, posted, woken } from './life.ts'
import { returns } from './story.ts'

export const orderToCash: Life = {
  process: 'order to cash',
  machine: machineOf('order-to-cash', 'CreateSalesOrder'),
  input: { source: 'shop', detail: { data: { number: 'T1001', lines: [{ sku: 'Ä', quantity: '1.0' }] } } },
  accept: [
    'AcceptSalesOrder',
    returns({ outcome: 'accepted', case: { key: 'shop/sales-order/T1001', number: 'T1001', epoch: 1 } }),
  ],
  toCreate: [],
  create: ['CreateSalesOrder', returns({ outcome: 'posted', document: { id: 17, name: 'SO17' } })],
  afterCreate: [woken],
  afterBusy: [],
  branches: [
    ['goods-issue', posted('PostGoodsIssue'), posted('CreateCustomerInvoice'), woken],
    ['incoming-payment', posted('PostIncomingPayment')],
    ['payment-allocation', posted('AllocatePayment')],
    ['goods-return', posted('PostGoodsReturn'), posted('CreateCreditNote')],
    ['refund', posted('CreateCreditNote')],
    ['outgoing-payment', posted('PostOutgoingPayment')],
    ['change', posted('AmendSalesOrder')],
    ['cancellation', posted('CancelSalesOrder')],
    ['closing', posted('CloseSalesOrder')],
    ['deadline'],
  ],
  refusable: [
    ['change', 'AmendSalesOrder'],
    ['cancellation', 'CancelSalesOrder'],
  ],
  refusals: ['SalesOrderChangeRefused', 'SalesOrderCancellationRefused'],
}
