import { type Ledger, named, type PurchaseOrder } from './ledger.ts'
import type { Numbered } from './wire.ts'

/** What a person sees who opens the document of buying with this number. */
export function bought(books: Ledger, kind: string, id: string): readonly Numbered[] | undefined {
  const of = (order: PurchaseOrder | undefined) => ({
    salesOrderIds: [],
    purchaseOrderIds: [order?.id ?? '?'],
    customerIds: [order?.supplier ?? '?'],
  })
  const ofOrder = (orderId: string | undefined) => of(books.purchaseOrders.find((one) => one.id === orderId))
  switch (kind) {
    case 'purchase-order':
    case 'purchase-order-amendment':
    case 'purchase-order-cancellation':
    case 'purchase-order-closing':
      return named(books.purchaseOrders, id).map((one) => ({
        ...{ id, reference: one.reference, lines: one.lines.map(({ line, quantity }) => ({ line, quantity })) },
        cents: one.lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0),
        ...{ isInEffect: isEffective(kind, one), ...of(one) },
      }))
    case 'goods-receipt':
    case 'supplier-return': {
      const moves = kind === 'goods-receipt' ? books.goodsReceipts : books.supplierReturns
      return named(moves, id).map(({ reference, lines, purchaseOrderId }) => ({
        ...{ id, reference, lines: [...lines], isInEffect: true, ...ofOrder(purchaseOrderId) },
      }))
    }
    case 'supplier-invoice':
    case 'supplier-credit-note':
      return named(books.supplierBills, id).map(({ reference, lines, cents, isPosted, purchaseOrderId }) => ({
        ...{ id, reference, lines: [...lines], cents, isInEffect: isPosted, ...ofOrder(purchaseOrderId) },
      }))
    case 'supplier-payment':
    case 'supplier-payment-allocation':
      return named(books.supplierPayments, id).map(({ reference, cents, over, invoiceId }) => {
        const bill = books.supplierBills.find((one) => one.id === invoiceId)
        const paid = bill?.kind === 'supplier-credit-note' ? ('incoming' as const) : ('outgoing' as const)
        const direction = over === 'account' ? ('allocation' as const) : paid
        return { id, reference, cents, direction, isInEffect: true, ...ofOrder(bill?.purchaseOrderId) }
      })
    default:
      return undefined
  }
}

function isEffective(kind: string, { status, isConfirmed }: PurchaseOrder): boolean {
  if (kind === 'purchase-order-cancellation') return status === 'cancelled'
  return kind === 'purchase-order-closing' ? status === 'closed' : isConfirmed
}
