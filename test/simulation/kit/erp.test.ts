import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PostingPlan } from '#connectors/port.ts'
import { BusinessError } from '#domain/errors.ts'
import { bringToTarget, type Hooks } from '../../contract/bring-to-target.ts'
import { doneTwice } from '../erp/done-twice.ts'
import { totalsOfCustomer, totalsOfOrder } from '../erp/totals.ts'
import { profiles } from '../history.ts'
import { erpUnderTest } from './erp-under-test.ts'

type Erp = ReturnType<typeof erpUnderTest>

async function bring(plan: PostingPlan, hooks?: Hooks) {
  return (await bringToTarget(plan, hooks)).document.document
}

/** Prepaid with too much, delivered, invoiced; some goods and some money back, and the rest of it paid out. */
async function returned(erp: Erp, hooks: Hooks = {}) {
  await bring(erp.pay('incoming', 'PAY-1', '60'), hooks)
  const { id } = await bring(erp.salesOrder(), hooks)
  const delivery = await bring(erp.goodsIssue(id, 'DN-1'), hooks)
  const invoice = await bring(erp.customerInvoice(id, delivery.id, 'INV-1'), hooks)
  await bring(erp.allocate(invoice.id, 'ALLOC-1', '55'), hooks)
  const back = await bring(erp.goodsReturn(id, 'RET-1', [{ line: '10', quantity: '2' }]), hooks)
  const credit = await bring(erp.creditNote(id, 'CN-1', { of: 'return', goodsReturnId: back.id }), hooks)
  await bring(erp.allocate(credit.id, 'ALLOC-2', '20'), hooks)
  const lines = [{ line: '20', quantity: '1' }]
  await bring(erp.creditNote(id, 'CN-2', { of: 'lines', lines }), hooks)
  const amounts = [{ gross: '1.20', text: 'For the trouble' }]
  const goodwill = await bring(erp.creditNote(id, 'CN-3', { of: 'amounts', amounts }), hooks)
  await bring(erp.allocate(goodwill.id, 'ALLOC-3', '1.20'), hooks)
  await bring(erp.pay('outgoing', 'REFUND-1', '26.20'), hooks)
  return { id, invoice, back, credit }
}
const afterReturn = {
  receivableCents: -250,
  onAccountCents: 0,
  bankCents: 3380,
  stock: { 'erp-P1': -2, 'erp-P2': -6 },
}

/** Changed twice, delivered, closed, delivered once more after that; and what came back of it all came back. */
async function changed(erp: Erp, hooks: Hooks = {}) {
  const first = await bring(erp.salesOrder(), hooks)
  const second = await bring(erp.amend(first.id, 2, '5'), hooks)
  const { id } = await bring(erp.amend(second.id, 3, '3'), hooks)
  await bring(erp.goodsIssue(id, 'DN-1', [{ line: '10', quantity: '2' }]), hooks)
  await bring(erp.close(id), hooks)
  const late = await bring(erp.goodsIssue(id, 'DN-2', [{ line: '10', quantity: '4' }]), hooks)
  await bring(erp.customerInvoice(id, late.id, 'INV-2'), hooks)
  await bring(erp.goodsReturn(id, 'RET-1'), hooks)
  return { first, second, id }
}
const afterChange = { receivableCents: 4000, onAccountCents: 0, bankCents: 0, stock: { 'erp-P1': 0 } }

const stories = [
  ['an order that comes back', returned, afterReturn],
  ['an order that changes', changed, afterChange],
] as const

describe.each(Object.values(profiles))('the simulated ERP of the profile $name', (profile) => {
  let erp: Erp
  beforeEach(() => {
    erp = erpUnderTest(profile)
  })
  afterEach(() => erp.stop())

  it.each(stories)('books %s as its events say', async (_story, tell, totals) => {
    await tell(erp)
    expect(totalsOfCustomer(erp.books, 'erp-C1')).toEqual(totals)
    expect(totalsOfOrder(erp.books, 'T1', ['PAY-1', 'REFUND-1'])).toEqual(totals)
    expect(doneTwice(erp.books)).toEqual([])
  })

  it.each(stories)(
    'books %s once when every operation that the ERP guards is sent twice',
    async (_story, tell, totals) => {
      const words = new Set<string>()
      const after: Hooks['after'] = async (operation, stamp) => {
        if (operation.doubt === 'neither' || operation.doubt === 'look-up') return
        words.add((await operation.send(stamp)).kind)
      }
      await tell(erp, { after })
      expect([...words].filter((word) => word !== 'exists' && word !== 'changed')).toEqual([])
      expect(totalsOfCustomer(erp.books, 'erp-C1')).toEqual(totals)
      expect(doneTwice(erp.books)).toEqual([])
    },
  )
})

