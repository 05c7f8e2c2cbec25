import { describe, expect, it } from 'vitest'
import { listQuestions } from '../../../bin/commands/inbox/list-questions.ts'
import { breakOnce, bus, eventually, newNumber, publish } from './hub-under-test.ts'
import {
  creditNoteReceived,
  goodsReceived,
  goodsReturned,
  invoiceReceived,
  purchaseBooksOf,
  purchaseCancelled,
  purchaseClosed,
  purchaseOf,
  requested,
  requisition,
} from './purchases-under-test.ts'

/** One of everything, received, billed and paid to the cent. */
async function expectBooksOfOne(number: string): Promise<void> {
  expect(await purchaseBooksOf(number)).toEqual({
    orders: [['done', '184.00']],
    receipts: ['done'],
    returns: [],
    invoices: [['paid', `INV-${number}`, '220.80', '0.00']],
  })
}

describe('a purchase on its way', () => {
  it('is ordered, received, billed and paid when due, once each, and each is told on the bus', async () => {
    const number = newNumber('P')
    await publish(requested(requisition(number)))
    await bus.until('PurchaseOrderCreated', number)
    await publish(goodsReceived(number))
    await bus.until('GoodsReceiptPosted', number)
    await publish(invoiceReceived(number))
    await bus.until('ProcureToPayCompleted', number)
    await expectBooksOfOne(number)
    const told = bus.about(number).map((event) => event.detail.metadata.id)
    const own = `shop/purchase-requisition/${number}`
    expect(new Set(told)).toEqual(
      new Set([
        `${own}/PurchaseOrderCreated`,
        `${own}/GoodsReceiptPosted/DN-${number}`,
        `${own}/SupplierInvoicePosted/INV-${number}`,
        `${own}/SupplierPaymentPosted/supplier-invoice/INV-${number}/0+220.8`,
        `${own}/ProcureToPayCompleted/1`,
      ]),
    )
    expect((await purchaseOf(number)).case.status).toBe('completed')
  })

  it('ends in the same books when all of it comes at once, in the wrong order and five times', async () => {
    const number = newNumber('P')
    const wanted = requisition(number)
    const all = [invoiceReceived(number), goodsReceived(number), requested(wanted)]
    await Promise.all(Array.from({ length: 5 }, () => publish(...all)))
    await bus.until('ProcureToPayCompleted', number)
    await expectBooksOfOne(number)
  })

  it('waits for the day on which an invoice is due, and takes what was credited off it', async () => {
    const number = newNumber('P')
    await publish(
      requested(requisition(number)),
      goodsReceived(number),
      invoiceReceived(number, { dueOn: '2099-01-31' }),
    )
    await bus.until('SupplierInvoicePosted', number)
    await publish(goodsReturned(number), creditNoteReceived(number))
    await bus.until('SupplierCreditNotePosted', number)
    const books = await eventually('allocation', async () => {
      const found = await purchaseBooksOf(number)
      return found.invoices.some(([, , , open]) => open === '201.60') ? found : undefined
    })
    expect(books).toMatchObject({
      receipts: ['done'],
      returns: ['done'],
      invoices: [
        ['posted', `INV-${number}`, '220.80', '201.60'],
        ['paid', `CN-${number}`, '-19.20', '0.00'],
      ],
    })
    expect((await purchaseOf(number)).case.status).toBe('open')
  })
})

