import type { Hub } from '../hub.ts'
import type { Entry } from '../story/entries.ts'
import { centsOf, dueMsOf, type Line, type Moved, netOf, newestVersion, type Purchase } from './purchase.ts'

/** What is published in an act, in any order, and what is done in the ERP just before. */
export type Act = {
  readonly entries: readonly Entry[]
  readonly before?: (hub: Hub) => void
  /** Only when everything that came before is paid and has ended. */
  readonly isAfterEnd?: boolean
  /** Where something happens at a spot (spots.ts), it comes just then as well. */
  readonly isMet?: boolean
}

export function actsOf(purchase: Purchase): readonly Act[] {
  const { number, change, cancelled, receipts, invoices, returned, exchanged, disputed, misbilled } = purchase
  const wishes = (at: NonNullable<Purchase['cancelled']>) => [
    ...(change?.at === at ? [submission(purchase, 2, change.before ?? change.lines)] : []),
    ...(cancelled === at ? [about(purchase, 'PurchaseOrderCancelled', { cancelledOn: '2026-01-06' })] : []),
  ]
  const invoice = (document: Moved) => billed(purchase, 'Invoice', document)
  const goods = [
    ...receipts.map((one) => received(purchase, one)),
    ...(misbilled === undefined ? invoices : [misbilled]).map(invoice),
  ]
  const back = returned
    ? [
        about(purchase, 'GoodsReturned', {
          ...{ return: returned.number, returnedOn: '2026-01-09', lines: moved(returned) },
        }),
        billed(purchase, 'CreditNote', { ...returned, number: `CN-${number}` }),
      ]
    : []
  const afterwards = [
    ...(purchase.isClosed ? [about(purchase, 'PurchaseOrderClosed', { closedOn: '2026-01-08' })] : []),
    ...(exchanged ? [] : back),
    ...(disputed ? [invoice(disputed)] : []),
  ]
  const exchange = exchanged ? [...back, received(purchase, exchanged), invoice(exchanged)] : []
  const acts: Act[] = [
    { entries: [submission(purchase, 1, purchase.lines), ...wishes('at once')] },
    { entries: wishes('ordered') },
    { entries: change?.before ? [submission(purchase, newestVersion(change), change.lines)] : [], isMet: true },
    { entries: wishes('arriving'), before: ({ books }) => books.underWay.add(number) },
    { entries: goods, before: ({ books }) => books.underWay.delete(number) },
    { entries: [...wishes('received'), ...afterwards] },
    { entries: exchange, isAfterEnd: true, isMet: true },
  ]
  return acts.filter(({ entries }) => entries.length > 0)
}

/** What the supplier sends when he hears that his first invoice is disputed. */
export function correctionsOf(purchase: Purchase): readonly Entry[] {
  return purchase.invoices.map((one) => billed(purchase, 'Invoice', one))
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
    // A newer version may come as the first one did, or by an event of its own.
    detailType: version < 3 ? 'PurchaseRequisitionSubmitted' : 'PurchaseOrderChanged',
    detail: { metadata, data },
  }
}

function received(purchase: Purchase, goods: Moved): Entry {
  const { number: deliveryNote } = goods
  return about(purchase, 'GoodsReceived', { deliveryNote, receivedOn: '2026-01-06', lines: moved(goods) })
}

function billed(purchase: Purchase, kind: 'Invoice' | 'CreditNote', document: Moved): Entry {
  const net = netOf(purchase, document)
  return about(purchase, `Supplier${kind}Received`, {
    number: document.number,
    issuedOn: dayOf(purchase.billedMs),
    ...(kind === 'Invoice' && { dueOn: dayOf(dueMsOf(purchase)) }),
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
