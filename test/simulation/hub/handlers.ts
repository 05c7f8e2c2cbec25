import './settings.ts'
import type { Handler } from '#aws/define-step.ts'
import { handler as recordSignal } from '../../../functions/ingress/record-signal.ts'
import { handler as startUndelivered } from '../../../functions/ingress/start-undelivered.ts'
import { handler as applyDecision } from '../../../functions/operations/apply-decision.ts'
import { handler as recordFailedExecution } from '../../../functions/operations/record-failed-execution.ts'
import { handler as sweepCases } from '../../../functions/operations/sweep-cases.ts'
import { handler as watchErp } from '../../../functions/operations/watch-erp.ts'
import { handler as acceptSalesOrder } from '../../../functions/order-to-cash/accept-sales-order.ts'
import { handler as allocatePayment } from '../../../functions/order-to-cash/allocate-payment.ts'
import { handler as amendSalesOrder } from '../../../functions/order-to-cash/amend-sales-order.ts'
import { handler as awaitEvent } from '../../../functions/order-to-cash/await-event.ts'
import { handler as cancelSalesOrder } from '../../../functions/order-to-cash/cancel-sales-order.ts'
import { handler as closeSalesOrder } from '../../../functions/order-to-cash/close-sales-order.ts'
import { handler as createCreditNote } from '../../../functions/order-to-cash/create-credit-note.ts'
import { handler as createCustomerInvoice } from '../../../functions/order-to-cash/create-customer-invoice.ts'
import { handler as createSalesOrder } from '../../../functions/order-to-cash/create-sales-order.ts'
import { handler as pickNextEvent } from '../../../functions/order-to-cash/pick-next-event.ts'
import { handler as postGoodsIssue } from '../../../functions/order-to-cash/post-goods-issue.ts'
import { handler as postGoodsReturn } from '../../../functions/order-to-cash/post-goods-return.ts'
import { handler as postIncomingPayment } from '../../../functions/order-to-cash/post-incoming-payment.ts'
import { handler as postOutgoingPayment } from '../../../functions/order-to-cash/post-outgoing-payment.ts'
import { handler as acceptPurchaseRequisition } from '../../../functions/procure-to-pay/accept-purchase-requisition.ts'
import { handler as allocateSupplierCredit } from '../../../functions/procure-to-pay/allocate-supplier-credit.ts'
import { handler as amendPurchaseOrder } from '../../../functions/procure-to-pay/amend-purchase-order.ts'
import { handler as purchaseAwaitEvent } from '../../../functions/procure-to-pay/await-event.ts'
import { handler as cancelPurchaseOrder } from '../../../functions/procure-to-pay/cancel-purchase-order.ts'
import { handler as closePurchaseOrder } from '../../../functions/procure-to-pay/close-purchase-order.ts'
import { handler as createPurchaseOrder } from '../../../functions/procure-to-pay/create-purchase-order.ts'
import { handler as matchSupplierInvoice } from '../../../functions/procure-to-pay/match-supplier-invoice.ts'
import { handler as purchasePickNextEvent } from '../../../functions/procure-to-pay/pick-next-event.ts'
import { handler as postGoodsReceipt } from '../../../functions/procure-to-pay/post-goods-receipt.ts'
import { handler as postSupplierCreditNote } from '../../../functions/procure-to-pay/post-supplier-credit-note.ts'
import { handler as postSupplierInvoice } from '../../../functions/procure-to-pay/post-supplier-invoice.ts'
import { handler as postSupplierPayment } from '../../../functions/procure-to-pay/post-supplier-payment.ts'
import { handler as postSupplierReturn } from '../../../functions/procure-to-pay/post-supplier-return.ts'
import { handler as reconcileBooks } from '../../../functions/reconciliation/reconcile-books.ts'
import { purchaseStep } from './definition.ts'

/** The real Lambdas, by the name that the machine, the queues and the schedule call them. */
export const handlers: ReadonlyMap<string, Handler> = new Map([
  ['AcceptSalesOrder', acceptSalesOrder],
  ['CreateSalesOrder', createSalesOrder],
  ['PickNextEvent', pickNextEvent],
  ['AwaitEvent', awaitEvent],
  ['PostGoodsIssue', postGoodsIssue],
  ['CreateCustomerInvoice', createCustomerInvoice],
  ['PostIncomingPayment', postIncomingPayment],
  ['AllocatePayment', allocatePayment],
  ['AmendSalesOrder', amendSalesOrder],
  ['CancelSalesOrder', cancelSalesOrder],
  ['CloseSalesOrder', closeSalesOrder],
  ['CreateCreditNote', createCreditNote],
  ['PostGoodsReturn', postGoodsReturn],
  ['PostOutgoingPayment', postOutgoingPayment],
  [purchaseStep('AcceptPurchaseRequisition'), acceptPurchaseRequisition],
  [purchaseStep('AllocateSupplierCredit'), allocateSupplierCredit],
  [purchaseStep('AmendPurchaseOrder'), amendPurchaseOrder],
  [purchaseStep('AwaitEvent'), purchaseAwaitEvent],
  [purchaseStep('CancelPurchaseOrder'), cancelPurchaseOrder],
  [purchaseStep('ClosePurchaseOrder'), closePurchaseOrder],
  [purchaseStep('CreatePurchaseOrder'), createPurchaseOrder],
  [purchaseStep('MatchSupplierInvoice'), matchSupplierInvoice],
  [purchaseStep('PickNextEvent'), purchasePickNextEvent],
  [purchaseStep('PostGoodsReceipt'), postGoodsReceipt],
  [purchaseStep('PostSupplierCreditNote'), postSupplierCreditNote],
  [purchaseStep('PostSupplierInvoice'), postSupplierInvoice],
  [purchaseStep('PostSupplierPayment'), postSupplierPayment],
  [purchaseStep('PostSupplierReturn'), postSupplierReturn],
  ['RecordSignal', recordSignal],
  ['RecordFailedExecution', recordFailedExecution],
  ['SweepCases', sweepCases],
  ['WatchErp', watchErp],
  ['StartUndelivered', startUndelivered],
  ['ApplyDecision', applyDecision],
  ['ReconcileBooks', reconcileBooks],
])
