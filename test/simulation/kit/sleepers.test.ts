import '../hub/settings.ts'
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { claimCase } from '#aws/case-store.ts'
import { clock } from '#aws/clock.ts'
import { asleep, oldestSleeperMs, storeSleeper, wakeSleepers } from '#aws/erp-budget/sleepers.ts'
import { readWholeList } from '#aws/table.ts'
import { createDatabase } from '../dynamodb/database.ts'
import { hubTable } from '../hub/settings.ts'

const beganAtMs = Date.parse('2026-11-24T09:00:00Z')
let nowMs = beganAtMs
/** In the order in which they were answered. */
let answered: string[] = []
/** Step Functions refuses the answer, for a cause that no one has foreseen. */
let refused: ReadonlySet<string> = new Set()

beforeEach(() => {
  nowMs = beganAtMs
  answered = []
  refused = new Set()
  Object.assign(clock, { nowMs: () => nowMs })
  const database = createDatabase({ tables: [hubTable], removeUndefinedValues: true })
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
  // Each answer takes it 10 ms.
  vi.spyOn(SFNClient.prototype, 'send').mockImplementation(async (command: unknown) => {
    if (!(command instanceof SendTaskSuccessCommand)) throw new Error('Nothing else is asked here')
    const token = String(command.input.taskToken)
    nowMs += 10
    if (refused.has(token)) throw Object.assign(new Error('Access denied'), { name: 'AccessDeniedException' })
    answered.push(token)
    return {}
  })
})

const ownerOf = (number: string) => ({ executionArn: `arn:${number}`, epoch: 1, redriveCount: 0 })

async function openCase(number: string): Promise<void> {
  const content = { version: 1, createdVersion: 1, fingerprint: 'f', mapping: undefined, currency: 'EUR' }
  const audit = { stage: 'accepted', by: `arn:${number}` } as const
  const more = { netTotal: '20', lines: [] }
  const key = `shop/sales-order/${number}`
  await claimCase(key, 'order-to-cash', ownerOf(number), { ...content, ...more }, {}, undefined, audit)
}

async function sleep(number: string, token: string, wokenAtMs?: number, sinceMs = beganAtMs): Promise<void> {
  await storeSleeper({ caseKey: `shop/sales-order/${number}`, ...ownerOf(number) }, token, { sinceMs, wokenAtMs })
}

async function fallAsleep(count: number): Promise<string[]> {
  const numbers = Array.from({ length: count }, (_, n) => `T${n}`)
  for (const number of numbers) {
    await openCase(number)
    await sleep(number, `token of ${number}`)
  }
  return numbers.map((number) => `token of ${number}`)
}

const aMinuteLater = () => nowMs + 60_000

describe('a case that was woken in vain', () => {
  it('keeps nobody asleep who is due, however many there are of it', async () => {
    await fallAsleep(250)
    nowMs += 3_600_000
    await wakeSleepers(aMinuteLater())
    for (let n = 0; n < 250; n++) await sleep(`T${n}`, `again T${n}`, nowMs)
    await openCase('Z')
    await sleep('Z', 'of another', undefined, nowMs)
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 1, failed: 0 })
    expect(answered.at(-1)).toBe('of another')
  })

  it.each([
    ['half of the time that it has waited', 4, 2],
    ['ten minutes at most', 60, 10],
  ])('is woken again after %s', async (_, waitedMinutes, minutes) => {
    await openCase('T1')
    nowMs += waitedMinutes * 60_000
    await sleep('T1', 'first')
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 1, failed: 0 })
    await sleep('T1', 'second', nowMs)
    nowMs += minutes * 60_000 - 1000
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 0, failed: 0 })
    nowMs += 2000
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 1, failed: 0 })
  })
})

describe('since when somebody sleeps', () => {
  it('is told of whoever has waited longest, though he was woken in vain and stands behind newcomers', async () => {
    await openCase('T1')
    await openCase('Z')
    nowMs += 8 * 3_600_000
    await sleep('T1', 'again', nowMs - 1000)
    await sleep('Z', 'newcomer', undefined, nowMs)
    expect(await oldestSleeperMs()).toBe(beganAtMs)
  })
})

describe('a case that has waited for hours for another cause', () => {
  it('is woken at once when the ERP is back', async () => {
    await openCase('T1')
    nowMs += 8 * 3_600_000
    await sleep('T1', 'after its maintenance')
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 1, failed: 0 })
    const wokenAtMs = nowMs
    nowMs += 3_600_000
    await sleep('T1', 'after an hour in line', wokenAtMs)
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 1, failed: 0 })
  })
})

describe('waking those who sleep until the ERP is back', () => {
  it('wakes each once, however many pages they are', async () => {
    const tokens = await fallAsleep(450)
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 450, failed: 0 })
    expect(answered.toSorted()).toEqual(tokens.toSorted())
    expect(await readWholeList(asleep)).toEqual([])
  })

  it('ends at its time, and wakes the others in the next run', async () => {
    const tokens = await fallAsleep(20)
    expect(await wakeSleepers(nowMs + 100)).toEqual({ woken: 10, failed: 0 })
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 10, failed: 0 })
    expect(answered.toSorted()).toEqual(tokens.toSorted())
  })

  it('wakes all others when more than a page of them cannot be woken, and those when they can', async () => {
    const tokens = await fallAsleep(450)
    refused = new Set(tokens.slice(0, 250))
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 200, failed: 250 })
    refused = new Set()
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 250, failed: 0 })
    expect(answered.toSorted()).toEqual(tokens.toSorted())
  })
})

describe('a case that has slept for six hours and sleeps on', () => {
  it('is listed once, and not once more for each time that it has looked', async () => {
    await openCase('T1')
    for (const token of ['first', 'second', 'third']) {
      await sleep('T1', token)
      nowMs += 6 * 3_600_000
    }
    expect(await readWholeList(asleep)).toHaveLength(1)
    expect(await wakeSleepers(aMinuteLater())).toEqual({ woken: 1, failed: 0 })
    expect(answered).toEqual(['third'])
  })

  it('keeps a token that another attempt has stored a moment before', async () => {
    await openCase('T1')
    await sleep('T1', 'of this attempt')
    await sleep('T1', 'late, of the one before')
    await wakeSleepers(aMinuteLater())
    expect(answered.toSorted()).toEqual(['late, of the one before', 'of this attempt'])
  })
})
