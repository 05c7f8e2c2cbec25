import { caseKeyOf } from '#domain/keys.ts'
import type { HeardEvent } from '../../hub/bus-listener.ts'
import type { Told } from '../oracle/told.ts'
import { restlessness } from '../rest.ts'
import type { Telling } from '../telling.ts'
import { answersTo } from './answers.ts'
import { drawPurchase } from './draw.ts'
import { purchaseBooksReader } from './erp-books.ts'
import { purchaseEventsOf } from './events.ts'
import { mayEndBeforeItsChange } from './oracle/decided.ts'
import { expectedPurchase, type PurchaseBooks } from './oracle/expected.ts'
import { seedSuppliers } from './seed-suppliers.ts'
import type { PurchaseStory } from './story.ts'
import { paymentTotals } from './totals.ts'

const caseKey = ({ number }: PurchaseStory) => caseKeyOf('shop', 'purchase-requisition', number)

/** Stories of purchases. */
export const purchases: Telling<PurchaseStory, PurchaseBooks> = {
  process: 'procure-to-pay',
  ended: 'ProcureToPayCompleted',
  draw: drawPurchase,
  caseKey,
  seed: seedSuppliers,
  eventsOf: purchaseEventsOf,
  restlessness: (story, acts, nowMs) => {
    const published = story.acts.slice(0, acts).flat()
    const arrivals = published.map((one) => (one.kind === 'requisition' ? { version: one.order.version } : one))
    return restlessness(caseKey(story), arrivals, nowMs)
  },
  answers: (stories) => answersTo(stories, caseKey),
  toldBy,
  expect: expectedPurchase,
  readBooks: purchaseBooksReader,
  totals: paymentTotals,
  // As with orders: a newer version of what was withdrawn or closed by then is for a person.
  mayConflict: mayEndBeforeItsChange,
}

/** What a statement is about stands in its id: `shop/purchase-requisition/P1/GoodsReceiptPosted/DN-1`. */
function toldBy({ 'detail-type': type, detail: { metadata, data } }: HeardEvent): Told {
  const prefix = `${metadata.correlationId}/${type}`
  const about = metadata.id.startsWith(prefix) ? metadata.id.slice(prefix.length + 1) : metadata.id
  const [amount, as] = [Reflect.get(Object(data.document), 'amount'), data.as]
  return {
    ...{ type, about, atMs: Date.parse(metadata.occurredAt) },
    amount: typeof amount === 'string' ? amount : undefined,
    as: typeof as === 'string' ? as : undefined,
  }
}
