import type { OrderLine, Step } from '../order-kind.ts'

/** The steps of an ordinary life, from which the kinds differ in one. */

export const submitted: Step = { when: 'start', publish: [{ event: 'SalesOrderSubmitted' }] }

/** Everything leaves as soon as the order is in the ERP. */
export const delivered: Step = { when: 'SalesOrderCreated', publish: [{ event: 'GoodsIssued', number: 'DN1' }] }

/** The invoice is paid. */
export function paid(amount: string): Step {
  return { when: 'CustomerInvoiceCreated', publish: [{ event: 'PaymentReceived', number: 'PAY1', amount }] }
}

/** A line that bears 20 % tax. */
export function standard(item: string, quantity: string, unitPrice: string): OrderLine {
  return { item, quantity, unitPrice, taxCode: 'standard' }
}

/** A line that bears 5 % tax. */
export function reduced(item: string, quantity: string, unitPrice: string): OrderLine {
  return { item, quantity, unitPrice, taxCode: 'reduced' }
}
