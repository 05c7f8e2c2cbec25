import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { putCrossReference, translate } from '#aws/cross-reference-store.ts'
import { root } from '../../../bin/local/state.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { decide, questionAbout } from './decide.ts'
import { bus, eventually, hub, newNumber, publish } from './hub-under-test.ts'
import {
  goodsReceived,
  invoiceReceived,
  purchaseBooksOf,
  purchaseOf,
  requested,
  requisition,
} from './purchases-under-test.ts'
import { ublInvoice, vatNumber } from './supplier-ubl.ts'

const caseOf = (number: string) => `shop/purchase-requisition/${number}`
const lines = (quantity: string, unitPrice: string) => [
  { line: '1', quantity, unitPrice, taxRate: '20' },
  { line: '2', quantity: '5', unitPrice: '24.00', taxRate: '20' },
]

/** Ordered and received; the invoice comes otherwise than agreed. */
async function received(): Promise<string> {
  const number = newNumber('V')
  await publish(requested(requisition(number)), goodsReceived(number))
  await bus.until('GoodsReceiptPosted', number)
  return number
}

describe('an approval', () => {
  it('that two persons give lets the purchase be ordered', async () => {
    const number = newNumber('A')
    const large = [{ number: '1', item: { id: 'P02' }, quantity: '50', unitPrice: '24.00', taxRate: '20' }]
    await publish(requested(requisition(number, { lines: large })))
    const question = await questionAbout(caseOf(number), 'approval')
    expect(question).toMatchObject({ amount: '1200.00', currency: 'EUR', owner: 'purchasing' })
    expect((await purchaseBooksOf(number)).orders).toEqual([])
    expect(decide(question, 'ann', 'approve')).toMatchObject({ became: 'proposed' })
    expect(decide(question, 'bob', 'approve')).toMatchObject({ became: 'applied' })
    await bus.until('PurchaseOrderCreated', number)
    expect((await purchaseBooksOf(number)).orders).toEqual([['processing', '1200.00']])
  })

  it('that is refused ends the purchase, and nothing of it is in the ERP', async () => {
    const number = newNumber('A')
    const large = [{ number: '1', item: { id: 'P02' }, quantity: '30', unitPrice: '24.00', taxRate: '20' }]
    await publish(requested(requisition(number, { lines: large })))
    decide(await questionAbout(caseOf(number), 'approval'), 'ann', 'reject')
    const declined = await bus.until('PurchaseRequisitionDeclined', number)
    expect(declined.detail.data).toMatchObject({ request: 'approval/1', code: 'DECLINED', message: 'as agreed' })
    const ended = await bus.until('ProcureToPayCompleted', number)
    expect(ended.detail.data).toMatchObject({ as: 'cancelled' })
    expect(await purchaseBooksOf(number)).toEqual({ orders: [], receipts: [], returns: [], invoices: [] })
  })
})

