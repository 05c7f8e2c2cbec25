import { describe, expect, it } from 'vitest'
import {
  booksOf,
  breakOnce,
  bus,
  goodsIssued,
  newNumber,
  paymentReceived,
  publish,
  salesOrder,
  startExecution,
  storyOf,
  submitted,
} from './hub-under-test.ts'

/** One of everything, delivered, invoiced and paid to the cent. */
async function expectBooksOfOne(number: string): Promise<void> {
  const { sales, shipments, invoices } = await booksOf(number)
  expect(sales).toEqual([expect.objectContaining({ state: 'done', untaxed_amount: '44.50' })])
  expect(shipments).toEqual([expect.objectContaining({ state: 'done' })])
  expect(invoices).toEqual([expect.objectContaining({ state: 'paid', total_amount: '44.50', amount_to_pay: '0.00' })])
}

describe('an order on its way', () => {
  it('is delivered, invoiced and paid, once each, and each is told on the bus', async () => {
    const number = newNumber('T')
    await publish(submitted(salesOrder(number)))
    await bus.until('SalesOrderCreated', number)
    await publish(goodsIssued(number))
    await bus.until('CustomerInvoiceCreated', number)
    await publish(paymentReceived(number))
    await bus.until('OrderToCashCompleted', number)
    await expectBooksOfOne(number)
    const told = bus.about(number).map((event) => event.detail.metadata.id)
    expect(new Set(told)).toEqual(
      new Set([
        `shop/sales-order/${number}/SalesOrderCreated`,
        `shop/sales-order/${number}/CustomerInvoiceCreated/DN-${number}`,
        `shop/sales-order/${number}/IncomingPaymentPosted/PAY-${number}`,
        `shop/sales-order/${number}/OrderToCashCompleted/1`,
      ]),
    )
    expect((await storyOf(number)).case.status).toBe('completed')
  })

  it('is posted once when every event comes twenty times at once, the payment first', async () => {
    const number = newNumber('T')
    const twentyTimes = (event: ReturnType<typeof submitted>) => Array.from({ length: 20 }, () => publish(event))
    await Promise.all([
      ...twentyTimes(paymentReceived(number)),
      ...twentyTimes(submitted(salesOrder(number))),
      ...twentyTimes(goodsIssued(number)),
    ])
    await bus.until('OrderToCashCompleted', number)
    await expectBooksOfOne(number)
  })

  it('posts nothing twice when the same input is started as a new execution before, during and after the first', async () => {
    const number = newNumber('T')
    const order = salesOrder(number)
    await startExecution(order)
    await publish(submitted(order))
    await startExecution(order)
    await bus.until('SalesOrderCreated', number)
    await startExecution(order)
    await publish(goodsIssued(number), paymentReceived(number))
    await startExecution(order)
    await bus.until('OrderToCashCompleted', number)
    await startExecution(order)
    await expectBooksOfOne(number)
  })

  it('waits for an order that comes after its goods issue and its payment', async () => {
    const number = newNumber('T')
    await publish(paymentReceived(number), goodsIssued(number))
    await publish(submitted(salesOrder(number)))
    await bus.until('OrderToCashCompleted', number)
    await expectBooksOfOne(number)
  })
})

describe('a lost answer of the ERP', () => {
  it('to any write is resolved: one document each, and nobody is asked', async () => {
    const writes = [
      'model.sale.sale.create',
      'model.sale.sale.confirm',
      'model.stock.shipment.out.do',
      'model.account.invoice.post',
      'wizard.account.invoice.pay.execute',
    ]
    for (const method of writes) await breakOnce({ method, contains: '', kind: 'lose-answer' })
    const numbers = writes.map(() => newNumber('L'))
    for (const number of numbers) {
      await publish(submitted(salesOrder(number)), goodsIssued(number), paymentReceived(number))
    }
    for (const number of numbers) {
      await bus.until('OrderToCashCompleted', number, 200)
      await expectBooksOfOne(number)
    }
    const stories = await Promise.all(numbers.map(storyOf))
    const repeated = stories.flatMap(({ postings }) => postings).filter(({ attempts = 1 }) => attempts > 1)
    expect(repeated.length).toBeGreaterThanOrEqual(writes.length)
  })
})
