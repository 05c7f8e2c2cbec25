import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { createTimerHeap, type Timer } from '../timer-heap.ts'
import { createVirtualTime } from '../virtual-time.ts'

describe('virtual time', () => {
  it('passes a month in no time and in the order of the moments', async () => {
    const time = createVirtualTime(0)
    const seen: string[] = []
    const wait = async (name: string, milliseconds: number) => {
      await time.sleep(milliseconds)
      seen.push(`${name} at ${time.nowMs()}`)
    }
    void wait('month', 30 * 86_400_000)
    void wait('second', 1000)
    void wait('also a second', 1000)
    expect(await time.run()).toBe(3)
    expect(seen).toEqual(['second at 1000', 'also a second at 1000', 'month at 2592000000'])
  })

  it('lets everything that a timer set off end before the next one is due', async () => {
    const time = createVirtualTime(0)
    const seen: string[] = []
    void (async () => {
      await time.sleep(1)
      for (let i = 0; i < 50; i += 1) await null
      await new Response('{"a":1}').json()
      seen.push('first')
    })()
    time.after(1, () => seen.push('second'))
    await time.run()
    expect(seen).toEqual(['first', 'second'])
  })

  it('waits for work outside the process', async () => {
    const time = createVirtualTime(0)
    const seen: string[] = []
    time.after(1, async () => {
      await time.outside(new Promise((resolve) => setTimeout(resolve, 15)))
      seen.push('outside')
    })
    time.after(2, () => seen.push('later'))
    await time.run()
    expect(seen).toEqual(['outside', 'later'])
  })

  it('does not end before what asked for a turn of the event loop', async () => {
    const time = createVirtualTime(0)
    const seen: string[] = []
    time.after(1, async () => {
      await new Promise((resolve) => setImmediate(resolve))
      await time.sleep(1)
      seen.push('after its turn')
    })
    await time.run()
    expect(seen).toEqual(['after its turn'])
  })

  it('ends with the error that it is told of', async () => {
    const time = createVirtualTime(0)
    time.after(1, () => time.fail(new Error('not known')))
    time.after(2, () => undefined)
    await expect(time.run()).rejects.toThrow('not known')
    expect(time.nowMs()).toBe(1)
  })

  it('does not move for a cancelled timer and stops at the moment asked for', async () => {
    const time = createVirtualTime(0)
    const cancel = time.after(1_000_000, () => undefined)
    time.after(10, cancel)
    time.after(50, () => undefined)
    await time.run({ untilMs: 20 })
    expect(time.nowMs()).toBe(20)
    await time.run()
    expect(time.nowMs()).toBe(50)
  })

  it('tells something that never ends', async () => {
    const time = createVirtualTime(0)
    const again = () => {
      time.after(1, again)
    }
    again()
    await expect(time.run({ maximumTimers: 100 })).rejects.toThrow('never ends')
  })

  it('gives back timers by moment, then by the order they were set', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (moments) => {
        const heap = createTimerHeap()
        const timers: Timer[] = moments.map((dueMs, order) => ({ dueMs, order, action: () => undefined }))
        for (const timer of timers) heap.push(timer)
        const given: Timer[] = []
        for (let timer = heap.pop(); timer !== undefined; timer = heap.pop()) given.push(timer)
        expect(given).toEqual([...timers].sort((a, b) => a.dueMs - b.dueMs || a.order - b.order))
      }),
    )
  })
})

describe('seeded random', () => {
  it('tells the same story for the same seed, and another for another', () => {
    const story = (seed: number) =>
      Array.from(
        { length: 20 },
        (
          (random) => () =>
            random.next()
        )(seededRandom(seed)),
      )
    expect(story(7)).toEqual(story(7))
    expect(story(7)).not.toEqual(story(8))
  })

  it('does not move when a fork is drawn from', () => {
    const random = seededRandom(1)
    const fork = random.fork('faults')
    const other = seededRandom(1)
    fork.next()
    expect(random.next()).toBe(other.next())
    expect(fork.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('draws integers evenly and within their bounds', () => {
    const random = seededRandom(3)
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 4000; i += 1) {
      const n = random.integer(0, 3)
      counts[n] = (counts[n] ?? 0) + 1
    }
    for (const count of counts) expect(count).toBeGreaterThan(850)
  })
})
