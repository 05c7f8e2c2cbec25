import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Id } from '#connectors/tryton/wire.ts'
import type { DocumentKind } from '#domain/documents.ts'
import { bringToTarget } from './bring-to-target.ts'
import { lifeOf, newOrder, orderTotal } from './life.ts'
import { billedInFull, newPurchaseOrder, purchaseLifeOf } from './purchase-life.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

const bring = async (plan: Parameters<typeof bringToTarget>[0]) => (await bringToTarget(plan)).document.document
const find = (kind: DocumentKind, number: string | undefined) => erp.connector.findDocument(kind, number ?? '')

describe('a document that a person names', () => {
  it('is found by its number and by its id, as its posting had it, with whose it is, whichever way it went', async () => {
    const life = lifeOf(erp, newOrder())
    const order = await bring(life.salesOrder())
    const delivery = await bring(life.goodsIssue(order.id, 'DN-1'))
    const invoice = await bring(life.customerInvoice(order.id, delivery.id, 'DN-1'))
    const paid = await bring(life.pay('incoming', 'PAY-1', '300'))
    const allocated = await bring(life.allocate(invoice.id, 'ALLOC-1', orderTotal))
    const of = { customerIds: [erp.idsFor('C001').customerId], isInEffect: true }
    const ofOrder = { salesOrderIds: [order.id], ...of }
    const documents = [
      ['sales-order', order, ''],
      ['goods-issue', delivery, '/DN-1'],
      ['customer-invoice', invoice, '/invoice/DN-1'],
      ['payment-allocation', allocated, '/ALLOC-1'],
    ] as const
    for (const [kind, document, suffix] of documents) {
      const direction = kind === 'payment-allocation' ? { direction: 'allocation' } : {}
      const expected = [{ document, reference: `${life.reference}${suffix}`, ...direction, ...ofOrder }]
      expect(await find(kind, document.number)).toEqual(expected)
      expect(await find(kind, document.id)).toEqual(expected)
    }
    const ofCustomer = { salesOrderIds: [], ...of }
    const incoming = { document: paid, direction: 'incoming', ...ofCustomer }
    expect(await find('incoming-payment', paid.number)).toMatchObject([incoming])
    const refunded = await bring(life.pay('outgoing', 'REF-1', '41.91'))
    const outgoing = { document: refunded, direction: 'outgoing', ...ofCustomer }
    expect(await find('incoming-payment', refunded.number)).toMatchObject([outgoing])
    const Entry = z.object({ id: Id, move: Id })
    const [own] = await erp.admin.search(Entry, 'account.invoice', [['id', '=', Number(invoice.id)]], ['move'])
    expect(await find('outgoing-payment', String(own?.move))).toMatchObject([{ direction: undefined }])
    const back = await bring(life.goodsReturn(order.id, 'RET-1', [{ line: '10', quantity: '5' }]))
    const credit = await bring(life.creditNote(order.id, 'CN-1', { of: 'return', goodsReturnId: back.id }))
    expect(await find('goods-return', back.number)).toMatchObject([{ document: back, ...ofOrder }])
    expect(await find('goods-return', back.id)).toMatchObject([{ document: back, ...ofOrder }])
    expect(await find('credit-note', credit.number)).toMatchObject([{ document: credit, ...ofOrder }])
    // The same number of another kind is another document.
    expect(await find('customer-invoice', credit.number)).toEqual([])
  })

  it('is found by number and by id, with its supplier and its purchase order', async () => {
    const life = purchaseLifeOf(erp, newPurchaseOrder())
    const order = await bring(life.purchaseOrder())
    const receipt = await bring(life.receive(order.id, 'DN-1'))
    const invoice = await bring(life.invoice(order.id, 'INV-1', billedInFull))
    const paid = await bring(life.pay(invoice.id, 'PAY-1', '100'))
    const settled = await bring(life.pay(invoice.id, 'ALLOC-1', '50', 'account'))
    const { supplierId } = erp.buyingIdsFor('S001')
    const of = { isInEffect: true, customerIds: [supplierId], salesOrderIds: [], purchaseOrderIds: [order.id] }
    const documents = [
      ['purchase-order', order, '', undefined],
      ['goods-receipt', receipt, '/DN-1', undefined],
      ['supplier-invoice', invoice, '/INV-1', undefined],
      ['supplier-payment', paid, '/PAY-1', 'outgoing'],
      ['supplier-payment-allocation', settled, '/ALLOC-1', 'allocation'],
    ] as const
    for (const [kind, document, suffix, direction] of documents) {
      const expected = [{ document, direction, reference: `${life.reference}${suffix}`, ...of }]
      expect(await find(kind, document.number)).toEqual(expected)
      expect(await find(kind, document.id)).toEqual(expected)
    }
    // What is on the supplier's side is no customer's payment.
    expect(await find('outgoing-payment', paid.number)).toMatchObject([{ direction: undefined, customerIds: [] }])
  })

  it('is told when it has no effect yet', async () => {
    const life = lifeOf(erp, newOrder())
    const [create] = life.salesOrder().operations
    await create?.send(undefined)
    const [draft] = await life.salesOrder().find()
    expect(await find('sales-order', draft?.document.id)).toMatchObject([{ isInEffect: false }])
    const order = (await bringToTarget(life.salesOrder())).document.document
    expect(await find('sales-order', order.number)).toMatchObject([{ isInEffect: true }])
    expect(await find('sales-order-cancellation', order.number)).toMatchObject([{ isInEffect: false }])
    const { document } = (await bringToTarget(life.cancel(order.id))).document
    expect(await find('sales-order-cancellation', order.number)).toMatchObject([{ document, isInEffect: true }])
  })

  it('is not found when there is none', async () => {
    expect(await find('sales-order', 'no such number')).toEqual([])
    expect(await find('goods-issue', '999999')).toEqual([])
  })
})
