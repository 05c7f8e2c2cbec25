import type { ErpConnector, SalesOrderIds } from '#connectors/port.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { bringToTarget, type Hooks, type Journey } from './bring-to-target.ts'

/** What the contract needs of the ERP that stands behind a connector. */
export interface ErpUnderTest {
  readonly connector: ErpConnector
  /** Ids for customer, items and taxes of the shop's own seed. */
  idsFor(customer: string): SalesOrderIds
  /** What stands in the ERP's books for one order, read past the connector. */
  books(salesOrderReference: string): Promise<Books>
}

export interface Books {
  readonly salesOrders: number
  readonly salesOrderState: string | undefined
  /** Deliveries that are done, and those still to come. */
  readonly deliveries: number
  readonly openDeliveries: number
  /** Invoices by state. */
  readonly invoices: Readonly<Record<string, number>>
  readonly invoiced: string
  readonly payments: number
  readonly received: string
}

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

/** The plans of one order's documents, under references of their own. */
export function lifeOf(erp: ErpUnderTest, order: SalesOrder) {
  const { connector } = erp
  const salesOrder = priceSalesOrder(order, 'half-up')
  const reference = `shop/${order.number}`
  return {
    reference,
    salesOrder: () =>
      connector.salesOrder({ salesOrder, ids: erp.idsFor(order.customer.id), reference, system: 'shop' }),
    goodsIssue: (
      salesOrderId: string,
      deliveryNote: string,
      lines?: { line: string; quantity: string }[],
      issuedOn = '2026-01-12',
    ) =>
      connector.goodsIssue({
        goodsIssue: { salesOrder: order.number, deliveryNote, issuedOn, ...(lines && { lines }) },
        salesOrderId,
        reference: `${reference}/${deliveryNote}`,
      }),
    customerInvoice: (salesOrderId: string, deliveryId: string, deliveryNote: string, invoicedOn = '2026-01-12') =>
      connector.customerInvoice({
        salesOrderId,
        deliveryId,
        invoicedOn,
        reference: `${reference}/invoice/${deliveryNote}`,
      }),
    incomingPayment: (shares: readonly { invoiceId: string; amount: string }[], payment: string, amount: string) =>
      connector.paymentAllocation({
        invoiceId: shares[0]?.invoiceId ?? '',
        amount,
        currency: order.currency,
        allocatedOn: '2026-01-20',
        reference: `${reference}/payment/${payment}`,
      }),
  }
}

/** An order's whole life: ordered, delivered at once, invoiced, paid. */
export async function live(erp: ErpUnderTest, hooks: Hooks = {}) {
  const life = lifeOf(erp, newOrder())
  const journeys: Journey[] = []
  const bring = async (plan: Parameters<typeof bringToTarget>[0]) => {
    const journey = await bringToTarget(plan, hooks)
    journeys.push(journey)
    return journey.document.document
  }
  const salesOrder = await bring(life.salesOrder())
  const delivery = await bring(life.goodsIssue(salesOrder.id, 'DN-1'))
  const invoice = await bring(life.customerInvoice(salesOrder.id, delivery.id, 'DN-1'))
  const amount = invoice.amount ?? '0'
  const payment = await bring(life.incomingPayment([{ invoiceId: invoice.id, amount }], 'PAY-1', amount))
  return { life, salesOrder, delivery, invoice, payment, sent: journeys.flatMap((journey) => journey.sent) }
}

/**
 * Each document of that life, once. Net 12 × 14.90 × 0.85 = 151.98 and 3 × 11.70 = 35.10, freight 32.38;
 * 20 % of 184.36 is 36.87, 5 % of 35.10 is 1.76 (1.755, half to even); in all 258.09.
 */
export const booksAfterLife: Books = {
  salesOrders: 1,
  salesOrderState: 'done',
  deliveries: 1,
  openDeliveries: 0,
  invoices: { paid: 1 },
  invoiced: '258.09',
  payments: 1,
  received: '258.09',
}
