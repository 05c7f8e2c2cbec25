import type { ErpRecord } from '#connectors/records-port.ts'
import type { Standing } from '#domain/reconciliation/record.ts'
import type { Books } from './books.ts'
import type { Order, Quantity } from './ledger.ts'
import { fromCents } from './plans/content.ts'

/** This ERP has no calendar. */
const onDay = '2026-11-24'

/** Everything in the books of selling, as a change feed tells it. */
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
  ]
}

function standingOf({ status, isConfirmed }: Order): Standing {
  if (status === 'replaced' || status === 'cancelled') return 'ended'
  return isConfirmed ? 'in-effect' : 'under-way'
}

const quantities = (lines: readonly Quantity[]) =>
  lines.map(({ line, quantity }) => ({ line, quantity: String(quantity) }))
