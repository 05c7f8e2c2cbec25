import type { Entry } from '../../commands/publish/read-entries.ts'
import { type DemoOrder, documentNumber, source } from './demo-order.ts'
import type { Answer, LineQuantities, Publication, RefundOf } from './order-kind.ts'
import { purchaseContentOf, spelled } from './purchase-entries.ts'

/** The events that stand for a publication: as many copies as the kind says, with the same id, as a redelivery has. */
export function entriesOf(
  order: DemoOrder,
  publication: Exclude<Publication, Answer>,
  today: string,
): readonly Entry[] {
  const { event } = publication
  const version = 'version' in publication ? publication.version : undefined
  const own = 'number' in publication ? spelled(publication, documentNumber(order, publication.number)) : order.number
  const entry: Entry = {
    where: `${event} ${own}`,
    source,
    detailType: event,
    detail: {
      metadata: {
        id: `${source}/${event}/${own}${version === undefined ? '' : `/${version}`}`,
        schemaVersion: '1',
        ...(version !== undefined && { sourceVersion: version }),
      },
      data: contentOf(order, publication, today),
    },
  }
  return Array.from({ length: order.kind.copies ?? 1 }, () => entry)
}

function contentOf(order: DemoOrder, publication: Exclude<Publication, Answer>, today: string) {
  const salesOrder = order.number
  switch (publication.event) {
    case 'SalesOrderSubmitted':
      return 'isPoison' in publication
        ? { number: salesOrder, orderedOn: 'yesterday', lines: 'two of the blue ones' }
        : { ...orderOf(order, publication.lines ?? order.kind.lines, today), customer: { id: order.kind.customer } }
    case 'GoodsIssued':
      return {
        salesOrder,
        deliveryNote: documentNumber(order, publication.number),
        issuedOn: today,
        ...linesOf(publication.lines),
      }
    case 'ReturnReceived':
      return {
        salesOrder,
        return: documentNumber(order, publication.number),
        receivedOn: today,
        ...linesOf(publication.lines),
      }
    case 'PaymentReceived': {
      const { number, amount } = publication
      return { salesOrder, payment: documentNumber(order, number), amount, currency: 'EUR', receivedOn: today }
    }
    case 'SalesOrderCancelled':
      return { salesOrder, cancelledOn: today, reason: publication.reason }
    case 'SalesOrderClosed':
      return { salesOrder, closedOn: today, reason: publication.reason }
    case 'RefundRequested': {
      const { number, of } = publication
      return { salesOrder, refund: documentNumber(order, number), requestedOn: today, ...refundOf(order, of) }
    }
    default:
      return purchaseContentOf(order, publication, today)
  }
}

/** What an order to a customer and one to a supplier have alike. */
export function orderOf({ kind, number }: DemoOrder, lines: DemoOrder['kind']['lines'], today: string) {
  const { freight, freightTaxCode } = kind
  return {
    number,
    orderedOn: today,
    currency: 'EUR',
    ...(freight && { freight }),
    ...(freightTaxCode && { freightTaxCode }),
    lines: lines.map(({ item, ...line }, index) => ({ number: String(index + 1), item: { id: item }, ...line })),
  }
}

export function linesOf(lines: LineQuantities | undefined) {
  return lines && { lines: Object.entries(lines).map(([line, quantity]) => ({ line, quantity })) }
}

function refundOf(order: DemoOrder, of: RefundOf) {
  if (of === 'balance') return { of }
  if ('return' in of) return { of: 'return', return: documentNumber(order, of.return) }
  if ('lines' in of) return { of: 'lines', ...linesOf(of.lines) }
  const { amount, taxCode, reason } = of
  return { of: 'amount', amount, currency: 'EUR', taxCode, reason }
}
