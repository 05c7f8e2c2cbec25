import type { ErpRecord } from '#connectors/records-port.ts'
import type { Standing } from '#domain/reconciliation/record.ts'
import type { Books } from './books.ts'
import { byId, type Entry, type GoodsReceipt, type Order, type Quantity } from './ledger.ts'
import { fromCents } from './plans/content.ts'

/** This ERP has no calendar. */
const onDay = '2026-11-24'

/** Everything in the books, as a change feed tells it. */
export function recordsIn(books: Books): readonly ErpRecord[] {
  const posted = (isPosted: boolean): Standing => (isPosted ? 'in-effect' : 'under-way')
  const of = ({ id, reference }: { readonly id: string; readonly reference: string }) => ({
    ...{ id, number: id, reference, onDay },
  })
  const money = (cents: number) => ({ amount: fromCents(cents), currency: 'EUR' })
  return [
    ...books.salesOrders.map((one) => ({
      ...{ document: 'sales-order' as const, standing: standingOf(one), lines: quantities(one.lines), ...of(one) },
    })),
    ...books.deliveries.map((one) => ({
      ...{ document: 'goods-issue' as const, standing: 'in-effect' as const, lines: quantities(one.lines), ...of(one) },
    })),
    ...books.goodsReturns.map((one) => ({
      ...{
        document: 'goods-return' as const,
        standing: 'in-effect' as const,
        lines: quantities(one.lines),
        ...of(one),
      },
    })),
    ...books.invoices.map((one) => ({
      ...{ document: 'customer-invoice' as const, standing: posted(one.isPosted), ...money(one.cents), ...of(one) },
    })),
    ...books.creditNotes.map((one) => ({
      ...{ document: 'credit-note' as const, standing: posted(one.isPosted), ...money(one.cents), ...of(one) },
    })),
    ...books.accountPayments.map((one) => ({
      ...{
        document: `${one.direction}-payment` as const,
        standing: posted(one.isPosted),
        ...money(one.cents),
        ...of(one),
      },
    })),
    ...books.allocations.map((one) => ({
      ...{ document: 'payment-allocation' as const, standing: 'in-effect' as const, ...money(one.cents), ...of(one) },
    })),
    ...boughtIn(books),
  ]
}

/** A purchase order is over what its lines are, without tax. */
function boughtIn(books: Books): readonly ErpRecord[] {
  const of = ({ id, reference }: Entry) => ({ id, number: id, reference, onDay })
  const currencyOf = (purchaseOrderId: string) => byId(books.purchaseOrders, purchaseOrderId).currency
  const moved = (document: 'goods-receipt' | 'supplier-return') => (one: GoodsReceipt) => ({
    ...{ document, standing: 'in-effect' as const, lines: quantities(one.lines), ...of(one) },
  })
  return [
    ...books.purchaseOrders.map((one) => ({
      ...{ document: 'purchase-order' as const, standing: standingOf(one), lines: quantities(one.lines), ...of(one) },
      amount: fromCents(one.lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0)),
      currency: one.currency,
    })),
    ...books.goodsReceipts.map(moved('goods-receipt')),
    ...books.supplierReturns.map(moved('supplier-return')),
    ...books.supplierBills.map((one) => ({
      ...{ document: one.kind, standing: one.isPosted ? ('in-effect' as const) : ('under-way' as const) },
      ...{ amount: fromCents(one.cents), currency: currencyOf(one.purchaseOrderId), ...of(one) },
    })),
    ...books.supplierPayments.map((one) => ({
      document: one.over === 'bank' ? ('supplier-payment' as const) : ('supplier-payment-allocation' as const),
      standing: 'in-effect' as const,
      amount: fromCents(one.cents),
      currency: currencyOf(byId(books.supplierBills, one.invoiceId).purchaseOrderId),
      ...of(one),
    })),
  ]
}

function standingOf({ status, isConfirmed }: Pick<Order, 'status' | 'isConfirmed'>): Standing {
  if (status === 'replaced' || status === 'cancelled') return 'ended'
  return isConfirmed ? 'in-effect' : 'under-way'
}

const quantities = (lines: readonly Quantity[]) =>
  lines.map(({ line, quantity }) => ({ line, quantity: String(quantity) }))
