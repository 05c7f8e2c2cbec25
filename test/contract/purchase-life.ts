import type { ErpConnector } from '#connectors/port.ts'
import type {
  BilledLinePosting,
  LineQuantity,
  PurchaseOrderIds,
  SupplierPaymentPosting,
} from '#connectors/purchasing-port.ts'
import { PurchaseOrder } from '#domain/procurement-documents.ts'
import type { Books } from './tell.ts'

/** What the contract needs of the ERP to buy. */
export interface PurchasingUnderTest {
  readonly connector: ErpConnector
  /** Ids for supplier, items and taxes of the shop's own seed. */
  buyingIdsFor(supplier: string): PurchaseOrderIds
  /** What is owed to the supplier, the bank, and the stock of the items of `newPurchaseOrder`. */
  buyingBooksOf(supplier: string): Promise<Books>
}

let count = 0

/** A purchase order that nobody has used: a discount that needs four decimals, a price for ten, two taxes, freight. */
export function newPurchaseOrder(change: Partial<PurchaseOrder> = {}): PurchaseOrder {
  count += 1
  return PurchaseOrder.parse({
    number: `P${process.pid}-${count}`,
    supplier: { id: 'S001' },
    orderedOn: '2026-01-05',
    currency: 'EUR',
    lines: [
      { number: '10', item: { id: 'P01' }, quantity: '12', unitPrice: '7.45', discount: '0.15', taxRate: '20' },
      { number: '20', item: { id: 'P05' }, quantity: '30', unitPrice: '41.70', priceQuantity: '10', taxRate: '5' },
    ],
    freight: '18.00',
    ...change,
  })
}

/** What `newPurchaseOrder` is billed with: net 75.99 + 125.10 + 18.00, tax 18.80 on 93.99 and 6.26 on 125.10. */
export const billedInFull: readonly BilledLinePosting[] = [
  { line: '10', quantity: '12', amount: '75.99', taxRate: '20' },
  { line: '20', quantity: '30', amount: '125.10', taxRate: '5' },
  { text: 'Freight', amount: '18.00', taxRate: '20' },
]

/** The plans of whatever may happen to one purchase, each document under a reference of its own. */
export function purchaseLifeOf(
  { connector, buyingIdsFor }: PurchasingUnderTest,
  order: PurchaseOrder,
  toReference = (key: string) => key,
) {
  const { currency } = order
  const ids = buyingIdsFor(order.supplier.id)
  const ownKey = `shop/purchase-order/${order.number}`
  const own = toReference(ownKey)
  const reference = (name: string) => toReference(`${ownKey}/${name}`)
  const posting = (of: PurchaseOrder) => ({ purchaseOrder: of, ids, system: 'shop' })
  const bill = (purchaseOrderId: string, number: string, lines: readonly BilledLinePosting[], taxTotal?: string) => ({
    purchaseOrderId,
    number: `${order.number}/${number}`,
    ...{ issuedOn: '2026-01-14', postedOn: '2026-01-15' },
    currency,
    lines,
    taxTotal,
    taxIds: ids.taxIds,
    reference: reference(number),
  })
  return {
    reference: own,
    purchaseOrder: () => connector.purchaseOrder({ ...posting(order), reference: own }),
    receive: (purchaseOrderId: string, note: string, lines?: readonly LineQuantity[], receivedOn = '2026-01-12') =>
      connector.goodsReceipt({ purchaseOrderId, receivedOn, lines, reference: reference(note) }),
    sendBack: (purchaseOrderId: string, returnNumber: string, lines?: readonly LineQuantity[]) =>
      connector.supplierReturn({
        purchaseOrderId,
        returnNumber,
        returnedOn: '2026-01-16',
        lines,
        reference: reference(returnNumber),
      }),
    invoice: (...of: Parameters<typeof bill>) => connector.supplierInvoice(bill(...of)),
    /** Under a reference of its own, as another event with the same number has. */
    invoiceAgain: (name: string, ...of: Parameters<typeof bill>) =>
      connector.supplierInvoice({ ...bill(...of), reference: reference(name) }),
    creditNote: (supplierReturnId: string | undefined, ...of: Parameters<typeof bill>) =>
      connector.supplierCreditNote({ ...bill(...of), supplierReturnId }),
    pay: (invoiceId: string, name: string, amount: string, over: SupplierPaymentPosting['over'] = 'bank') =>
      connector.supplierPayment({
        over,
        invoiceId,
        amount,
        currency,
        paidOn: '2026-02-13',
        reference: reference(name),
      }),
    amend: (purchaseOrderId: string, version: number, changed: PurchaseOrder) =>
      connector.purchaseOrderAmendment({
        ...posting(changed),
        reference: reference(`v${version}`),
        purchaseOrderId,
        version,
      }),
    cancel: (purchaseOrderId: string) =>
      connector.purchaseOrderCancellation({ purchaseOrderId, reference: reference('cancellation') }),
    close: (purchaseOrderId: string) =>
      connector.purchaseOrderClosing({ purchaseOrderId, reference: reference('closing') }),
  }
}
