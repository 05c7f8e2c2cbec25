import { caseKeyOf } from '#domain/keys.ts'
import { bankTotals } from './check-totals.ts'
import { drawStory } from './draw-story.ts'
import { erpBooksReader } from './erp-books.ts'
import { eventsOf } from './events-of-story.ts'
import { toldBy } from './hear-told.ts'
import { type Books, expectedBooks } from './oracle/expected-books.ts'
import { restlessness } from './rest.ts'
import { seedCustomers } from './seed-customers.ts'
import { type Happening, happeningsOf, type Story } from './story.ts'
import type { Telling } from './telling.ts'

const caseKey = ({ number }: Story) => caseKeyOf('shop', 'sales-order', number)

/** Stories of sales orders. */
export const orders: Telling<Story, Books> = {
  process: 'order-to-cash',
  ended: 'OrderToCashCompleted',
  draw: drawStory,
  caseKey,
  seed: seedCustomers,
  eventsOf: (story, act, random, today) => eventsOf(story, story.acts[act] ?? [], random, today),
  restlessness: (story, acts, nowMs) => {
    const published = story.acts.slice(0, acts).flat()
    return restlessness(caseKey(story), published.map(arrivalOf), nowMs)
  },
  toldBy,
  expect: expectedBooks,
  readBooks: (erp) => {
    const read = erpBooksReader(erp)
    return ({ customer }) => read(`shop-${customer}`)
  },
  totals: bankTotals,
  // A newer version that comes when the order has ended, or has been rejected, is for a person.
  mayConflict: (story) => happeningsOf(story, 'order').length > 1,
}

const signalKinds = {
  'goods-issue': 'goods-issue',
  payment: 'incoming-payment',
  cancellation: 'cancellation',
  closing: 'closing',
  return: 'goods-return',
  refund: 'refund',
} as const

function arrivalOf(happening: Happening) {
  return happening.kind === 'order'
    ? { version: happening.order.version }
    : { kind: signalKinds[happening.kind], number: happening.number }
}
