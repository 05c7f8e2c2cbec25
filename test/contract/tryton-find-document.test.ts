import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DocumentKind } from '#domain/documents.ts'
import { bringToTarget } from './bring-to-target.ts'
import { live, newOrder } from './life.ts'
import { turnsOf } from './stories.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

const find = (kind: DocumentKind, number: string | undefined) => erp.connector.findDocument(kind, number ?? '')

describe('a document that a person names', () => {
  it('is found by its number and by its id, as its posting had it, with whose it is', async () => {
    const { life, salesOrder, delivery, invoice, payment } = await live(erp)
    const { customerId } = erp.idsFor('C001')
    const of = { customerIds: [customerId], salesOrderIds: [salesOrder.id], isInEffect: true }
    const references = [life.reference, `${life.reference}/DN-1`, `${life.reference}/invoice/DN-1`]
    const documents = [
      ['sales-order', salesOrder, references[0]],
      ['goods-issue', delivery, references[1]],
      ['customer-invoice', invoice, references[2]],
      ['payment-allocation', payment, `${life.reference}/payment/PAY-1`],
    ] as const
    for (const [kind, document, reference] of documents) {
      const expected = [{ document, reference, ...of }]
      expect(await find(kind, document.number)).toEqual(expected)
      expect(await find(kind, document.id)).toEqual(expected)
    }
  })

  it('is found when it went the other way: goods, a credit note and money on account', async () => {
    const turns = turnsOf(erp, newOrder())
    const bring = async (plan: Parameters<typeof bringToTarget>[0]) => (await bringToTarget(plan)).document.document
    const paid = await bring(turns.pay('incoming', 'PAY-1', '300'))
    const order = await bring(turns.salesOrder())
    const delivery = await bring(turns.goodsIssue(order.id, 'DN-1'))
    await bring(turns.customerInvoice(order.id, delivery.id, 'DN-1'))
    const back = await bring(turns.goodsReturn(order.id, 'RET-1', [{ line: '10', quantity: '5' }]))
    const credit = await bring(turns.creditNote(order.id, 'CN-1', { of: 'return', goodsReturnId: back.id }))
    const of = { customerIds: [erp.idsFor('C001').customerId], isInEffect: true }
    const ofOrder = { salesOrderIds: [order.id], ...of }
    expect(await find('incoming-payment', paid.number)).toMatchObject([{ document: paid, salesOrderIds: [], ...of }])
    expect(await find('goods-return', back.number)).toMatchObject([{ document: back, ...ofOrder }])
    expect(await find('goods-return', back.id)).toMatchObject([{ document: back, ...ofOrder }])
    expect(await find('credit-note', credit.number)).toMatchObject([{ document: credit, ...ofOrder }])
    // The same number of another kind is another document.
    expect(await find('customer-invoice', credit.number)).toEqual([])
  })

  it('is told when it has no effect yet', async () => {
    const turns = turnsOf(erp, newOrder())
    const [create] = turns.salesOrder().operations
    await create?.send(undefined)
    const [draft] = await turns.salesOrder().find()
    expect(await find('sales-order', draft?.document.id)).toMatchObject([{ isInEffect: false }])
    const order = (await bringToTarget(turns.salesOrder())).document.document
    expect(await find('sales-order', order.number)).toMatchObject([{ isInEffect: true }])
    expect(await find('sales-order-cancellation', order.number)).toMatchObject([{ isInEffect: false }])
    const { document } = (await bringToTarget(turns.cancel(order.id))).document
    expect(await find('sales-order-cancellation', order.number)).toMatchObject([{ document, isInEffect: true }])
  })

  it('is not found when there is none', async () => {
    expect(await find('sales-order', 'no such number')).toEqual([])
    expect(await find('goods-issue', '999999')).toEqual([])
  })
})
