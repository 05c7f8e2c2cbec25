import { type DemoOrder, documentNumber } from './demo-order.ts'
import { linesOf, orderOf } from './entries.ts'
import type { Publication } from './order-kind.ts'

type Purchasing = Extract<
  Publication,
  { readonly event: `Purchase${string}` | `Supplier${string}` | `Goods${string}d` }
>

/** The data of an event about a purchase. */
export function purchaseContentOf(
  order: DemoOrder,
  publication: Exclude<Purchasing, { readonly event: 'GoodsIssued' }>,
  today: string,
) {
  const purchaseOrder = order.number
  switch (publication.event) {
    case 'PurchaseRequisitionSubmitted': {
      const { lines = order.kind.lines } = publication
      return { ...orderOf(order, lines, today), company: 'main', supplier: { id: order.kind.supplier } }
    }
    case 'GoodsReceived': {
      const deliveryNote = documentNumber(order, publication.number)
      return { purchaseOrder, deliveryNote, receivedOn: today, ...linesOf(publication.lines) }
    }
    case 'GoodsReturned': {
      const { number, lines } = publication
      return { purchaseOrder, return: documentNumber(order, number), returnedOn: today, ...linesOf(lines) }
    }
    case 'SupplierInvoiceReceived':
    case 'SupplierCreditNoteReceived': {
      const { lines, dueInDays = 0 } = publication
      return {
        purchaseOrder,
        number: spelled(publication, documentNumber(order, publication.number)),
        issuedOn: today,
        dueOn: new Date(Date.parse(today) + dueInDays * 86_400_000).toISOString().slice(0, 10),
        currency: 'EUR',
        lines: lines.map((line) => ({ ...line, taxRate })),
      }
    }
    case 'PurchaseOrderCancelled':
      return { purchaseOrder, cancelledOn: today, reason: publication.reason }
    case 'PurchaseOrderClosed':
      return { purchaseOrder, closedOn: today, reason: publication.reason }
  }
}

/** Percent, of everything that is bought in the demo. */
export const taxRate = '20'

/** The same number as somebody else would write it. */
export function spelled(publication: Publication, number: string): string {
  return 'isSpelledOtherwise' in publication ? number.toLowerCase().replaceAll('-', ' ') : number
}
