import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { BookValue } from '../stories/differences.ts'
import { orders } from '../stories/orders.ts'
import { playBatch } from '../stories/play-batch.ts'
import { purchases } from '../stories/purchases/purchases.ts'
import type { AnyStory, Telling } from '../stories/telling.ts'
import { killErpServer } from '../stories/trouble.ts'
import { breakOnce, bus, hub, newNumber } from './hub-under-test.ts'

/** Of `npm run stories`. */
const seed = '1'

it('leaves the books that the events of random orders make, although answers are lost and the ERP is killed', async () => {
  // Changed, cancelled, returned, refused, cancelled or delivered; each with its events in any order.
  const lost = ['model.stock.shipment.out.do', 'model.account.move.post', 'model.account.invoice.write']
  expect(await differencesAfter(orders, [5, 6, 7, 13, 29], lost)).toEqual([])
})

it('leaves the books that the events of random purchases make, although answers are lost and the ERP is killed', async () => {
  // Approved, cancelled or received; changed, closed short and billed by receipt; sent back, credited and not due.
  const lost = ['model.stock.shipment.in.do', 'model.account.invoice.post', 'wizard.account.invoice.pay.execute']
  expect(await differencesAfter(purchases, [12, 28, 36], lost)).toEqual([])
})

/** Everything that is not as the events say, once these stories are told. */
async function differencesAfter<Story extends AnyStory, Books extends Readonly<Record<string, BookValue>>>(
  telling: Telling<Story, Books>,
  indexes: readonly number[],
  lostAnswers: readonly string[],
): Promise<readonly unknown[]> {
  const run = newNumber('LIFE')
  for (const method of lostAnswers) await breakOnce({ method, contains: '', kind: 'lose-answer' })
  const { stories, differences } = await playBatch(
    telling,
    indexes.map((index) => telling.draw(run, seed, index)),
    {
      environment: hub,
      bus,
      seed,
      timeoutMs: 480_000,
      onProgress: () => {},
      trouble: (random) => {
        const killing = sleep(random.integer(4_000, 12_000)).then(() => killErpServer(hub))
        return () => killing
      },
    },
  )
  const wrong = stories.map(({ story: { index, title }, differences: own }) => ({ index, title, own }))
  return [...wrong.filter(({ own }) => own.length > 0), ...differences]
}
