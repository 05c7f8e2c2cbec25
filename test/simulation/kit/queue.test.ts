import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { createQueue, type QueueSettings, requestOfQueues, type Subscription } from '../queue.ts'
import { seededRandom } from '../random.ts'
import { createVirtualTime } from '../virtual-time.ts'

function open(settings: Partial<QueueSettings> = {}) {
  const time = createVirtualTime(0)
  const random = seededRandom(1)
  const dead = createQueue({ name: 'dead', time, random })
  const queue = createQueue({ name: 'signals', time, random, deadLetter: dead, maxReceiveCount: 3, ...settings })
  const seen: string[][] = []
  const subscribe = (answer: (ids: string[], batch: number) => unknown, more: Partial<Subscription> = {}) => {
    const invoke = async ({ Records }: { Records: readonly Record<string, unknown>[] }) => {
      seen.push(Records.map(({ body }) => String(body)))
      return answer(
        Records.map(({ messageId }) => String(messageId)),
        seen.length,
      )
    }
    queue.subscribe({ invoke, reportBatchItemFailures: true, ...more })
  }
  return { time, queue, dead, seen, subscribe }
}

describe('a queue', () => {
  it('delivers in batches and forgets what was handled', async () => {
    const { time, queue, seen, subscribe } = open()
    for (let i = 0; i < 5; i++) queue.send(`m${i}`)
    subscribe(() => ({ batchItemFailures: [] }), { batchSize: 3 })
    queue.send('m5')
    await time.run()
    expect(seen.flat().sort()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5'])
    expect(Math.max(...seen.map(({ length }) => length))).toBe(3)
    expect(queue.messages()).toEqual([])
  })

  it('delivers again only what the handler named, after the visibility timeout', async () => {
    const { time, queue, seen, subscribe } = open()
    queue.send('good')
    queue.send('bad')
    subscribe((ids, batch) => ({
      batchItemFailures: batch === 1 ? ids.slice(1).map((itemIdentifier) => ({ itemIdentifier })) : [],
    }))
    await time.run()
    expect(seen).toEqual([['good', 'bad'], ['bad']])
    expect(time.nowMs()).toBeGreaterThanOrEqual(30_000)
  })

  it.each<[string, () => unknown]>([
    ['throws', () => Promise.reject(new Error('no'))],
    ['never answers', () => new Promise(() => undefined)],
    ['names a message that is not of the batch', () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] })],
    ['fails by its time', () => ({ batchItemFailures: [{}] })],
  ])('gives a message up to the dead-letter queue when the handler %s each time', async (_, answer) => {
    const { time, queue, dead, seen, subscribe } = open()
    queue.send('bad')
    subscribe(answer)
    await time.run()
    expect(seen).toEqual([['bad'], ['bad'], ['bad']])
    expect(dead.messages()).toMatchObject([{ body: 'bad' }])
    expect(queue.messages()).toEqual([])
  })

  it('delivers some twice at once', async () => {
    const { time, queue, seen, subscribe } = open({ duplicateRate: 1 })
    subscribe(() => null)
    queue.send('m')
    await time.run()
    expect(seen).toEqual([['m'], ['m']])
  })

  it("answers the client's command", () => {
    const { queue, dead } = open()
    const send = requestOfQueues([queue, dead], new SendMessageCommand({ QueueUrl: dead.url, MessageBody: 'm' }))
    expect(send()).toMatchObject({ MessageId: dead.messages()[0]?.id })
  })
})
