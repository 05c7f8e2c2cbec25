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
  const metadata = { sourceVersion: version, ...(order.isLarge && version === 1 && { note: tooLarge }) }
  return entry('SalesOrderSubmitted', `submitted-${order.number}-${version}`, data, metadata)
}

/** More than a machine may be started with, and less than the bus takes. */
const tooLarge = '.'.repeat(262_144)

/** What says otherwise than an event that has come before. */
export function contradictionsOf(order: Order): Entry[] {
  return order.contradictions.map((payment) => paymentOf(order, payment, '/again'))
}

function paymentOf(order: Order, { payment, cents }: Order['payments'][number], suffix = ''): Entry {
  const data = { payment, amount: decimal(cents), currency: 'EUR', receivedOn: '2026-01-07' }
  return entry('PaymentReceived', `${payment}${suffix}`, { salesOrder: order.number, ...data })
}

/** Everything that happens to the order after that. */
export function signalsOf(order: Order): Entry[] {
  const { number: salesOrder } = order
  const about = { salesOrder }
  return [
    ...order.goodsIssues.map((issue) =>
      entry('GoodsIssued', issue.deliveryNote, { ...about, ...issue, issuedOn: '2026-01-06' }),
    ),
    ...order.payments.map((payment) => paymentOf(order, payment)),
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
