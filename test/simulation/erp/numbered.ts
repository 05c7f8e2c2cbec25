import { bought } from './bought.ts'
import { type Ledger, named, type Quantity } from './ledger.ts'
import type { Numbered } from './wire.ts'

/** What a person sees who opens the document with this number: whose it is, and whether it has its effect. */
export function numbered(books: Ledger, kind: string, id: string): readonly Numbered[] {
  const customerOf = (salesOrderId: string) => named(books.salesOrders, salesOrderId)[0]?.customer ?? '?'
  const of = (salesOrderId: string) => ({ salesOrderIds: [salesOrderId], customerIds: [customerOf(salesOrderId)] })
  switch (kind) {
    case 'sales-order':
    case 'sales-order-amendment':
    case 'sales-order-cancellation':
    case 'sales-order-closing':
      return named(books.salesOrders, id).map((one) => ({
        ...entryOf(one),
        isInEffect: isEffective(kind, one),
        ...{ salesOrderIds: [one.id], customerIds: [one.customer] },
      }))
    case 'goods-issue':
      return named(books.deliveries, id).map((one) => ({ ...entryOf(one), isInEffect: true, ...of(one.salesOrderId) }))
    case 'goods-return':
      return named(books.goodsReturns, id).map((one) => ({
        ...entryOf(one),
        isInEffect: true,
        ...of(one.salesOrderId),
      }))
    case 'customer-invoice':
      return named(books.invoices, id).map((one) => ({
        ...{ id, reference: one.reference, cents: one.cents },
        ...{ isInEffect: one.isPosted, ...of(one.salesOrderId) },
      }))
    case 'credit-note':
      return named(books.creditNotes, id).map((one) => ({
        ...{ ...entryOf(one), cents: one.cents },
        ...{ isInEffect: one.isPosted, ...of(one.salesOrderId) },
      }))
    case 'payment-allocation':
      return named(books.allocations, id).map((one) => {
        const [bill] = [...named(books.invoices, one.invoiceId), ...named(books.creditNotes, one.invoiceId)]
        const owner = of(bill?.salesOrderId ?? '?')
        return { id, reference: one.reference, cents: one.cents, direction: 'allocation', isInEffect: true, ...owner }
      })
    default:
      return bought(books, kind, id) ?? onAccount(books, id)
  }
}

function onAccount(books: Ledger, id: string): readonly Numbered[] {
  return named(books.accountPayments, id).map((one) => ({
    ...{ id, reference: one.reference, cents: one.cents, direction: one.direction, isInEffect: one.isPosted },
    ...{ salesOrderIds: [], customerIds: [one.customer] },
  }))
}

function isEffective(kind: string, { status, isConfirmed }: Ledger['salesOrders'][number]): boolean {
  if (kind === 'sales-order-cancellation') return status === 'cancelled'
  return kind === 'sales-order-closing' ? status === 'closed' : isConfirmed
}

function entryOf({ id, reference, lines }: { id: string; reference: string; lines: readonly Quantity[] }) {
  return { id, reference, lines: lines.map(({ line, quantity }) => ({ line, quantity })) }
}
