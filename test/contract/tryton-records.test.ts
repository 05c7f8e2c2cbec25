import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ErpRecord } from '#connectors/records-port.ts'
import { AnyRecord as ErpId } from '#connectors/tryton/wire.ts'
import { documentKinds } from '#domain/documents.ts'
import { referenceOf } from '#domain/fingerprint.ts'
import type { PostedDocument } from '#domain/posting.ts'
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
const toReference = (key: string) => referenceOf(key, 80)
const newLife = () => {
  const order = newOrder()
  return {
    order,
    life: lifeOf(erp, order, toReference),
    reference: (name: string) => toReference(`shop/${order.number}/${name}`),
  }
}
const newPurchase = () => {
  const order = newPurchaseOrder()
  const life = purchaseLifeOf(erp, order, toReference)
  return { order, life, reference: (name: string) => toReference(`shop/purchase-order/${order.number}/${name}`) }
}
/** Long before anything of this test, whatever the server's clock shows. */
const yesterdayMs = () => Date.now() - 24 * 3_600_000

async function everything(sinceMs: number, untilMs?: number): Promise<readonly ErpRecord[]> {
  const records: ErpRecord[] = []
  let after: string | undefined
  do {
    const page = await erp.connector.changed({ sinceMs, untilMs }, after)
    records.push(...page.records)
    after = page.next
  } while (after !== undefined)
  return records
}

/** What was posted, under which name of its reference, and on which day of the books. */
type Row = readonly [ErpRecord['document'], PostedDocument, name: string, onDay: string]

/** Bills are compared by their amounts. */
const withoutLines: readonly string[] = ['customer-invoice', 'credit-note', 'supplier-invoice', 'supplier-credit-note']

/** All records, in which each row stands once, and is found by each of its names. */
async function toldOf(
  life: { readonly reference: string },
  reference: (name: string) => string,
  rows: readonly Row[],
): Promise<readonly ErpRecord[]> {
  const records = await everything(yesterdayMs())
  for (const [document, posted, name, onDay] of rows) {
    const own = name === '' ? life.reference : reference(name)
    const found = records.filter((record) => record.reference === own)
    expect(found).toMatchObject([{ document, reference: own, standing: 'in-effect', onDay, number: posted.number }])
    expect(found[0]).toMatchObject({
      ...(posted.amount !== undefined && { amount: posted.amount, currency: posted.currency }),
      ...(!withoutLines.includes(document) && posted.lines && { lines: posted.lines }),
    })
    for (const by of ['reference', 'number', 'id'] as const) {
      expect(await erp.connector.recordsOf(document, { by, is: String(found[0]?.[by]) })).toEqual(found)
    }
  }
  return records
}

