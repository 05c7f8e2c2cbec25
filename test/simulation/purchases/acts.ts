import type { Entry } from '../story/entries.ts'
import { type Line, netOf, orderedLines, type Purchase } from './purchase.ts'

/** Due so many days after the history begins, which is well after the last act before the payment. */
const dueDays = 30

/** What is published in each act; within one the events come in any order. */
export function actsOf(purchase: Purchase, startMs: number): readonly (readonly Entry[])[] {
  const { number, changedTo, receipts, invoices, returned, isCancelled, isClosed } = purchase
  const of = { purchaseOrder: number }
  const submission = (version: number, lines: readonly Line[]) =>
    entry(version === 1 ? 'PurchaseRequisitionSubmitted' : 'PurchaseOrderChanged', `submitted-${number}-${version}`, {
      ...{ sourceVersion: version },
      data: {
        ...{ number, company: 'main', orderedOn: '2026-01-05', currency: 'EUR', supplier: { id: purchase.supplier } },
        lines: lines.map(({ line, item, quantity, cents }) => ({
          ...{ number: line, item: { id: item }, quantity: String(quantity), unitPrice: decimal(cents), taxRate: '20' },
        })),
      },
    })
  const bill = (kind: 'Invoice' | 'CreditNote', document: Parameters<typeof netOf>[1]) => {
    const net = netOf(purchase, document)
    return entry(`Supplier${kind}Received`, document.number, {
      data: {
        ...of,
        number: document.number,
        issuedOn: dayOf(startMs),
        ...(kind === 'Invoice' && { dueOn: dayOf(startMs + dueDays * 86_400_000) }),
        lines: document.lines.map(({ line, quantity }) => ({
          ...{ line, quantity: String(quantity), unitPrice: decimal(priceOf(purchase, line)), taxRate: '20' },
          ...(kind === 'CreditNote' && { kind: 'quantity' }),
        })),
        netTotal: decimal(net),
        taxTotal: decimal(net / 5),
      },
    })
  }
  const moved = (document: Parameters<typeof netOf>[1]) =>
    document.lines.map(({ line, quantity }) => ({ line, quantity: String(quantity) }))
  return [
    [
      submission(1, purchase.lines),
      ...(changedTo ? [submission(2, changedTo)] : []),
      ...(isCancelled
        ? [entry('PurchaseOrderCancelled', `cancel-${number}`, { data: { ...of, cancelledOn: '2026-01-06' } })]
        : []),
    ],
    [
      ...receipts.map((one) =>
        entry('GoodsReceived', one.number, {
          data: { ...of, deliveryNote: one.number, receivedOn: '2026-01-06', lines: moved(one) },
        }),
      ),
      ...invoices.map((one) => bill('Invoice', one)),
    ],
    [
      ...(isClosed
        ? [entry('PurchaseOrderClosed', `close-${number}`, { data: { ...of, closedOn: '2026-01-08' } })]
        : []),
      ...(returned
        ? [
            entry('GoodsReturned', returned.number, {
              data: { ...of, return: returned.number, returnedOn: '2026-01-09', lines: moved(returned) },
            }),
            bill('CreditNote', { ...returned, number: `CN-${number}` }),
          ]
        : []),
    ],
  ].filter((act) => act.length > 0)
}

function priceOf(purchase: Purchase, line: string): number {
  return orderedLines(purchase).find((one) => one.line === line)?.cents ?? 0
}

function entry(
  detailType: string,
  id: string,
  { data, ...metadata }: { readonly data: unknown; readonly sourceVersion?: number },
): Entry {
  return { detailType, detail: { metadata: { id, ...metadata }, data } }
}

function decimal(cents: number): string {
  return (cents / 100).toFixed(2)
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}