describe('a variance', () => {
  it('of the price that is accepted is posted and paid as the supplier wrote it', async () => {
    const number = await received()
    const dear = { lines: lines('20', '3.60'), netTotal: '192.00', taxTotal: '38.40', grossTotal: '230.40' }
    await publish(invoiceReceived(number, dear))
    const question = await questionAbout(caseOf(number), 'variance')
    expect(question).toMatchObject({ code: 'price-variance', amount: '230.40', choices: ['accept', 'dispute', 'wait'] })
    expect(decide(question, 'ann', 'accept')).toMatchObject({ became: 'applied' })
    await bus.until('ProcureToPayCompleted', number)
    expect(await purchaseBooksOf(number)).toMatchObject({ invoices: [['paid', `INV-${number}`, '230.40', '0.00']] })
  })

  it('of the quantity that is disputed is never posted; the corrected invoice is', async () => {
    const number = newNumber('V')
    const part = [
      { line: '1', quantity: '15' },
      { line: '2', quantity: '5' },
    ]
    await publish(requested(requisition(number)), goodsReceived(number, { lines: part }))
    await bus.until('GoodsReceiptPosted', number)
    await publish(invoiceReceived(number))
    const question = await questionAbout(caseOf(number), 'variance')
    expect(question).toMatchObject({ code: 'quantity-variance', owner: 'warehouse' })
    decide(question, 'ann', 'dispute')
    const disputed = await bus.until('SupplierInvoiceDisputed', number)
    expect(disputed.detail.data).toMatchObject({ request: `supplier-invoice/INV-${number}`, code: 'DISPUTED' })
    const right = { number: `INV-${number}-2`, lines: lines('15', '3.20') }
    await publish(invoiceReceived(number, { ...right, netTotal: '168.00', taxTotal: '33.60', grossTotal: '201.60' }))
    await bus.until('SupplierPaymentPosted', number)
    expect(await purchaseBooksOf(number)).toMatchObject({ invoices: [['paid', `INV-${number}-2`, '201.60', '0.00']] })
  })

  it('of an invoice before its goods is none: it waits, and is posted when they come', async () => {
    const number = newNumber('V')
    await publish(requested(requisition(number)), invoiceReceived(number))
    await eventually('the match', async () => {
      const [bill] = (await purchaseOf(number).catch(() => undefined))?.signals ?? []
      return bill?.match?.outcome === 'missing-receipt' ? bill : undefined
    })
    expect((await purchaseBooksOf(number)).invoices).toEqual([])
    await publish(goodsReceived(number))
    await bus.until('ProcureToPayCompleted', number)
    expect(await purchaseBooksOf(number)).toMatchObject({ invoices: [['paid', `INV-${number}`, '220.80', '0.00']] })
  })
})

describe('a supplier’s number', () => {
  it('that comes again in another spelling, for another purchase, is not paid twice', async () => {
    const [one, other] = [await received(), await received()]
    await publish(invoiceReceived(one, { number: `RE-${one}/007` }))
    await bus.until('ProcureToPayCompleted', one)
    await publish(invoiceReceived(other, { number: `re ${one.toLowerCase()} 7` }))
    const question = await questionAbout(caseOf(other), 'variance')
    expect(question).toMatchObject({ code: 'duplicate-number', owner: 'finance' })
    expect(question.question).toContain(`It was used in ${caseOf(one)}.`)
    decide(question, 'ann', 'dispute')
    await bus.until('SupplierInvoiceDisputed', other)
    expect((await purchaseBooksOf(other)).invoices).toEqual([])
    expect((await purchaseBooksOf(one)).invoices).toHaveLength(1)
  })
})

describe('an invoice in UBL', () => {
  it('is published as a file, finds its order by the ERP’s number, and is posted and paid to the cent', async () => {
    const supplier = await translate('shop', 'supplier', 'S001', hub.erpAccount, '')
    await putCrossReference('shop', 'supplier', vatNumber, hub.erpAccount, supplier)
    const number = newNumber('U')
    await publish(requested(requisition(number, { freight: '6.00' })), goodsReceived(number))
    const created = await bus.until('PurchaseOrderCreated', number)
    await bus.until('GoodsReceiptPosted', number)
    const order = String(Reflect.get(Object(Reflect.get(Object(created.detail.data), 'document')), 'number'))
    const file = join(temporaryFolder('ubl'), 'invoice.xml')
    writeFileSync(file, ublInvoice(`RE-${number}`, order))
    const { status, stderr } = spawnSync(process.execPath, ['bin/postonce.ts', 'publish', file], {
      cwd: root,
      encoding: 'utf8',
    })
    expect({ status, stderr }).toMatchObject({ status: 0 })
    await bus.until('ProcureToPayCompleted', number)
    expect(await purchaseBooksOf(number)).toMatchObject({
      orders: [['done', '190.00']],
      invoices: [['paid', `RE-${number}`, '227.95', '0.00']],
    })
  })
})
