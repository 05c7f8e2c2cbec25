import type { Credit, ErpConnector, SalesOrderIds } from '#connectors/port.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'

/** What the contract needs of the ERP that stands behind a connector. */
export interface ErpUnderTest {
  readonly connector: ErpConnector
  /** Ids for customer, items and taxes of the shop's own seed. */
  idsFor(customer: string): SalesOrderIds
}

type Lines = readonly { readonly line: string; readonly quantity: string }[]

let count = 0

/** A sales order that nobody has used, with a discount that needs four decimals, a tax and freight. */
export function newOrder(change: Partial<SalesOrder> = {}): SalesOrder {
  count += 1
  return SalesOrder.parse({
    number: `T${process.pid}-${count}`,
    orderedOn: '2026-01-05',
    currency: 'EUR',
    customer: { id: 'C001' },
    lines: [
      {
        number: '10',
        item: { id: 'P01', name: 'Canvas tote bag' },
        quantity: '12',
        unitPrice: '14.90',
        discount: '0.15',
        taxCode: 'standard',
      },
      { number: '20', item: { id: 'P05' }, quantity: '3', unitPrice: '11.70', taxCode: 'reduced' },
    ],
    freight: '32.38',
    freightTaxCode: 'standard',
    ...change,
  })
}

/**
 * What `newOrder` is over. Net 12 × 14.90 × 0.85 = 151.98 and 3 × 11.70 = 35.10, freight 32.38;
 * 20 % of 184.36 is 36.87, 5 % of 35.10 is 1.76 (1.755, half to even); in all 258.09.
 */
export const orderTotal = '258.09'

/** The plans of whatever may happen to one order, each document under a reference of its own. */
export function lifeOf(
  { connector, idsFor }: ErpUnderTest,
  order: SalesOrder,
  toReference: (key: string) => string = (key) => key,
) {
  const { currency } = order
  const ids = idsFor(order.customer.id)
  const key = `shop/${order.number}`
  const own = toReference(key)
  const reference = (name: string) => toReference(`${key}/${name}`)
  const posting = (of: SalesOrder) => ({ salesOrder: priceSalesOrder(of, 'half-up'), ids, system: 'shop' })
  return {
    reference: own,
    salesOrder: () => connector.salesOrder({ ...posting(order), reference: own }),
    goodsIssue: (salesOrderId: string, deliveryNote: string, lines?: Lines, issuedOn = '2026-01-12') =>
      connector.goodsIssue({
        goodsIssue: { salesOrder: order.number, deliveryNote, issuedOn, ...(lines && { lines: [...lines] }) },
        salesOrderId,
        reference: reference(deliveryNote),
      }),
    customerInvoice: (salesOrderId: string, deliveryId: string, deliveryNote: string, invoicedOn = '2026-01-12') =>
      connector.customerInvoice({
        salesOrderId,
        deliveryId,
        invoicedOn,
        reference: reference(`invoice/${deliveryNote}`),
      }),
    pay: (direction: 'incoming' | 'outgoing', name: string, amount: string, paidOn = '2026-01-03') =>
      connector.paymentOnAccount({
        direction,
        customerId: ids.customerId,
        amount,
        currency,
        paidOn,
        reference: reference(name),
      }),
    allocate: (invoiceId: string, name: string, amount: string) =>
      connector.paymentAllocation({
        invoiceId,
        amount,
        currency,
        allocatedOn: '2026-01-21',
        reference: reference(name),
      }),
    goodsReturn: (salesOrderId: string, returnNumber: string, lines?: Lines) =>
      connector.goodsReturn({
        salesOrderId,
        returnNumber,
        returnedOn: '2026-01-20',
        lines,
        reference: reference(returnNumber),
      }),
    creditNote: (salesOrderId: string, name: string, credit: Credit) =>
      connector.creditNote({ salesOrderId, credit, creditedOn: '2026-01-21', reference: reference(name) }),
    amend: (salesOrderId: string, version: number, changed: SalesOrder) =>
      connector.salesOrderAmendment({
        ...posting(changed),
        reference: reference(`v${version}`),
        salesOrderId,
        version,
      }),
    cancel: (salesOrderId: string) =>
      connector.salesOrderCancellation({ salesOrderId, reference: reference('cancellation') }),
    close: (salesOrderId: string) => connector.salesOrderClosing({ salesOrderId, reference: reference('closing') }),
  }
}
