import { describe, expect, it } from 'vitest'
import { bus, newNumber, publish } from './hub-under-test.ts'
import {
  goodsReceived,
  invoiceReceived,
  purchaseBooksOf,
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
})
