import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { claimCase } from '#aws/case-store.ts'
import { claimPosting, markPosted } from '#aws/posting-store.ts'
import { listDifferences, openDifferences } from '#aws/reconciliation/difference-store.ts'
import { handler } from '../../../functions/reconciliation/reconcile-books.ts'
import {
  begin,
  context,
  pace,
  pass,
  payloads,
  putSourceFile,
  records,
  remaining,
  replaceOutside,
  unchanged,
} from './inbox-world.ts'

beforeAll(() => {
  // What is found stays, to be counted.
  vi.stubEnv('SELF_REPAIR', '{}')
  replaceOutside()
})
beforeEach(async () => {
  begin()
  for (const at of numbers.keys()) await post(at)
  pass(2 * 3600)
})

const numbers = Array.from({ length: 60 }, (_, at) => `T${at}`)
const keyOf = (number: string) => `shop/sales-order/${number}`

/** An order that the hub has posted; of the ERP's every seventh is over another amount, every tenth is lost, and some are looked up. */
async function post(at: number): Promise<void> {
  const number = `T${at}`
  const owner = { executionArn: `arn:${number}`, epoch: 1, redriveCount: 0 }
  const content = {
    ...{ version: 1, createdVersion: 1, fingerprint: 'f', mapping: undefined, currency: 'EUR', netTotal: '10.00' },
    lines: [{ line: '1', quantity: '1' }],
  }
  await claimCase(keyOf(number), 'order-to-cash', owner, content, { number }, undefined, {
    stage: 'accepted',
    by: owner.executionArn,
  })
  const reference = `R-${number}`
  const claim = await claimPosting(
    { ...owner, caseKey: keyOf(number) },
    { document: 'sales-order', number },
    undefined,
    'c1',
    { fingerprint: 'f', reference },
    undefined,
  )
  const document = { id: String(at), number: `SO${at}`, amount: '10.00', currency: 'EUR' }
  await markPosted(claim, document, undefined)
  if (at % 10 === 3) return
  records.push({
    ...{ document: 'sales-order', reference, standing: 'in-effect', onDay: '2026-11-24', ...document },
    ...(at % 7 === 0 && { amount: '9.99' }),
    // A clerk's own, that somebody has adopted: it comes by its number from the one side, by the hub's reference from the other.
    ...(at % 12 === 1 && { reference: undefined }),
  })
  if (at % 8 === 2) unchanged.add(String(at))
}

const Answer = z.looseObject({
  isThrough: z.boolean(),
  untilMs: z.number(),
  documents: z.int(),
  differences: z.array(z.looseObject({ key: z.string(), class: z.string() })),
  totals: z.unknown(),
})
const sinceMs = Date.parse('2026-11-23T00:00:00Z')
const compare = async (untilMs?: number) =>
  Answer.parse(await handler({ sinceMs, ...(untilMs !== undefined && { untilMs }) }, context))

const open = async () =>
  (await listDifferences(openDifferences)).map(({ difference }) => `${difference.class} ${difference.key}`).sort()

/** What a run finds that has all the time that it wants. */
async function whole() {
  const { documents, totals } = await compare()
  return { documents, totals, differences: await open() }
}

/** The same world anew, in which time is short. */
async function again(): Promise<void> {
  begin()
  for (const at of numbers.keys()) await post(at)
  pass(2 * 3600)
}

describe('a run that stops before its time is over', () => {
  // A call takes ten seconds, so that an invocation comes as far as so many calls.
  it.each([
    ['after each page and each look-up', 181, 7],
    ['after a few', 215, 7],
    ['in the middle of the feed or of the comparison', 300, 20],
  ])('%s is gone on with, and finds the same differences and totals', async (_when, seconds, pageLength) => {
    const expected = await whole()
    expect(expected.differences).toHaveLength(15)
    expect(payloads.size).toBe(0)
    await again()
    Object.assign(pace, { seconds: 10, pageLength })
    remaining.ms = seconds * 1000
    let answer = await compare()
    let invocations = 1
    for (; !answer.isThrough && invocations < 200; invocations++) {
      expect(await open()).toEqual([])
      answer = await compare(answer.untilMs)
    }
    expect(invocations).toBeGreaterThan(2)
    expect({ documents: answer.documents, totals: answer.totals, differences: await open() }).toEqual(expected)
  })

  it('by the clock is gone on with by the next one, with the same window, until it is through', async () => {
    const expected = await whole()
    await again()
    Object.assign(pace, { seconds: 10, pageLength: 20 })
    remaining.ms = 250_000
    const ticks: boolean[] = []
    for (let isThrough = false; !isThrough && ticks.length < 200; ) {
      const { isThrough: now } = z.looseObject({ isThrough: z.boolean() }).parse(await handler({}, context))
      ticks.push(now)
      isThrough = now
      pass(900)
    }
    expect(ticks.length).toBeGreaterThan(3)
    expect(await open()).toEqual(expected.differences)
    expect(await handler({}, context)).toMatchObject({ isDue: false })
  })

  it('dies at any call, and whoever comes after it finds the same', async () => {
    const expected = await whole()
    await again()
    Object.assign(pace, { seconds: 10, pageLength: 7 })
    let answer: z.output<typeof Answer> | undefined
    let untilMs: number | undefined
    const deaths: number[] = []
    for (let calls = 1; answer?.isThrough !== true && calls < 200; calls += 3) {
      pace.calls = calls
      untilMs ??= Date.parse('2026-11-24T10:00:00Z')
      try {
        answer = await compare(untilMs)
      } catch (error) {
        deaths.push(calls)
        expect(String(error)).toContain('The process has ended')
      }
    }
    expect(deaths.length).toBeGreaterThan(2)
    expect(await open()).toEqual(expected.differences)
    expect(answer?.documents).toBe(expected.documents)
  })

  it('is not told of what has been mended until it came that far', async () => {
    Object.assign(pace, { seconds: 10, pageLength: 20 })
    remaining.ms = 200_000
    const { isThrough, untilMs } = await compare()
    expect(isThrough).toBe(false)
    for (const [at, record] of records.entries()) records[at] = { ...record, amount: '10.00' }
    let answer = await compare(untilMs)
    while (!answer.isThrough) answer = await compare(untilMs)
    expect((await open()).filter((one) => one.startsWith('amount'))).toEqual([])
    expect((await open()).length).toBeGreaterThan(0)
  })
})

describe("a source's file that takes longer than one run", () => {
  it('is gone on with, and says the same', async () => {
    const row = (number: string) => `${keyOf(number)},sales-order,${number},2026-11-24,10.00,EUR`
    const head = 'case,document,number,onDay,amount,currency'
    putSourceFile('2026-11-24/shop.csv', [head, ...numbers.slice(4).map(row), row('T99')])
    const files = async (dueAfterMs = 0) =>
      z
        .object({ files: z.array(z.looseObject({ became: z.string() })) })
        .parse(await handler({ files: true, dueAfterMs }, context)).files
    pace.seconds = 20
    remaining.ms = 190_000
    const outcomes: unknown[] = []
    for (let times = 0; times < 3; times++) outcomes.push(...(await files()))
    const begun = { file: '2026-11-24/shop.csv', became: 'begun' }
    // Once it is read, it need not be read again.
    expect(outcomes).toEqual([begun, { ...begun, became: 'compared', documents: 61, differences: 5 }])
    expect((await open()).map((one) => one.split(' ')[0])).toEqual([
      'missing-in-erp',
      ...Array(4).fill('missing-in-source'),
    ])
  })
})
