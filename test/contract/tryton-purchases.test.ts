import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PostingPlan } from '#connectors/port.ts'
import { BusinessError, PoisonMessageError } from '#domain/errors.ts'
import { crowding, everyFault, meeting } from './at-every-operation.ts'
import { bringToTarget, type Hooks } from './bring-to-target.ts'
import { billedInFull, newPurchaseOrder, purchaseLifeOf } from './purchase-life.ts'
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

describe('what Tryton or the connector refuses about buying', () => {
  const bring = async (plan: PostingPlan) => (await bringToTarget(plan)).document.document
  const refusalOf = async (plan: PostingPlan) => {
    const error = await bringToTarget(plan).catch((cause: unknown) => cause)
    return error instanceof BusinessError ? `${error.code} ${error.owner}` : error
  }

  it('is an order of what it does not know', async () => {
    const life = (change: Parameters<typeof newPurchaseOrder>[0]) =>
      purchaseLifeOf({ ...erps[0], buyingIdsFor: () => erps[0].buyingIdsFor('S003') }, newPurchaseOrder(change))
    const [line] = newPurchaseOrder().lines
    if (!line) throw new Error('An order has a line')
    expect(await refusalOf(life({ currency: 'GBP' }).purchaseOrder())).toBe('UNKNOWN_CURRENCY finance')
    const strange = life({ lines: [{ ...line, item: { id: 'NONE' } }] })
    expect(await refusalOf(strange.purchaseOrder()).catch((error: BusinessError) => error.code)).toBe(
      'UNKNOWN_ITEM purchasing',
    )
    const ids = { ...erps[0].buyingIdsFor('S003'), supplierId: '999999' }
    const unknown = purchaseLifeOf({ ...erps[0], buyingIdsFor: () => ids }, newPurchaseOrder())
    expect(await refusalOf(unknown.purchaseOrder())).toBe('UNKNOWN_SUPPLIER purchasing')
  })

  it('is more back than came, a bill of what was not ordered, a second bill, a wrong tax, and too much money', async () => {
    const life = purchaseLifeOf(erps[0], newPurchaseOrder({ supplier: { id: 'S003' } }))
    const { id } = await bring(life.purchaseOrder())
    await bring(life.receive(id, 'DN-1', [{ line: '10', quantity: '5' }]))
    expect(await refusalOf(life.receive(id, 'DN-2', [{ line: '99', quantity: '1' }]))).toBe(
      'NOTHING_TO_RECEIVE warehouse',
    )
    expect(await refusalOf(life.sendBack(id, 'RET-1', [{ line: '10', quantity: '6' }]))).toBe(
      'RETURN_EXCEEDS_RECEIPT warehouse',
    )
    const [bags] = billedInFull
    if (!bags) throw new Error('A bill has a line')
    expect(await refusalOf(life.invoice(id, 'INV-0', [{ ...bags, line: '99' }]))).toBe('NOTHING_TO_BILL purchasing')
    expect(await refusalOf(life.invoice(id, 'INV-9', [bags], '99.00'))).toBe('TAX_DIFFERS finance')
    const invoice = await bring(life.invoice(id, 'INV-1', [bags]))
    expect(await refusalOf(life.invoiceAgain('twice', id, 'INV-1', [bags]))).toBe('DUPLICATE_SUPPLIER_INVOICE finance')
    expect(await refusalOf(life.pay(invoice.id, 'PAY-1', '91.20'))).toBe('OVERPAYMENT finance')
    expect(await refusalOf(life.cancel(id))).toBe('GOODS_RECEIVED purchasing')
    expect(await refusalOf(life.amend(id, 2, newPurchaseOrder({ supplier: { id: 'S003' } })))).toBe(
      'GOODS_RECEIVED purchasing',
    )
  })

  it('is a second bill that is drafted while the first is not there yet, by Tryton itself', async () => {
    const life = purchaseLifeOf(erps[0], newPurchaseOrder({ supplier: { id: 'S004' } }))
    const { id } = await bring(life.purchaseOrder())
    const late = life.invoiceAgain('late', id, 'INV-1', billedInFull)
    await late.operations[0]?.send(undefined)
    await bring(life.invoice(id, 'INV-1', billedInFull))
    expect(await refusalOf(late)).toBe('DUPLICATE_SUPPLIER_INVOICE finance')
  })

  it('is an older version after a newer one, and what comes for an order that is cancelled', async () => {
    const order = newPurchaseOrder({ supplier: { id: 'S004' } })
    const life = purchaseLifeOf(erps[1], order)
    const old = await bring(life.purchaseOrder())
    const late = life.amend(old.id, 2, order)
    const [seen] = await late.find()
    const now = await bring(life.amend(old.id, 3, order))
    const outcome = await late.operations[0]?.send(seen?.stamp)
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'NEWER_VERSION_POSTED' } })
    await bring(life.cancel(now.id))
    expect(await refusalOf(life.receive(now.id, 'DN-1'))).toBe('PURCHASE_ORDER_ENDED purchasing')
  })
})
