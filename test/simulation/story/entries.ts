import { type Line, type Order, type Refund, totalOf } from './order.ts'

export type Entry = { readonly detailType: string; readonly detail: unknown }

/** The event that submits the order, in one of its versions. */
export function submission(order: Order, version = 1): Entry {
  const lines = order.changes.find((one) => one.version === version)?.lines ?? order.lines
  const data = {
    number: order.number,
    orderedOn: '2026-01-05',
    currency: 'EUR',
    customer: { id: order.isUnknownCustomer ? `new-${order.number}` : order.customer },
    lines: lines.map(lineOf),
    netTotal: decimal(totalOf(lines)),
  }
  return entry('SalesOrderSubmitted', `submitted-${order.number}-${version}`, data, { sourceVersion: version })
}

/** Everything that happens to the order after that. */
export function signalsOf(order: Order): Entry[] {
  const { number: salesOrder } = order
  const currency = 'EUR'
  const about = { salesOrder }
  return [
    ...order.goodsIssues.map((issue) =>
      entry('GoodsIssued', issue.deliveryNote, { ...about, ...issue, issuedOn: '2026-01-06' }),
    ),
    ...order.payments.map(({ payment, cents }) =>
      entry('PaymentReceived', payment, {
        ...about,
        payment,
        amount: decimal(cents),
        currency,
        receivedOn: '2026-01-07',
      }),
    ),
    ...(order.isCancelled
      ? [entry('SalesOrderCancelled', `cancel-${salesOrder}`, { ...about, cancelledOn: '2026-01-06' })]
      : []),
    ...(order.isClosed ? [entry('SalesOrderClosed', `close-${salesOrder}`, { ...about, closedOn: '2026-01-08' })] : []),
    ...order.returns.map(({ number, lines }) =>
      entry('ReturnReceived', number, { ...about, return: number, receivedOn: '2026-01-09', lines }),
    ),
    ...order.refunds.map((refund) =>
      entry('RefundRequested', refund.refund, { ...about, ...termsOf(refund), requestedOn: '2026-01-10' }),
    ),
  ]
}

function termsOf(refund: Refund) {
  if (refund.of !== 'amount') return refund
  const { cents, ...rest } = refund
  return { ...rest, amount: decimal(cents), currency: 'EUR' }
}

function entry(detailType: string, id: string, data: unknown, metadata = {}): Entry {
  return { detailType, detail: { metadata: { id, ...metadata }, data } }
}

function lineOf({ number, item, quantity, cents }: Line) {
  return { number, item: { id: item }, quantity: String(quantity), unitPrice: decimal(cents) }
}

function decimal(cents: number): string {
  return (cents / 100).toFixed(2)
}
