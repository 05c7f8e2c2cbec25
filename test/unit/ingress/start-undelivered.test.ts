import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { Context } from 'aws-lambda'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { PayloadReference, readPayload } from '#aws/payload-store.ts'
import { handler } from '../../../functions/ingress/start-undelivered.ts'
import { replaceBucket } from '../aws/payloads.ts'

vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true')
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT')
const objects = replaceBucket()
const started: string[] = []
const deadLetters: unknown[] = []
let throttled = false

vi.spyOn(SFNClient.prototype, 'send').mockImplementation(async (command: unknown) => {
  if (throttled) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })
  if (command instanceof StartExecutionCommand) started.push(command.input.input ?? '')
})
vi.spyOn(SQSClient.prototype, 'send').mockImplementation(async (command: unknown) => {
  if (command instanceof SendMessageCommand) deadLetters.push(JSON.parse(command.input.MessageBody ?? ''))
})

beforeEach(() => {
  throttled = false
  objects.clear()
  started.length = 0
  deadLetters.length = 0
})

/** An event as EventBridge puts it into the queue; so many bytes in all. */
function eventOf(bytes: number): string {
  const text = (note: string) =>
    JSON.stringify({
      version: '0',
      id: 'e1',
      'detail-type': 'SalesOrderSubmitted',
      source: 'shop',
      account: '000000000000',
      time: '2026-11-24T09:30:00Z',
      region: 'us-east-1',
      resources: [],
      detail: { metadata: { id: 'shop/T1', note }, data: { number: 'T1' } },
    })
  return text('x'.repeat(bytes - text('').length))
}

const deliver = async (...bodies: readonly string[]) =>
  await handler({ Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) }, context)
const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'StartUndelivered',
  functionVersion: '1',
  invokedFunctionArn: 'arn:function',
  memoryLimitInMB: '512',
  awsRequestId: 'r1',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => 10_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
}
const none = { batchItemFailures: [] }

describe('an event that the bus could not start the machine with', () => {
  it.each([1, 255])('starts it as it is when it is small enough, as one of %i KiB is', async (kib) => {
    const event = eventOf(kib * 1024)
    expect(await deliver(event)).toEqual(none)
    expect(started).toEqual([event])
    expect(objects.size).toBe(0)
  })

  it.each([256, 257, 900, 1023])('starts it by reference when it has %i KiB', async (kib) => {
    const event = eventOf(kib * 1024)
    expect(await deliver(event)).toEqual(none)
    const reference = PayloadReference.strict().parse(JSON.parse(started[0] ?? ''))
    expect(await readPayload(reference)).toEqual(JSON.parse(event))
  })

  it('is stored once when it is delivered twice', async () => {
    const event = eventOf(900 * 1024)
    await deliver(event)
    await deliver(event)
    expect(objects.size).toBe(1)
    expect(new Set(started).size).toBe(1)
  })

  it('leaves room for what the machine adds for its first Task, so that none starts that cannot go on', async () => {
    for (let bytes = 262_144 - 4_096; bytes <= 262_144 + 256; bytes += 128) await deliver(eventOf(bytes))
    expect(Math.max(...started.map((input) => Buffer.byteLength(input)))).toBeLessThanOrEqual(255 * 1024)
  })

  it('comes again when the machine cannot be started now, and the others do not', async () => {
    throttled = true
    expect(await deliver(eventOf(1024))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] })
    expect(deadLetters).toEqual([])
  })

  it.each([
    ['no JSON', 'half a messag'],
    ['no event', '{"resume":"shop/sales-order/T1"}'],
  ])('becomes a dead letter when it is %s', async (_what, body) => {
    expect(await deliver(body, eventOf(1024))).toEqual(none)
    expect(started).toHaveLength(1)
    expect(deadLetters).toEqual([expect.objectContaining({ id: 'm0', class: 'poison', stage: 'StartUndelivered' })])
  })
})

it('a reference is no event, so that accept can tell them apart', () => {
  expect(PayloadReference.safeParse(z.json().parse(JSON.parse(eventOf(1024)))).success).toBe(false)
})
