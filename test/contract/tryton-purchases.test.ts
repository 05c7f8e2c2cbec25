import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PostingPlan } from '#connectors/port.ts'
import { PoisonMessageError } from '#domain/errors.ts'
import { crowding, everyFault, meeting } from './at-every-operation.ts'
import { bringToTarget, type Hooks } from './bring-to-target.ts'
import { billedInFull, newPurchaseOrder, purchaseLifeOf } from './purchase-life.ts'
import { describePurchaseRefusals, refusalOf } from './purchase-refusals.ts'
import {
  booksOfChangedPurchase,
  booksOfPurchase,
  bought,
  changedPurchase,
  documentsOfChangedPurchase,
  documentsOfPurchase,
  operationsOfChangedPurchase,
  operationsOfPurchase,
} from './purchase-stories.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

// A story is some hundred calls that the ERP works on one by one: minutes, where others use the machine too.
vi.setConfig({ testTimeout: 600_000 })

/** Each story has a Tryton of its own, so that both can be told at once. */
let erps: readonly [TrytonUnderTest, TrytonUnderTest]
beforeAll(async () => {
  erps = await Promise.all([startTrytonUnderTest(), startTrytonUnderTest({ suffix: '_second' })])
})
afterAll(() => Promise.all((erps ?? []).map((erp) => erp.stop())))

/** Tells both stories, and checks every book and every document at the end. */
async function tellBoth(hooksFor: (erp: TrytonUnderTest) => Hooks) {
  const [first, second] = erps
  const [life, change] = await Promise.all([bought(first, hooksFor(first)), changedPurchase(second, hooksFor(second))])
  expect(life.changes).toEqual(booksOfPurchase)
  expect(change.changes).toEqual(booksOfChangedPurchase)
  expect(await first.purchasing(life.result.life.reference)).toEqual(documentsOfPurchase)
  expect(await second.purchasing(change.result.life.reference)).toEqual(documentsOfChangedPurchase)
  return [life, change] as const
}

describe('a purchase that is received, billed, sent back in part and paid, and one that changes', () => {
  let posted: Awaited<ReturnType<typeof bought>>['posted'] = []

  it('take each operation once, though each is sent by two at once and every task after a transaction is lost', async () => {
    await Promise.all(erps.map(({ erp }) => erp.restart({ loseTasks: true })))
    const crowds = new Map(erps.map((erp) => [erp, crowding(2)]))
    const [life, change] = await tellBoth((erp) => crowds.get(erp)?.hooks ?? {})
    await Promise.all(erps.map(({ erp }) => erp.restart({ loseTasks: false })))
    expect([...crowds.values()].flatMap(({ wrong }) => wrong)).toEqual([])
    const isTask = (operation: string) => /process-(purchase-order|supplier-return|invoices)$/.test(operation)
    expect(life.sent.filter((operation) => !isTask(operation))).toEqual(operationsOfPurchase)
    expect(change.sent.filter((operation) => !isTask(operation))).toEqual(operationsOfChangedPurchase)
    expect(life.sent.filter(isTask).length).toBeGreaterThan(4)
    posted = life.posted
  })

  it('send nothing again once their documents are at their targets', async () => {
    expect(posted.length).toBeGreaterThan(8)
    for (const { plan, document } of posted) {
      const again = await bringToTarget(plan)
      expect(again.sent).toEqual([])
      expect(again.document.document).toEqual(document)
    }
  })

  it('are poison when an answer lacks a field that the connector needs', async () => {
    const matches = ({ method }: { method: string }) => /\.(read|search_read)$/.test(method)
    const rewrite = (text: string) => text.replaceAll('"lines":', '"limes":').replaceAll('"number":', '"slumber":')
    const end = erps[0].proxy.inject({ matches, fault: { kind: 'rewrite', rewrite } })
    for (const { plan } of posted) await expect(plan.find()).rejects.toThrow(PoisonMessageError)
    expect(end()).toBeGreaterThan(0)
  })

  it('leave one of each document when every operation meets every fault', async () => {
    const meetings = new Map(erps.map((erp) => [erp, meeting(erp, everyFault)]))
    const [life, change] = await tellBoth((erp) => meetings.get(erp)?.hooks ?? {})
    expect([...meetings.values()].flatMap(({ wrong }) => wrong(everyFault.length))).toEqual([])
    expect(operationsOfPurchase.filter((operation) => !life.sent.includes(operation))).toEqual([])
    expect(operationsOfChangedPurchase.filter((operation) => !change.sent.includes(operation))).toEqual([])
  })
})

it('a bill in yen is booked, although its lines come to a cent more than it does when each is converted by itself', async () => {
  const life = purchaseLifeOf(erps[1], newPurchaseOrder({ supplier: { id: 'S003' }, currency: 'JPY' }))
  const { id } = (await bringToTarget(life.purchaseOrder())).document.document
  await bringToTarget(life.receive(id, 'DN-1'))
  // 0.48 + 0.78 + 0.11 and taxes of 0.12 + 0.04 are 1.53 euros, and 244 yen are 1.52.
  const lines = billedInFull.map((line, index) => ({ ...line, amount: ['76', '125', '18'][index] ?? '0' }))
  const { document } = (await bringToTarget(life.invoice(id, 'INV-1', lines, '25'))).document
  expect(document).toMatchObject({ amount: '244', currency: 'JPY' })
})

describePurchaseRefusals(() => erps[0])

describe('what Tryton refuses about buying', () => {
  const bring = async (plan: PostingPlan) => (await bringToTarget(plan)).document.document

  it('is an order of what it does not know', async () => {
    const life = (change: Parameters<typeof newPurchaseOrder>[0]) =>
      purchaseLifeOf({ ...erps[0], buyingIdsFor: () => erps[0].buyingIdsFor('S003') }, newPurchaseOrder(change))
    const [line] = newPurchaseOrder().lines
    if (!line) throw new Error('An order has a line')
    expect(await refusalOf(life({ currency: 'GBP' }).purchaseOrder())).toBe('UNKNOWN_CURRENCY finance')
    const strange = life({ lines: [{ ...line, item: { id: 'NONE' } }] })
    expect(await refusalOf(strange.purchaseOrder())).toBe('UNKNOWN_ITEM purchasing')
    const ids = { ...erps[0].buyingIdsFor('S003'), supplierId: '999999' }
    const unknown = purchaseLifeOf({ ...erps[0], buyingIdsFor: () => ids }, newPurchaseOrder())
    expect(await refusalOf(unknown.purchaseOrder())).toBe('UNKNOWN_SUPPLIER purchasing')
  })

  it('is a second bill that is drafted while the first is not there yet, by Tryton itself', async () => {
    const life = purchaseLifeOf(erps[0], newPurchaseOrder({ supplier: { id: 'S004' } }))
    const { id } = await bring(life.purchaseOrder())
    const late = life.invoiceAgain('late', id, 'INV-1', billedInFull)
    await late.operations[0]?.send(undefined)
    await bring(life.invoice(id, 'INV-1', billedInFull))
    expect(await refusalOf(late)).toBe('DUPLICATE_SUPPLIER_INVOICE finance')
  })

  it('is the claim of an older version that was read before a newer one', async () => {
    const order = newPurchaseOrder({ supplier: { id: 'S004' } })
    const life = purchaseLifeOf(erps[1], order)
    const old = await bring(life.purchaseOrder())
    const late = life.amend(old.id, 2, order)
    const [seen] = await late.find()
    await bring(life.amend(old.id, 3, order))
    const outcome = await late.operations[0]?.send(seen?.stamp)
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'NEWER_VERSION_POSTED' } })
  })
})
