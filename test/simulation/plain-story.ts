import { names } from './hub/settings.ts'
import { submission } from './story/entries.ts'
import type { Order } from './story/order.ts'
import type { Play, Story } from './story.ts'

/** One order, delivered at once and paid after that: what every fault is tried on. */
export function plainStory(): Story {
  const order: Order = {
    number: 'T1',
    caseKey: `${names.system}/sales-order/T1`,
    customer: 'customer-1',
    lines: [{ number: '1', item: 'item-1', quantity: 2, cents: 1250 }],
    goodsIssues: [{ deliveryNote: 'DN-1' }],
    payments: [{ payment: 'P-1', cents: 2500 }],
    isOverLimit: false,
    isUnknownCustomer: false,
    changes: [],
    isCancelled: false,
    isClosed: false,
    returns: [],
    refunds: [],
  }
  const publish = (atMs: number, detailType: string, detail: unknown): Play => ({
    kind: 'publish',
    atMs,
    order: order.number,
    entry: { detailType, detail },
  })
  const { detailType, detail } = submission(order)
  const about = { salesOrder: order.number }
  const plays = [
    publish(0, detailType, detail),
    publish(2000, 'GoodsIssued', {
      metadata: { id: 'DN-1' },
      data: { ...about, deliveryNote: 'DN-1', issuedOn: '2026-01-06' },
    }),
    publish(4000, 'PaymentReceived', {
      metadata: { id: 'P-1' },
      data: { ...about, payment: 'P-1', amount: '25.00', currency: 'EUR', receivedOn: '2026-01-07' },
    }),
  ]
  return { orders: [order], plays }
}
