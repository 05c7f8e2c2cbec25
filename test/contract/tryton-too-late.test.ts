import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import type { PostingPlan } from '#connectors/port.ts'
import { Id } from '#connectors/tryton/wire.ts'
import type { Fault } from '../../bin/local/erp/fault-proxy.ts'
import { bringToTarget } from './bring-to-target.ts'
import { lifeOf, newOrder } from './life.ts'
import { describePurchaseTooLate } from './purchase-too-late.ts'
import { refusedAfter } from './refused-after.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

vi.setConfig({ testTimeout: 600_000 })

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

const bring = async (plan: PostingPlan) => (await bringToTarget(plan)).document.document

const tooLate = { kind: 'refused', refusal: { code: 'GOODS_GONE' }, undone: true }

/** Each of an order's sales: its state, and what the hub says on it. */
async function salesOf(reference: string) {
  const Sale = z.object({ id: Id, state: z.string(), comment: z.string().nullable() })
  const domain = [['web_id', 'like', `${reference}%`]]
  const sales = await erp.admin.search(Sale, 'sale.sale', domain, ['state', 'comment'])
  return sales.sort((one, other) => one.id - other.id).map(({ state, comment }) => `${state} ${comment ?? ''}`.trim())
}

async function shippedInBetween(ask: 'amend' | 'cancel', faults: readonly (readonly [string, Fault])[] = []) {
  const order = newOrder()
  const life = lifeOf(erp, order)
  const { id } = await bring(life.salesOrder())
  const plan = () => (ask === 'amend' ? life.amend(id, 2, order) : life.cancel(id))
  const ship = async () => {
    await bring(life.goodsIssue(id, 'DN-1'))
    for (const [method, fault] of faults) {
      erp.proxy.inject({ matches: (request) => request.method === method, nth: 1, fault })
    }
  }
  const result = await refusedAfter(plan(), ask === 'amend' ? 'quote-sales-order' : 'claim-cancellation', ship)
  return { ...result, life, id, plan }
}

describe('when the warehouse ships while an order is', () => {
  it('changed, the new version is cancelled and its claim taken back, and more can be delivered', async () => {
    const { said, last, life, id, plan } = await shippedInBetween('amend')
    expect(said.slice(-2)).toEqual(['quote-sales-order: answered', 'cancel-delivery: refused'])
    expect(last).toMatchObject(tooLate)
    const mark = `replaced by version 2: ${life.reference}/v2`
    const after = [`processing ${mark}\nwithdrawn: ${mark}`, 'cancelled']
    expect(await salesOf(life.reference)).toEqual(after)
    const again = await refusedAfter(plan())
    expect(again).toMatchObject({ said: ['claim-amendment: refused'], last: tooLate })
    expect(await salesOf(life.reference)).toEqual(after)
    const more = await bring(life.goodsIssue(id, 'DN-2', [{ line: '10', quantity: '2' }]))
    expect(more.lines).toEqual([{ line: '10', quantity: '2' }])
  })

  it('cancelled, the claim is taken back, and more can be delivered', async () => {
    const { said, last, life, id, plan } = await shippedInBetween('cancel')
    expect(said).toEqual(['claim-cancellation: answered', 'cancel-delivery: refused'])
    expect(last).toMatchObject(tooLate)
    const mark = `cancelled: ${life.reference}/cancellation`
    expect(await salesOf(life.reference)).toEqual([`processing ${mark}\nwithdrawn: ${mark}`])
    expect(await refusedAfter(plan())).toMatchObject({
      said: ['claim-cancellation: refused'],
      last: tooLate,
    })
    await bring(life.goodsIssue(id, 'DN-2', [{ line: '10', quantity: '2' }]))
  })

  it.each<[string, Fault['kind'] & ('lose-request' | 'lose-answer'), string]>([
    ['the word that it is taken back is lost on its way there', 'lose-request', 'model.sale.sale.write'],
    ['the word that it is taken back is lost on its way back', 'lose-answer', 'model.sale.sale.write'],
    ['the end of the new version is lost on its way there', 'lose-request', 'model.sale.sale.cancel'],
    ['the end of the new version is lost on its way back', 'lose-answer', 'model.sale.sale.cancel'],
  ])('changed, and %s, the next attempt takes back what is left', async (_what, kind, method) => {
    const { said, last, life } = await shippedInBetween('amend', [[method, { kind }]])
    expect(said.slice(-2)).toEqual(['cancel-delivery: not-applied', 'cancel-delivery: refused'])
    expect(last).toMatchObject(tooLate)
    const mark = `replaced by version 2: ${life.reference}/v2`
    expect(await salesOf(life.reference)).toEqual([`processing ${mark}\nwithdrawn: ${mark}`, 'cancelled'])
  })

  it('changed, and the hub dies before the new version is cancelled, the next attempt cancels it', async () => {
    const order = newOrder()
    const life = lifeOf(erp, order)
    const { id } = await bring(life.salesOrder())
    const amend = life.amend(id, 2, order)
    let [found] = await amend.find()
    for (const operation of amend.operations.slice(0, 3)) {
      await operation.send(found?.stamp)
      ;[found] = await amend.find()
    }
    await bring(life.goodsIssue(id, 'DN-1'))
    const cancels = { matches: ({ method }: { method: string }) => method === 'model.sale.sale.cancel', nth: 1 }
    erp.proxy.inject({ ...cancels, fault: { kind: 'lose-request' } })
    expect(await amend.operations[3]?.send(found?.stamp)).toMatchObject({ kind: 'not-applied' })
    expect((await salesOf(life.reference))[1]).toBe('quotation')
    expect(await refusedAfter(life.amend(id, 2, order))).toMatchObject({
      said: ['claim-amendment: refused'],
      last: tooLate,
    })
    expect((await salesOf(life.reference))[1]).toBe('cancelled')
  })
})

describePurchaseTooLate(() => erp)
