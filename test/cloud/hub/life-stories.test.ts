import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { drawStory } from '../stories/draw-story.ts'
import { playBatch } from '../stories/play-batch.ts'
import { killErpServer } from '../stories/trouble.ts'
import { breakOnce, bus, hub, newNumber } from './hub-under-test.ts'

/** Of `npm run stories`: changed, cancelled, returned, refused, cancelled or delivered; each with its events in any order. */
const seed = '1'
const indexes = [5, 6, 7, 13, 29]

it('leaves the books that the events of random lives make, although answers are lost and the ERP is killed', async () => {
  const run = newNumber('LIFE')
  const stories = indexes.map((index) => drawStory(run, seed, index))
  for (const method of ['model.stock.shipment.out.do', 'model.account.move.post', 'model.account.invoice.write'])
    await breakOnce({ method, contains: '', kind: 'lose-answer' })
  const { stories: checked, differences } = await playBatch(stories, {
    environment: hub,
    bus,
    seed,
    timeoutMs: 480_000,
    onProgress: () => {},
    trouble: (random) => {
      const killing = sleep(random.integer(4_000, 12_000)).then(() => killErpServer(hub))
      return () => killing
    },
  })
  const wrong = checked.map(({ story, differences: own }) => ({ index: story.index, title: story.title, own }))
  expect(wrong.filter(({ own }) => own.length > 0)).toEqual([])
  expect(differences).toEqual([])
}, 600_000)
