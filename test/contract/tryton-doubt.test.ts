import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { crowding, type ExpectedFault, killing, meeting } from './at-every-operation.ts'
import type { Hooks } from './bring-to-target.ts'
import { booksOfPurchase, bought, documentsOfPurchase } from './purchase-stories.ts'
import { booksOfCredit, documentsOfCredit, livedAndCredited } from './stories.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

// A story is more than a hundred calls that the ERP works on one by one: minutes, where others use the machine too.
vi.setConfig({ testTimeout: 600_000 })

/**
 * Doubt as it really is: the ERP may still be at work on what was sent while the next attempt asks, or repeats it. With
 * POSTONCE_ERP_DATABASE_URL it is PostgreSQL that keeps the documents apart. Selling and buying have a Tryton each, so
 * that both stories can be told at once.
 */
let erps: readonly [TrytonUnderTest, TrytonUnderTest]
beforeAll(async () => {
  erps = await Promise.all([startTrytonUnderTest(), startTrytonUnderTest({ suffix: '_second' })])
})
afterAll(() => Promise.all((erps ?? []).map((erp) => erp.stop())))

/** @param leftOver what may be left of each kind of document besides */
async function tellsBoth(hooksFor: (erp: TrytonUnderTest) => Hooks, leftOver?: 'empty') {
  const [seller, buyer] = erps
  const [sold, purchase] = await Promise.all([
    livedAndCredited(seller, hooksFor(seller)),
    bought(buyer, hooksFor(buyer)),
  ])
  expect(sold.changes).toEqual(booksOfCredit)
  expect(purchase.changes).toEqual(booksOfPurchase)
  expect(await seller.documents(sold.result.life.reference)).toEqual(documentsOfCredit)
  const bills = await buyer.purchasing(purchase.result.life.reference)
  expect(leftOver === 'empty' ? withoutEmpty(bills) : bills).toEqual(documentsOfPurchase)
}

/** What is opened late, when another one has been filled, orders, receives and bills nothing, and stays where it is. */
function withoutEmpty<T extends object>(documents: T) {
  const left = Object.entries(documents).map(([kind, states]) =>
    Array.isArray(states) ? [kind, states] : [kind, { ...states, empty: undefined }],
  )
  return Object.fromEntries(left)
}

/** Every operation of both meets these; which one was not told right. */
async function tellsBothMeeting(faultsFor: (erp: TrytonUnderTest) => readonly ExpectedFault[], leftOver?: 'empty') {
  const meetings = new Map(erps.map((erp) => [erp, meeting(erp, faultsFor(erp))]))
  await tellsBoth((erp) => meetings.get(erp)?.hooks ?? {}, leftOver)
  expect([...meetings.values()].flatMap(({ wrong }) => wrong(1))).toEqual([])
}

const lost = (faults: readonly ExpectedFault['fault'][]) =>
  faults.map((fault) => ({ fault, said: 'no-answer' }) as const)

describe('of what is sold and of what is bought there is one of each document', () => {
  it('when every attempt at an operation dies, each later than the one before', async () => {
    await tellsBothMeeting(() => lost([0, 5, 20, 200].map((afterMs) => ({ kind: 'hang-up', afterMs }))))
  })

  it('when every operation is held back on its way, and reaches the ERP after it was repeated', async () => {
    await tellsBothMeeting(() => lost([100, 400].map((afterMs) => ({ kind: 'late', afterMs }))), 'empty')
  })

  it('when the server is killed early and late in every operation', async () => {
    await tellsBothMeeting((erp) => [5, 60, 300].map((afterMs) => killing(erp, afterMs)))
  })

  it('when eight attempts send every operation at once', async () => {
    await tellsBoth(() => crowding(8).hooks)
  })
})
