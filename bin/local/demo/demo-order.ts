import { caseKeyOf } from '#domain/keys.ts'
import type { Entry } from '../../commands/publish/read-entries.ts'
import type { OrderKind } from './kinds.ts'

const source = 'shop'

/** One order of a run. Its number bears the run's own letters, so that a run can be repeated in the same environment. */
export interface DemoOrder {
  readonly kind: OrderKind
  readonly number: string
  readonly caseKey: string
}

/** A name for this run that no earlier one had: the second in which it began. */
export function runName(nowMs: number): string {
  return Math.floor(nowMs / 1000)
    .toString(36)
    .toUpperCase()
}

export function ordersOf(run: string, kinds: readonly OrderKind[]): readonly DemoOrder[] {
  return kinds.map((kind, index) => {
    const number = `${run}-${index + 1}`
    return { kind, number, caseKey: caseKeyOf(source, 'sales-order', number) }
  })
}

/** What a shop publishes for a new order: SalesOrderSubmitted, and the payment if the customer has paid already. */
export function openingEvents(order: DemoOrder, today: string): readonly Entry[] {
  const { kind, number } = order
  const { customer, lines, freight, freightTaxCode } = kind
  const salesOrder = {
    number,
    orderedOn: today,
    currency: 'EUR',
    customer: { id: customer },
    ...(freight && { freight }),
    ...(freightTaxCode && { freightTaxCode }),
    lines: lines.map(({ item, ...line }, index) => ({ number: String(index + 1), item: { id: item }, ...line })),
  }
  const data = kind.isPoison ? { number, orderedOn: 'yesterday', lines: 'two of the blue ones' } : salesOrder
  return [
    ...repeat(order, 'SalesOrderSubmitted', number, data),
    ...(kind.payment === 'before-goods-issue' ? paymentReceived(order, 0, today) : []),
  ]
}

/** What the warehouse publishes for one delivery. */
export function goodsIssued(order: DemoOrder, delivery: number, today: string): readonly Entry[] {
  const planned = order.kind.deliveries[delivery]
  if (planned === undefined) return []
  const deliveryNote = `DN-${order.number}-${delivery + 1}`
  const lines = Object.entries(planned.lines ?? {}).map(([line, quantity]) => ({ line, quantity }))
  return repeat(order, 'GoodsIssued', deliveryNote, {
    salesOrder: order.number,
    deliveryNote,
    issuedOn: today,
    ...(lines.length > 0 && { lines }),
  })
}

/** What the bank publishes when the invoice of one delivery is paid. */
export function paymentReceived(order: DemoOrder, delivery: number, today: string): readonly Entry[] {
  const planned = order.kind.deliveries[delivery]
  if (planned === undefined) return []
  const payment = `PAY-${order.number}-${delivery + 1}`
  return repeat(order, 'PaymentReceived', payment, {
    salesOrder: order.number,
    payment,
    amount: planned.invoice,
    currency: 'EUR',
    receivedOn: today,
  })
}

/** The same event as often as the kind says: each copy bears the same id, as a redelivery does. */
function repeat(order: DemoOrder, detailType: string, id: string, data: unknown): readonly Entry[] {
  const entry: Entry = {
    where: `${detailType} ${id}`,
    source,
    detailType,
    detail: { metadata: { id: `${source}/${detailType}/${id}`, schemaVersion: '1' }, data },
  }
  return Array.from({ length: order.kind.copies }, () => entry)
}
