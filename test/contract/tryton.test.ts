import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { PoisonMessageError } from '#domain/errors.ts'
import { crowding, type ExpectedFault, everyFault, killing, meeting } from './at-every-operation.ts'
import { bringToTarget, type Hooks } from './bring-to-target.ts'
import { lifeOf, newOrder } from './life.ts'
import {
  booksOfChange,
  booksOfReturn,
  changed,
  documentsOfChange,
  documentsOfReturn,
  operationsOfChange,
  operationsOfReturn,
  returned,
} from './stories.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

// A story is more than a hundred calls that the ERP works on one by one: minutes, where others use the machine too.
vi.setConfig({ testTimeout: 600_000 })

/** Each story has a Tryton of its own, so that both can be told at once. */
let erps: readonly [TrytonUnderTest, TrytonUnderTest]
beforeAll(async () => {
  erps = [await startTrytonUnderTest(), await startTrytonUnderTest({ suffix: '_second' })]
})
afterAll(() => Promise.all((erps ?? []).map((erp) => erp.stop())))

/** Tells both stories, and checks every book and every document at the end. */
async function tellBoth(hooksFor: (erp: TrytonUnderTest) => Hooks) {
  const [first, second] = erps
  const [back, change] = await Promise.all([returned(first, hooksFor(first)), changed(second, hooksFor(second))])
  expect(back.changes).toEqual(booksOfReturn)
  expect(change.changes).toEqual(booksOfChange)
  expect(await first.documents(back.result.life.reference)).toEqual(documentsOfReturn)
  expect(await second.documents(change.result.life.reference)).toEqual(documentsOfChange)
  return [back, change] as const
}

/** Does the same to the answers to everything that either Tryton is asked. */
function rewriteReads(rewrite: (text: string) => string): () => number {
  const matches = ({ method }: { method: string }) => /\.(read|search_read)$/.test(method)
  const ends = erps.map(({ proxy }) => proxy.inject({ matches, fault: { kind: 'rewrite', rewrite } }))
  return () => ends.reduce((times, end) => times + end(), 0)
}

describe('an order that is returned, and one that changes', () => {
  let posted: Awaited<ReturnType<typeof returned>>['posted'] = []

  it('take each operation once, though each is sent by four at once', async () => {
    const crowds = new Map(erps.map((erp) => [erp, crowding(4)]))
    const [back, change] = await tellBoth((erp) => crowds.get(erp)?.hooks ?? {})
    expect([...crowds.values()].flatMap(({ wrong }) => wrong)).toEqual([])
    expect(back.sent).toEqual(operationsOfReturn)
    expect(change.sent).toEqual(operationsOfChange)
    posted = back.posted
  })

  it('send nothing again once their documents are at their targets', async () => {
    expect(posted.length).toBeGreaterThan(10)
    for (const { plan, document } of posted) {
      const again = await bringToTarget(plan)
      expect(again.sent).toEqual([])
      expect(again.document.document).toEqual(document)
    }
  })

  it('are poison when an answer lacks a field that the connector needs', async () => {
    const end = rewriteReads((text) => text.replaceAll('"state":', '"estate":').replaceAll('"lines":', '"limes":'))
    for (const { plan } of posted) await expect(plan.find()).rejects.toThrow(PoisonMessageError)
    expect(end()).toBeGreaterThan(0)
  })

  it('leave one of each document when every operation meets every fault, and answers hold unknown fields', async () => {
    const end = rewriteReads((text) => text.replaceAll('"id":', '"surprise":{"new":true},"id":'))
    await tellWith(everyFault.length, () => everyFault)
    expect(end()).toBeGreaterThan(20)
  })

  it('leave one of each document when the server is killed in every operation', () =>
    tellWith(1, (erp) => [killing(erp)]))
})

/** Tells both while every operation meets so many faults at least. */
async function tellWith(atLeast: number, faultsFor: (erp: TrytonUnderTest) => readonly ExpectedFault[]) {
  const meetings = new Map(erps.map((erp) => [erp, meeting(erp, faultsFor(erp))]))
  const [back, change] = await tellBoth((erp) => meetings.get(erp)?.hooks ?? {})
  expect([...meetings.values()].flatMap(({ wrong }) => wrong(atLeast))).toEqual([])
  expect(operationsOfReturn.filter((operation) => !back.sent.includes(operation))).toEqual([])
  expect(operationsOfChange.filter((operation) => !change.sent.includes(operation))).toEqual([])
}

describe('a Tryton that loses every task after its transaction', () => {
  beforeAll(async () => {
    await Promise.all(erps.map(({ erp }) => erp.restart({ loseTasks: true })))
  })
  afterAll(async () => {
    await Promise.all(erps.map(({ erp }) => erp.restart({ loseTasks: false })))
  })

  it('is made to finish what the tasks would have done', async () => {
    const [back, change] = await tellBoth(() => ({}))
    const tasks = ['process-sales-order', 'process-goods-return', 'process-invoices', 'everything: process-sales-order']
    expect(back.sent.filter((operation) => !tasks.includes(operation))).toEqual(operationsOfReturn)
    expect(change.sent.filter((operation) => !tasks.includes(operation))).toEqual(operationsOfChange)
    expect(new Set([...back.sent, ...change.sent])).toEqual(new Set([...back.sent, ...change.sent, ...tasks]))
  })

  it('lets go of an order that it confirmed and did not process', async () => {
    const [erp] = erps
    const life = lifeOf(erp, newOrder())
    const plan = life.salesOrder()
    let [found] = await plan.find()
    for (const operation of plan.operations.slice(0, 3)) {
      await operation.send(found?.stamp)
      ;[found] = await plan.find()
    }
    const { sent } = await bringToTarget(life.cancel(found?.document.id ?? ''))
    const withdrawn = ['claim-cancellation', 'reset-sales-order', 'cancel-sales-order']
    expect(sent.map(({ operation }) => operation)).toEqual(withdrawn)
  })
})
