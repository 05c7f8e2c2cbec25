import type { ErpRecord } from '#connectors/records-port.ts'
import type { Standing } from '#domain/reconciliation/record.ts'
import type { Books } from './books.ts'
import { byId, type Entry, type GoodsReceipt, type Order, type Quantity } from './ledger.ts'
import { documentsOf } from './look-up.ts'
import { fromCents } from './plans/content.ts'
import { centsOf } from './writes/goods.ts'

/** This ERP has no calendar. */
const onDay = '2026-11-24'

/** Everything in the books between two places, as a change feed tells it. */
export function recordsIn(books: Books, from: number, to: number): readonly ErpRecord[] {
  let begins = 0
  return shelvesOf(books).flatMap(({ length, between }) => {
    const [first, end] = [Math.max(0, from - begins), Math.max(0, to - begins)]
    begins += length
    return between(first, end)
  })
}

/** What bears this name; this ERP has no number besides the id. */
export function recordsBy(books: Books, by: 'reference' | 'number' | 'id', is: string): readonly ErpRecord[] {
  return shelvesOf(books).flatMap(({ named }) => named(by === 'number' ? 'id' : by, is))
}

/** Documents of one kind, and how they are told. */
interface Shelf {
  readonly length: number
  readonly between: (from: number, to: number) => readonly ErpRecord[]
  readonly named: (field: 'reference' | 'id', is: string) => readonly ErpRecord[]
}

function shelf<Document extends Entry>(documents: readonly Document[], told: (one: Document) => ErpRecord): Shelf {
  return {
    length: documents.length,
    between: (from, to) => documents.slice(from, to).map(told),
    named: (field, is) => documentsOf(documents, field, is).map(told),
  }
}

function shelvesOf(books: Books): readonly Shelf[] {
  const posted = (isPosted: boolean): Standing => (isPosted ? 'in-effect' : 'under-way')
  const money = (cents: number) => ({ amount: fromCents(cents), currency: 'EUR' })
  return [
    shelf(books.salesOrders, (one) => ({
      ...{ document: 'sales-order', standing: standingOf(one), lines: quantities(one.lines), ...of(one) },
      ...money(centsOf(one, one.lines)),
    })),
    shelf(books.deliveries, (one) => ({
      ...{ document: 'goods-issue', standing: 'in-effect', lines: quantities(one.lines), ...of(one) },
    })),
    shelf(books.goodsReturns, (one) => ({
      ...{ document: 'goods-return', standing: 'in-effect', lines: quantities(one.lines), ...of(one) },
    })),
    shelf(books.invoices, (one) => ({
      ...{ document: 'customer-invoice', standing: posted(one.isPosted), ...money(one.cents), ...of(one) },
    })),
    shelf(books.creditNotes, (one) => ({
      ...{ document: 'credit-note', standing: posted(one.isPosted), ...money(one.cents), ...of(one) },
    })),
    shelf(books.accountPayments, (one) => ({
      ...{ document: `${one.direction}-payment`, standing: posted(one.isPosted), ...money(one.cents), ...of(one) },
    })),
    shelf(books.allocations, (one) => ({
      ...{ document: 'payment-allocation', standing: 'in-effect', ...money(one.cents), ...of(one) },
    })),
    ...boughtIn(books),
  ]
}

/** An order is over what its lines are, a purchase order without tax. */
function boughtIn(books: Books): readonly Shelf[] {
  const currencyOf = (purchaseOrderId: string) => byId(books.purchaseOrders, purchaseOrderId).currency
  const moved = (document: 'goods-receipt' | 'supplier-return') => (one: GoodsReceipt) => ({
    ...{ document, standing: 'in-effect' as const, lines: quantities(one.lines), ...of(one) },
  })
  return [
    shelf(books.purchaseOrders, (one) => ({
      ...{ document: 'purchase-order', standing: standingOf(one), lines: quantities(one.lines), ...of(one) },
      amount: fromCents(centsOf(one, one.lines)),
      currency: one.currency,
    })),
    shelf(books.goodsReceipts, moved('goods-receipt')),
    shelf(books.supplierReturns, moved('supplier-return')),
    shelf(books.supplierBills, (one) => ({
      ...{ document: one.kind, standing: one.isPosted ? ('in-effect' as const) : ('under-way' as const) },
      ...{ amount: fromCents(one.cents), currency: currencyOf(one.purchaseOrderId), ...of(one) },
    })),
    shelf(books.supplierPayments, (one) => ({
      document: one.over === 'bank' ? ('supplier-payment' as const) : ('supplier-payment-allocation' as const),
      standing: 'in-effect' as const,
      amount: fromCents(one.cents),
      currency: currencyOf(byId(books.supplierBills, one.invoiceId).purchaseOrderId),
      ...of(one),
    })),
  ]
}

function of({ id, reference }: Entry) {
  return { id, number: id, reference, onDay }
}

function standingOf({ status, isConfirmed }: Pick<Order, 'status' | 'isConfirmed'>): Standing {
  if (status === 'replaced' || status === 'cancelled') return 'ended'
  return isConfirmed ? 'in-effect' : 'under-way'
}

function quantities(lines: readonly Quantity[]) {
  return lines.map(({ line, quantity }) => ({ line, quantity: String(quantity) }))
}