describe('a purchase that changes', () => {
  const lines = [{ number: '1', item: { id: 'P01' }, quantity: '10', unitPrice: '3.20', taxRate: '20' }]

  it('is ordered in its newest version when the first was not approved yet', async () => {
    const number = newNumber('P')
    const large = [{ ...lines[0], quantity: '1000' }]
    await publish(requested(requisition(number, { lines: large })))
    await eventually('question', async () =>
      (await listQuestions()).find(({ pk, kind }) => pk.endsWith(`/${number}`) && kind === 'approval'),
    )
    await publish(requested(requisition(number, { lines }), 2))
    await bus.until('PurchaseOrderCreated', number)
    expect((await purchaseBooksOf(number)).orders).toEqual([['processing', '32.00']])
    const { version, createdVersion, needsApproval } = (await purchaseOf(number)).case
    expect({ version, createdVersion, needsApproval }).toEqual({ version: 2, createdVersion: 2, needsApproval: false })
  })

  it('is amended before goods have arrived, and no more afterwards', async () => {
    const number = newNumber('P')
    await publish(requested(requisition(number)))
    await bus.until('PurchaseOrderCreated', number)
    await publish(requested(requisition(number, { lines }), 2))
    await bus.until('PurchaseOrderAmended', number)
    await publish(goodsReceived(number))
    await bus.until('GoodsReceiptPosted', number)
    await publish(requested(requisition(number), 3))
    const refused = await bus.until('PurchaseOrderChangeRefused', number)
    expect(refused.detail.data).toMatchObject({ request: 'change/3', code: 'GOODS_RECEIVED' })
    expect(await purchaseBooksOf(number)).toMatchObject({
      orders: expect.arrayContaining([['processing', '32.00']]),
      receipts: ['done'],
    })
  })

  it('is cancelled before goods have arrived, and ends', async () => {
    const number = newNumber('P')
    await publish(requested(requisition(number)))
    await bus.until('PurchaseOrderCreated', number)
    await publish(purchaseCancelled(number))
    await bus.until('PurchaseOrderCancellationPosted', number)
    const ended = await bus.until('ProcureToPayCompleted', number)
    expect(ended.detail.data).toMatchObject({ as: 'cancelled' })
    expect(await purchaseBooksOf(number)).toMatchObject({ receipts: [], invoices: [] })
  })

  it('is closed short when it is cancelled after a part has arrived, which is billed and paid', async () => {
    const number = newNumber('P')
    await publish(requested(requisition(number)), goodsReceived(number, { lines: [{ line: '1', quantity: '20' }] }))
    await bus.until('GoodsReceiptPosted', number)
    await publish(purchaseCancelled(number))
    await bus.until('PurchaseOrderCancellationRefused', number)
    await bus.until('PurchaseOrderClosingPosted', number)
    await publish(
      invoiceReceived(number, {
        lines: [{ line: '1', quantity: '20', unitPrice: '3.20', taxRate: '20' }],
        ...{ netTotal: '64.00', taxTotal: '12.80', grossTotal: '76.80' },
      }),
    )
    const ended = await bus.until('ProcureToPayCompleted', number)
    expect(ended.detail.data).toMatchObject({ as: 'closed' })
    expect(await purchaseBooksOf(number)).toEqual({
      orders: [['done', '184.00']],
      receipts: ['done'],
      returns: [],
      invoices: [['paid', `INV-${number}`, '76.80', '0.00']],
    })
  })

  it('that somebody closes ends, too', async () => {
    const number = newNumber('P')
    await publish(requested(requisition(number)))
    await bus.until('PurchaseOrderCreated', number)
    await publish(purchaseClosed(number))
    const ended = await bus.until('ProcureToPayCompleted', number)
    expect(ended.detail.data).toMatchObject({ as: 'closed' })
  })
})

describe('a lost answer of the ERP to a purchase', () => {
  it('is resolved, whichever write it is of: one document each', async () => {
    const writes = [
      'model.purchase.purchase.create',
      'model.purchase.purchase.confirm',
      'model.stock.shipment.in.create',
      'model.account.invoice.post',
      'wizard.account.invoice.pay.execute',
    ]
    for (const method of writes) await breakOnce({ method, contains: '', kind: 'lose-answer' })
    const numbers = writes.map(() => newNumber('L'))
    for (const number of numbers) {
      await publish(requested(requisition(number)), goodsReceived(number), invoiceReceived(number))
    }
    for (const number of numbers) {
      await bus.until('ProcureToPayCompleted', number, 200)
      await expectBooksOfOne(number)
    }
    const stories = await Promise.all(numbers.map(purchaseOf))
    const repeated = stories.flatMap(({ postings }) => postings).filter(({ attempts = 1 }) => attempts > 1)
    expect(repeated.length).toBeGreaterThanOrEqual(writes.length)
  })
})