it('applies twice what a profile without any protection sends twice, and tells of it', async () => {
  const erp = erpUnderTest(profiles.neither)
  for (const plan of [erp.pay('incoming', 'PAY-1', '60'), erp.salesOrder()]) {
    const [create, advance] = plan.operations
    for (const operation of [create, advance, advance, create]) await operation?.send(undefined)
  }
  const [salesOrder] = erp.books.salesOrders
  await erp.close(salesOrder?.id ?? '').operations[0]?.send(undefined)
  await erp.close(salesOrder?.id ?? '').operations[0]?.send(undefined)
  erp.stop()
  expect(doneTwice(erp.books)).toEqual([
    'sales order T1 is there twice',
    'payment on account PAY-1 is there twice',
    'payment on account PAY-1 was posted 2 times',
    'sales order T1 was confirmed 2 times',
    'sales order T1 was ended twice for close',
  ])
})

describe('what a rule of the simulated ERP refuses', () => {
  let erp: Erp
  beforeEach(() => {
    erp = erpUnderTest(profiles['natural-key'])
  })
  afterEach(() => erp.stop())

  async function expectCode(plan: PostingPlan, code: string) {
    const error = await bringToTarget(plan).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error instanceof BusinessError ? error.code : error).toBe(code)
  }

  it('is a cancellation and a change after goods have left, or while they leave', async () => {
    const { id } = await bring(erp.salesOrder())
    erp.books.underWay.add('T1')
    await expectCode(erp.cancel(id), 'GOODS_GONE')
    await expectCode(erp.close(id), 'DELIVERY_UNDER_WAY')
    await bring(erp.goodsIssue(id, 'DN-1', [{ line: '10', quantity: '1' }]))
    await expectCode(erp.cancel(id), 'GOODS_GONE')
    await expectCode(erp.amend(id, 2, '5'), 'GOODS_GONE')
  })

  it('is an older version after a newer one, and any version after the end', async () => {
    const { first } = await changed(erp)
    await expectCode(erp.amend(first.id, 1, '5'), 'NEWER_VERSION_POSTED')
    await expectCode(erp.amend(first.id, 4, '5'), 'SALES_ORDER_ENDED')
    await expectCode(erp.cancel(first.id), 'SALES_ORDER_ENDED')
  })

  it('is a goods issue for an order that was replaced or cancelled, or without lines when nothing is open', async () => {
    const { first, id } = await changed(erp)
    await expectCode(erp.goodsIssue(first.id, 'DN-8', [{ line: '10', quantity: '1' }]), 'NOTHING_TO_DELIVER')
    await expectCode(erp.goodsIssue(id, 'DN-9'), 'NOTHING_TO_DELIVER')
    await expectCode(erp.goodsIssue(id, 'DN-9', [{ line: '20', quantity: '1' }]), 'NOTHING_TO_DELIVER')
  })

  it('is more back than went out, and all of it when nothing is out', async () => {
    const { id } = await returned(erp)
    const line = (quantity: string) => ({ line: '10', quantity })
    await expectCode(erp.goodsReturn(id, 'RET-8', [line('3')]), 'RETURN_EXCEEDS_DELIVERY')
    await expectCode(erp.goodsReturn(id, 'RET-8', [line('1'), line('2')]), 'RETURN_EXCEEDS_DELIVERY')
    await bring(erp.goodsReturn(id, 'RET-9'))
    await expectCode(erp.goodsReturn(id, 'RET-10'), 'NOTHING_TO_RETURN')
  })

  it('is a second credit for the same return, and more credit than was invoiced', async () => {
    const { id, back } = await returned(erp)
    const amounts = (gross: string) => [{ gross, text: 'Sorry' }]
    await expectCode(erp.creditNote(id, 'CN-8', { of: 'return', goodsReturnId: back.id }), 'NOTHING_TO_CREDIT')
    await expectCode(
      erp.creditNote(id, 'CN-8', { of: 'amounts', amounts: amounts('31.31') }),
      'CREDIT_EXCEEDS_INVOICED',
    )
    const lines = [{ line: '10', quantity: '3' }]
    await expectCode(erp.creditNote(id, 'CN-8', { of: 'lines', lines }), 'CREDIT_EXCEEDS_INVOICED')
    await bring(erp.creditNote(id, 'CN-9', { of: 'amounts', amounts: amounts('31.30') }))
  })

  it('is an allocation of more than an invoice or a credit note still is over', async () => {
    const { invoice, credit } = await returned(erp)
    await expectCode(erp.allocate(invoice.id, 'ALLOC-8', '0.01'), 'OVERPAYMENT')
    await expectCode(erp.allocate(credit.id, 'ALLOC-8', '0.01'), 'OVERPAYMENT')
  })

  it('leaves no trace in the books', async () => {
    const { id } = await returned(erp)
    await expectCode(erp.goodsReturn(id, 'RET-8', [{ line: '10', quantity: '3' }]), 'RETURN_EXCEEDS_DELIVERY')
    expect(totalsOfCustomer(erp.books, 'erp-C1')).toEqual(afterReturn)
  })
})
