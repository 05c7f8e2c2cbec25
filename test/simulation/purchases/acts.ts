import type { Hub } from '../hub.ts'
import type { Entry } from '../story/entries.ts'
import { centsOf, type Line, type Moved, netOf, type Purchase } from './purchase.ts'

/** Due so many days after the history begins, which is well after the last act before the payment. */
const dueDays = 30

/** What is published in an act, in any order, and what is done in the ERP just before. */
export type Act = { readonly entries: readonly Entry[]; readonly before?: (hub: Hub) => void }

export function actsOf(purchase: Purchase, startMs: number): readonly Act[] {
  const { number, change, cancelled, receipts, invoices, returned, disputed, isClosed } = purchase
  const wishes = (at: NonNullable<Purchase['cancelled']>) => [
    ...(change?.at === at ? [submission(purchase, 2, change.lines)] : []),
    ...(cancelled === at ? [about(purchase, 'PurchaseOrderCancelled', { cancelledOn: '2026-01-06' })] : []),
  ]
  const bill = (kind: 'Invoice' | 'CreditNote', document: Moved) => billed(purchase, kind, document, startMs)
  const goods = [
    ...receipts.map((one) =>
      about(purchase, 'GoodsReceived', { deliveryNote: one.number, receivedOn: '2026-01-06', lines: moved(one) }),
    ),
    ...invoices.map((one) => bill('Invoice', one)),
  ]
  const afterwards = [
    ...(isClosed ? [about(purchase, 'PurchaseOrderClosed', { closedOn: '2026-01-08' })] : []),
    ...(returned
      ? [
          about(purchase, 'GoodsReturned', {
            ...{ return: returned.number, returnedOn: '2026-01-09', lines: moved(returned) },
          }),
          bill('CreditNote', { ...returned, number: `CN-${number}` }),
        ]
      : []),
    ...(disputed ? [bill('Invoice', disputed)] : []),
  ]
  const acts: Act[] = [
    { entries: [submission(purchase, 1, purchase.lines), ...wishes('at once')] },
    { entries: wishes('ordered') },
    { entries: wishes('arriving'), before: ({ books }) => books.underWay.add(number) },
    { entries: goods, before: ({ books }) => books.underWay.delete(number) },
    { entries: [...wishes('received'), ...afterwards] },
  ]
  return acts.filter(({ entries }) => entries.length > 0)
}

function submission(purchase: Purchase, version: number, lines: readonly Line[]): Entry {
  const { number, supplier } = purchase
  const data = {
    ...{ number, company: 'main', orderedOn: '2026-01-05', currency: 'EUR', supplier: { id: supplier } },
    lines: lines.map(({ line, item, quantity, cents }) => ({
      ...{ number: line, item: { id: item }, quantity: String(quantity), unitPrice: decimal(cents), taxRate: '20' },
    })),
  }
  const metadata = { id: `submitted-${number}-${version}`, sourceVersion: version }
  return {
    detailType: version === 1 ? 'PurchaseRequisitionSubmitted' : 'PurchaseOrderChanged',
    detail: { metadata, data },
  }
}

function billed(purchase: Purchase, kind: 'Invoice' | 'CreditNote', document: Moved, startMs: number): Entry {
  const net = netOf(purchase, document)
  return about(purchase, `Supplier${kind}Received`, {
    number: document.number,
    issuedOn: dayOf(startMs),
    ...(kind === 'Invoice' && { dueOn: dayOf(startMs + dueDays * 86_400_000) }),
    lines: document.lines.map(({ line, quantity }) => ({
      ...{ line, quantity: String(quantity), unitPrice: decimal(centsOf(purchase, document, line)), taxRate: '20' },
      ...(kind === 'CreditNote' && { kind: 'quantity' }),
    })),
    netTotal: decimal(net),
    taxTotal: decimal(net / 5),
  })
}

function moved({ lines }: Moved) {
  return lines.map(({ line, quantity }) => ({ line, quantity: String(quantity) }))
}

function about({ number }: Purchase, detailType: string, data: Readonly<Record<string, unknown>>): Entry {
  const own = data.number ?? data.deliveryNote ?? data.return ?? ''
  return {
    detailType,
    detail: { metadata: { id: `${detailType}-${number}-${own}` }, data: { purchaseOrder: number, ...data } },
  }
}

function decimal(cents: number): string {
  return (cents / 100).toFixed(2)
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}
