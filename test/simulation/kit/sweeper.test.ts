import '../hub/settings.ts'
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { claimCase } from '#aws/case-store.ts'
import { clock } from '#aws/clock.ts'
import { handler } from '../../../functions/operations/sweep-cases.ts'
import { createDatabase, type Database } from '../dynamodb/database.ts'
import { hubTable, times } from '../hub/settings.ts'
import { watchSweeper } from '../hub/sweeper.ts'
import { context } from './inbox-world.ts'

const cases = 100
let nowMs = Date.parse('2026-11-24T09:00:00Z')
const asked: string[] = []

/** Open cases whose executions run; each question about one takes Step Functions a second. */
let database: Database
beforeEach(async () => {
  Object.assign(clock, { nowMs: () => nowMs })
  database = createDatabase({ tables: [hubTable], removeUndefinedValues: true })
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
  vi.spyOn(SFNClient.prototype, 'send').mockImplementation(async (command: unknown) => {
    if (!(command instanceof DescribeExecutionCommand)) throw new Error('Nothing is started or answered here')
    asked.push(String(command.input.executionArn))
    nowMs += 1000
    return { status: 'RUNNING' }
  })
  for (let at = 0; at < cases; at++) await openCase(`T${at}`)
  nowMs += times.silentSeconds * 1000 + 1
})

async function openCase(number: string): Promise<void> {
  const lines = [{ line: '1', quantity: '2' }]
  const order = {
    number,
    orderedOn: '2026-11-24',
    currency: 'EUR',
    customer: { id: 'C1' },
    lines: [{ number: '1', item: { id: 'P1' }, quantity: '2', unitPrice: '10' }],
  }
  const content = { version: 1, createdVersion: 1, fingerprint: 'f', mapping: undefined, currency: 'EUR' }
  const owner = { executionArn: `arn:${number}`, epoch: 1, redriveCount: 0 }
  const audit = { stage: 'accepted', by: owner.executionArn } as const
  const key = `shop/sales-order/${number}`
  await claimCase(key, 'order-to-cash', owner, { ...content, netTotal: '20', lines }, order, undefined, audit)
}

describe('sweeping many cases slowly', () => {
  it('ends before the next run begins, and goes on with the others then', async () => {
    const beganAtMs = nowMs
    await handler({}, context)
    expect(nowMs - beganAtMs).toBeLessThan(60_000)
    const first = asked.length
    expect(first).toBeGreaterThan(0)
    await handler({}, context)
    expect(asked.length).toBeGreaterThan(first)
    expect(new Set(asked).size).toBe(asked.length)
  })
})

describe('the runs of the sweeper that a simulation leaves out', () => {
  it('are those that would look once more at what nobody has changed', () => {
    const sweeper = watchSweeper(database, () => nowMs)
    expect(sweeper.hasWork()).toBe(true)
    sweeper.swept()
    expect(sweeper.hasWork()).toBe(false)
    nowMs += 600_000
    expect(sweeper.hasWork()).toBe(true)
  })

  it('are never those after a run in which something went wrong', () => {
    const sweeper = watchSweeper(database, () => nowMs)
    sweeper.disturbed()
    sweeper.swept()
    expect(sweeper.hasWork()).toBe(true)
    sweeper.swept()
    expect(sweeper.hasWork()).toBe(false)
  })
})
