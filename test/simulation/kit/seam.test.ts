import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createDatabase } from '../dynamodb/database.ts'
import { throttled, transactionConflict } from '../dynamodb/errors.ts'
import { type Call, type Fault, faultAt, noFaults, plannedFaults, recordFaults, seededFaults } from '../faults.ts'
import { withInvocation } from '../invocation.ts'
import { seededRandom } from '../random.ts'
import { replaceAbortTimeout, replaceSend, type Undo } from '../replace.ts'
import { createSeam } from '../seam.ts'
import { shrink } from '../shrink.ts'
import { createVirtualTime } from '../virtual-time.ts'

const undos: Undo[] = []
afterEach(() => {
  for (const undo of undos.splice(0)) undo()
})

const key = { pk: 'case', sk: 'CASE' }
const add = { TableName: 'hub', Key: key, UpdateExpression: 'ADD epoch :one', ExpressionAttributeValues: { ':one': 1 } }
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }))

/** A Lambda that counts up once, reads, and answers, with one fault at its first call. */
function open(fault?: Fault, point = 'Step dynamodb Update 1') {
  const time = createVirtualTime(0)
  const plan = fault === undefined ? noFaults : faultAt(point, fault)
  const seam = createSeam({ time, plan, latencyMs: () => 5 })
  const database = createDatabase({ tables: [{ name: 'hub', keys: { partition: 'pk', sort: 'sk' } }] })
  const refusals = { throttled, conflict: () => transactionConflict(1) }
  undos.push(
    replaceSend(DynamoDBDocumentClient, { seam, time, service: 'dynamodb', request: database.request, refusals }),
  )
  const steps: string[] = []
  const story: { outcome?: string; atMs?: number } = {}
  const handler = async () => {
    await client.send(new UpdateCommand(add))
    steps.push(`updated at ${time.nowMs()}`)
    const { Item } = await client.send(new GetCommand({ TableName: 'hub', Key: key }))
    steps.push('read')
    return Item?.epoch
  }
  const run = async (work: () => Promise<unknown> = handler) => {
    void withInvocation(time, { functionName: 'Step', timeoutMs: 60_000 }, work).then(
      (result) => Object.assign(story, { outcome: String(result), atMs: time.nowMs() }),
      (error: Error) => Object.assign(story, { outcome: error.name, atMs: time.nowMs() }),
    )
    await time.run()
    const [item] = database.items('hub')
    return { ...story, steps, epoch: item?.epoch }
  }
  return { time, seam, run }
}

describe('a call of the SDK', () => {
  it.each<[string, Fault | undefined, { outcome: string; epoch?: number; steps: number }]>([
    ['goes through', undefined, { outcome: '1', epoch: 1, steps: 2 }],
    ['dies before it is sent', { kind: 'crash-before' }, { outcome: 'Runtime.ExitError', steps: 0 }],
    ['dies after its effect', { kind: 'crash-after' }, { outcome: 'Runtime.ExitError', epoch: 1, steps: 0 }],
    [
      'is repeated by the SDK when the request is lost',
      { kind: 'request-lost', isSilent: false, times: 2 },
      { outcome: '1', epoch: 1, steps: 2 },
    ],
    [
      'is done again by the SDK when the answer is lost',
      { kind: 'answer-lost', isSilent: false, times: 2 },
      { outcome: '3', epoch: 3, steps: 2 },
    ],
    [
      'fails when no answer ever comes, and was done',
      { kind: 'answer-lost', isSilent: false, times: 3 },
      { outcome: 'TimeoutError', epoch: 3, steps: 0 },
    ],
    ['waits when throttled', { kind: 'throttled', times: 1 }, { outcome: '1', epoch: 1, steps: 2 }],
    [
      'fails when throttled for long',
      { kind: 'throttled', times: 3 },
      { outcome: 'ProvisionedThroughputExceededException', steps: 0 },
    ],
    ['goes on after it was frozen', { kind: 'frozen-before', forMs: 1000 }, { outcome: '1', epoch: 1, steps: 2 }],
    [
      'goes on after its time-out when thawed late',
      { kind: 'frozen-after', forMs: 90_000 },
      { outcome: 'Sandbox.Timedout', epoch: 1, steps: 2 },
    ],
    [
      'may have its effect late, after those of the repeats',
      { kind: 'late-effect', isSilent: false, afterMs: 500 },
      { outcome: 'TimeoutError', epoch: 3, steps: 0 },
    ],
  ])('%s', async (_, fault, { outcome, epoch, steps }) => {
    const story = await open(fault).run()
    expect(story).toMatchObject({ outcome, epoch })
    expect(story.steps).toHaveLength(steps)
  })

  it('is told of a conflict with another transaction, which is not repeated', async () => {
    const { run } = open({ kind: 'conflict', times: 1 }, 'Step dynamodb TransactWrite 1')
    const transaction = new TransactWriteCommand({ TransactItems: [{ Update: add }] })
    expect(await run(() => client.send(transaction))).toMatchObject({
      outcome: 'TransactionCanceledException',
      epoch: undefined,
    })
  })

  it('repeats a transaction under one token, so that a lost answer does it once', async () => {
    const { run } = open({ kind: 'answer-lost', isSilent: false, times: 1 }, 'Step dynamodb TransactWrite 1')
    const transaction = new TransactWriteCommand({ TransactItems: [{ Update: add }] })
    expect(await run(async () => typeof (await client.send(transaction)))).toMatchObject({
      outcome: 'object',
      epoch: 1,
    })
  })

  it('stops the clock where the simulation has to learn something', async () => {
    const { run } = open()
    await expect(
      run(() => client.send(Object.assign(new UpdateCommand(add), { input: { ...add, Unheard: 1 } }))),
    ).rejects.toThrow('Unheard')
  })
})