describe('what has changed in Tryton since', () => {
  it('is every document of the hub, over what its posting was over, on the day of its books', async () => {
    const { life, reference } = newLife()
    const order = await bring(life.salesOrder())
    const delivery = await bring(life.goodsIssue(order.id, 'DN-1'))
    const invoice = await bring(life.customerInvoice(order.id, delivery.id, 'DN-1'))
    const paid = await bring(life.pay('incoming', 'PAY-1', '300'))
    const allocated = await bring(life.allocate(invoice.id, 'ALLOC-1', orderTotal))
    const refunded = await bring(life.pay('outgoing', 'REF-1', '41.91'))
    const back = await bring(life.goodsReturn(order.id, 'RET-1', [{ line: '10', quantity: '5' }]))
    const credit = await bring(life.creditNote(order.id, 'CN-1', { of: 'return', goodsReturnId: back.id }))

    const records = await toldOf(life, reference, [
      ['sales-order', order, '', '2026-01-05'],
      ['goods-issue', delivery, 'DN-1', '2026-01-12'],
      ['customer-invoice', invoice, 'invoice/DN-1', '2026-01-12'],
      ['incoming-payment', paid, 'PAY-1', '2026-01-03'],
      ['payment-allocation', allocated, 'ALLOC-1', '2026-01-21'],
      ['outgoing-payment', refunded, 'REF-1', '2026-01-03'],
      ['goods-return', back, 'RET-1', '2026-01-20'],
      ['credit-note', credit, 'CN-1', '2026-01-21'],
    ])
    // What Tryton drafts by itself is none of the hub's.
    expect(records.filter(({ reference: own }) => own === undefined)).toEqual([])
  })

  it('is every document of what the hub has bought, over what its posting was over', async () => {
    const { life, reference } = newPurchase()
    const order = await bring(life.purchaseOrder())
    const received = await bring(life.receive(order.id, 'DN-1'))
    const invoice = await bring(life.invoice(order.id, 'INV-1', billedInFull))
    const back = await bring(life.sendBack(order.id, 'RET-1', [{ line: '10', quantity: '3' }]))
    const credited = [
      { line: '10', quantity: '3', amount: '19.00', taxRate: '20' },
      { text: 'For the delay', amount: '5.00', taxRate: '5' },
    ]
    const note = await bring(life.creditNote(back.id, order.id, 'CN-1', credited))
    // Of no order line at all.
    const bonus = await bring(life.creditNote(undefined, order.id, 'CN-2', [{ text: 'Bonus', amount: '1.00' }]))
    const allocated = await bring(life.pay(note.id, 'ALLOC-1', note.amount ?? '', 'account'))
    const returned = await bring(life.pay(bonus.id, 'PAY-2', bonus.amount ?? ''))
    const paid = await bring(life.pay(invoice.id, 'PAY-1', '200.00'))

    const records = await toldOf(life, reference, [
      ['purchase-order', order, '', '2026-01-05'],
      ['goods-receipt', received, 'DN-1', '2026-01-12'],
      ['supplier-invoice', invoice, 'INV-1', '2026-01-15'],
      ['supplier-return', back, 'RET-1', '2026-01-16'],
      ['supplier-credit-note', note, 'CN-1', '2026-01-15'],
      ['supplier-credit-note', bonus, 'CN-2', '2026-01-15'],
      ['supplier-payment-allocation', allocated, 'ALLOC-1', '2026-02-13'],
      ['supplier-payment', returned, 'PAY-2', '2026-02-13'],
      ['supplier-payment', paid, 'PAY-1', '2026-02-13'],
    ])
    expect(records.filter(({ reference: own }) => own === undefined)).toEqual([])
  })

  it('says that a purchase was replaced, and that one was withdrawn', async () => {
    const { life, reference, order } = newPurchase()
    const first = await bring(life.purchaseOrder())
    const second = await bring(life.amend(first.id, 2, { ...order, freight: '10.00' }))
    const of = async () =>
      (await everything(yesterdayMs())).filter((one) => [life.reference, reference('v2')].includes(one.reference ?? ''))
    expect(await of()).toMatchObject([
      { document: 'purchase-order', reference: life.reference, standing: 'ended' },
      { document: 'purchase-order', reference: reference('v2'), standing: 'in-effect', amount: second.amount },
    ])
    await bring(life.cancel(second.id))
    expect(await of()).toMatchObject([{ standing: 'ended' }, { standing: 'ended' }])
  })

  it('has what somebody has received for a purchase past the hub, and nothing of a purchase that is not the hub’s', async () => {
    const { life } = newPurchase()
    const order = await bring(life.purchaseOrder())
    const clerks = purchaseLifeOf(erp, newPurchaseOrder(), (key) => `by hand: ${key}`)
    const theirs = await bring(clerks.purchaseOrder())
    const before = new Set((await everything(yesterdayMs())).map(({ document, id }) => `${document} ${id}`))
    const past = purchaseLifeOf(erp, newPurchaseOrder(), (key) => `past the hub: ${key}`)
    const received = await bring(past.receive(order.id, 'DN-X'))
    const invoice = await bring(past.invoice(order.id, 'INV-X', billedInFull))
    await bring(past.receive(theirs.id, 'DN-Y'))
    await bring(past.invoice(theirs.id, 'INV-Y', billedInFull))
    const now = (await everything(yesterdayMs())).filter(({ document, id }) => !before.has(`${document} ${id}`))
    expect(now).toMatchObject([
      { document: 'goods-receipt', id: received.id, reference: undefined, standing: 'in-effect' },
      { document: 'supplier-invoice', id: invoice.id, reference: undefined, standing: 'in-effect' },
    ])
  })

  it('says how far an order is, and whether it was taken back', async () => {
    const { life } = newLife()
    const [create] = life.salesOrder().operations
    await create?.send(undefined)
    const of = async (own: string) => (await everything(yesterdayMs())).filter(({ reference }) => reference === own)
    expect(await of(life.reference)).toMatchObject([{ standing: 'under-way' }])
    const order = await bring(life.salesOrder())
    expect(await of(life.reference)).toMatchObject([{ standing: 'in-effect' }])
    await bring(life.cancel(order.id))
    expect(await of(life.reference)).toMatchObject([{ standing: 'ended' }])
  })

  it('has the amended order in place of the first one', async () => {
    const { life, reference, order } = newLife()
    const first = await bring(life.salesOrder())
    const second = await bring(life.amend(first.id, 2, { ...order, freight: '10.00' }))
    const records = await everything(yesterdayMs())
    const found = records.filter((one) => [life.reference, reference('v2')].includes(one.reference ?? ''))
    expect(found).toMatchObject([
      { reference: life.reference, standing: 'ended' },
      { reference: reference('v2'), standing: 'in-effect', amount: second.amount, lines: second.lines },
    ])
  })

  it('has what somebody has done to an order past the hub, which bears no reference', async () => {
    const { life } = newLife()
    const order = await bring(life.salesOrder())
    const [shipment] = await erp.admin.search(
      ErpId,
      'stock.shipment.out',
      [['moves.origin.sale', '=', Number(order.id), 'sale.line']],
      [],
    )
    for (const button of ['assign_force', 'pick', 'pack', 'do']) {
      await erp.admin.write(`model.stock.shipment.out.${button}`, [[shipment?.id]], {
        signal: AbortSignal.timeout(20_000),
      })
    }
    const extra = (await everything(yesterdayMs())).filter(
      ({ id, document }) => document === 'goods-issue' && id === String(shipment?.id),
    )
    expect(extra).toMatchObject([
      {
        reference: undefined,
        standing: 'in-effect',
        lines: [
          { line: '10', quantity: '12' },
          { line: '20', quantity: '3' },
        ],
      },
    ])
    expect(await erp.connector.recordsOf('goods-issue', { by: 'id', is: String(shipment?.id) })).toEqual(extra)
  })

  it('is nothing from a day that is still to come', async () => {
    expect(await everything(Date.now() + 48 * 3_600_000)).toEqual([])
    // … nor from one that was over before anything of this was made.
    expect(await everything(yesterdayMs() - 48 * 3_600_000, yesterdayMs())).toEqual([])
    for (const document of documentKinds) {
      expect(await erp.connector.recordsOf(document, { by: 'reference', is: toReference('nothing') })).toEqual([])
    }
  })
})