describe('an invocation', () => {
  it('is killed when its time is over, and what it had sent has its effect', async () => {
    const { run, seam } = open()
    const story = await run(async () => {
      await seam.clock.sleep(59_997)
      await client.send(new UpdateCommand(add))
      throw new Error('nobody comes here')
    })
    expect(story).toMatchObject({ outcome: 'Sandbox.Timedout', atMs: 60_000, epoch: 1 })
  })

  it('leaves nothing running behind its answer', async () => {
    const { run, seam } = open()
    const story = await run(async () => {
      void seam.clock.sleep(10).then(() => client.send(new UpdateCommand(add)))
      return 'answered'
    })
    expect(story).toMatchObject({ outcome: 'answered', epoch: undefined })
  })
})

describe('an HTTP request', () => {
  type Row = [string, Fault | undefined, string, number]
  const row = (...cells: Row): Row => cells
  it.each([
    row('goes through', undefined, '200', 1),
    row('is refused for now', { kind: 'throttled', times: 1 }, '429', 0),
    row('finds a gateway without its server', { kind: 'unavailable', times: 1 }, '503', 0),
    row('does not connect', { kind: 'not-connected' }, 'fetch failed ECONNREFUSED', 0),
    row(
      'is cut off before its effect',
      { kind: 'request-lost', isSilent: false, times: 1 },
      'fetch failed ECONNRESET',
      0,
    ),
    row(
      'is cut off after its effect',
      { kind: 'answer-lost', isSilent: false, times: 1 },
      'fetch failed ECONNRESET',
      1,
    ),
    row(
      'gets no answer until its time is over',
      { kind: 'answer-lost', isSilent: true, times: 1 },
      'TimeoutError at 30000',
      1,
    ),
    row(
      'has its effect after the caller gave up',
      { kind: 'late-effect', isSilent: true, afterMs: 40_000 },
      'TimeoutError at 30000',
      1,
    ),
  ])('%s', async (_, fault, outcome, effects) => {
    const { time, seam, run } = open(fault, 'Step erp create 1')
    undos.push(replaceAbortTimeout(time))
    let done = 0
    const effect = () => {
      done += 1
      return '200'
    }
    const options = { throttled: () => '429', unavailable: () => '503' }
    const story = await run(async () => {
      try {
        return await seam.http({ service: 'erp', operation: 'create' }, effect, {
          ...options,
          signal: AbortSignal.timeout(30_000),
        })
      } catch (error) {
        if (!(error instanceof Error)) return 'nothing'
        return error.name === 'TimeoutError'
          ? `TimeoutError at ${time.nowMs()}`
          : `${error.message} ${Reflect.get(Object(error.cause), 'code')}`
      }
    })
    expect(story.outcome).toBe(outcome)
    expect(done).toBe(effects)
  })

  it('ends in the words of a caller who gives up by himself when nothing is heard', async () => {
    const { time, seam, run } = open({ kind: 'request-lost', isSilent: true, times: 1 }, 'Step erp create 1')
    const silence = { afterMs: 20_000, error: () => new Error(`Silence at ${time.nowMs()}`) }
    const options = { throttled: () => '429', unavailable: () => '503', silence }
    const story = await run(async () => {
      const answer = seam.http({ service: 'erp', operation: 'create' }, () => '200', options)
      return await answer.catch(String)
    })
    expect(story.outcome).toBe('Error: Silence at 20005')
  })
})

describe('a plan of faults', () => {
  const call = (ordinal: number, more: Partial<Call> = {}): Call => ({
    protocol: 'sdk',
    service: 's',
    operation: 'Get',
    functionName: 'Step',
    ordinal,
    point: `p${ordinal}`,
    ...more,
  })

  it('tells the same faults for the same seed, and again from its record', () => {
    const rates = { 'crash-after': 0.1, 'answer-lost': 0.2, throttled: 0.1 }
    const once = recordFaults(seededFaults(seededRandom(1), rates))
    const again = recordFaults(seededFaults(seededRandom(1), rates))
    for (let i = 1; i <= 200; i++) for (const plan of [once, again]) plan.decide(call(i))
    const replayed = recordFaults(plannedFaults(once.faults))
    for (let i = 1; i <= 200; i++) replayed.decide(call(i))
    expect(once.faults.length).toBeGreaterThan(50)
    expect(again.faults).toEqual(once.faults)
    expect(replayed.faults).toEqual(once.faults)
    expect(once.points.size).toBe(200)
  })

  it('kills no one where there is no Lambda', () => {
    const plan = seededFaults(seededRandom(1), { 'crash-before': 1 })
    expect(plan.decide(call(1, { functionName: undefined }))).toBeUndefined()
    expect(plan.decide(call(2))).toEqual({ kind: 'crash-before' })
  })

  it('shrinks to the parts that are needed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(60), { maxLength: 40 }),
        fc.uniqueArray(fc.nat(60), { maxLength: 3 }),
        async (others, needed) => {
          const parts = [...new Set([...others, ...needed])].sort((a, b) => a - b)
          const kept = await shrink(parts, async (some) => needed.every((part) => some.includes(part)))
          expect(kept).toEqual([...needed].sort((a, b) => a - b))
        },
      ),
    )
  })
})
