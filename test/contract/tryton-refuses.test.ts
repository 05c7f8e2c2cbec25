import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BusinessError } from '#domain/errors.ts'
import { bringToTarget } from './bring-to-target.ts'
import { lifeOf, newOrder, orderTotal } from './life.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

const bring = async (plan: Parameters<typeof bringToTarget>[0]) => (await bringToTarget(plan)).document.document

async function refusalOf(plan: Parameters<typeof bringToTarget>[0]) {
  const error = await bringToTarget(plan).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof BusinessError)) throw new Error('It was not refused', { cause: error })
  return `${error.code} ${error.owner}`
}

it.each([
  ['a credit limit that is exceeded', { customer: { id: 'C008' } }, 'CREDIT_LIMIT_EXCEEDED finance'],
  ['a currency it does not have', { currency: 'CHF' }, 'UNKNOWN_CURRENCY finance'],
  ['a customer that is gone', { customer: { id: 'nobody' } }, 'UNKNOWN_CUSTOMER sales'],
  [
    'half a piece',
    { lines: [{ number: '1', item: { id: 'P01' }, quantity: '0.5', unitPrice: '1' }] },
    'NUMBER_NOT_ALLOWED sales',
  ],
])('refuses a sales order with %s', async (_name, change, refusal) => {
  const order = newOrder(change)
  const ids = { ...erp.idsFor(order.customer.id), ...(order.customer.id === 'nobody' && { customerId: '999999' }) }
  const life = lifeOf({ ...erp, idsFor: () => ids }, order)
  expect(await refusalOf(life.salesOrder())).toBe(refusal)
})

it('refuses a delivery of more than there is, and says of which item', async () => {
  const line = { number: '1', item: { id: 'P10' }, quantity: '6', unitPrice: '1' }
  const life = lifeOf(erp, newOrder({ lines: [line] }))
  const order = await bring(life.salesOrder())
  const plan = life.goodsIssue(order.id, 'DN-1')
  await expect(bringToTarget(plan)).rejects.toThrow(/Copper kettle/)
  expect(await refusalOf(plan)).toBe('OUT_OF_STOCK warehouse')
})

it('refuses a delivery of what was not ordered, and one of goods that leave in the future', async () => {
  const life = lifeOf(erp, newOrder())
  const { id } = await bring(life.salesOrder())
  const unknown = life.goodsIssue(id, 'DN-1', [{ line: '30', quantity: '1' }])
  expect(await refusalOf(unknown)).toBe('NOTHING_TO_DELIVER warehouse')
  expect(await refusalOf(life.goodsIssue(id, 'DN-2', undefined, '2099-01-01'))).toBe('DATE_IN_FUTURE warehouse')
})

it('refuses money and an invoice in a year without books', async () => {
  const life = lifeOf(erp, newOrder())
  const order = await bring(life.salesOrder())
  const delivery = await bring(life.goodsIssue(order.id, 'DN-1'))
  const invoice = life.customerInvoice(order.id, delivery.id, 'DN-1', '1901-01-01')
  expect(await refusalOf(invoice)).toBe('NO_OPEN_PERIOD finance')
  expect(await refusalOf(life.pay('incoming', 'PAY-1', '1', '1901-01-01'))).toBe('NO_OPEN_PERIOD finance')
})

it('refuses an older version after a newer one, and its write that lands late', async () => {
  const order = newOrder()
  const life = lifeOf(erp, order)
  const old = await bring(life.salesOrder())
  const late = life.amend(old.id, 2, order)
  const [seen] = await late.find()
  await bring(life.amend(old.id, 3, order))
  const outcome = await late.operations[0]?.send(seen?.stamp)
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'NEWER_VERSION_POSTED' } })
  expect(await refusalOf(late)).toBe('NEWER_VERSION_POSTED sales')
})

describe('after an order was delivered and invoiced', () => {
  let life: ReturnType<typeof lifeOf>
  let orderId: string
  let invoiceId: string
  const order = newOrder()
  beforeAll(async () => {
    life = lifeOf(erp, order)
    orderId = (await bring(life.salesOrder())).id
    const delivery = await bring(life.goodsIssue(orderId, 'DN-1'))
    invoiceId = (await bring(life.customerInvoice(orderId, delivery.id, 'DN-1'))).id
  })

  it('refuses a cancellation and a change', async () => {
    expect(await refusalOf(life.cancel(orderId))).toBe('GOODS_GONE sales')
    expect(await refusalOf(life.amend(orderId, 2, order))).toBe('GOODS_GONE sales')
  })

  it('refuses an allocation of more than the invoice asks for', async () => {
    await bring(life.allocate(invoiceId, 'ALLOC-1', orderTotal))
    expect(await refusalOf(life.allocate(invoiceId, 'ALLOC-2', '0.01'))).toBe('OVERPAYMENT finance')
  })

  it('refuses more back than was delivered, more credit than was invoiced, and a credit of nothing', async () => {
    const lines = [{ line: '10', quantity: '13' }]
    expect(await refusalOf(life.goodsReturn(orderId, 'RET-1', lines))).toBe('RETURN_EXCEEDS_DELIVERY warehouse')
    const tooMuch = { of: 'amounts', amounts: [{ gross: '258.10', text: 'Too much' }] } as const
    expect(await refusalOf(life.creditNote(orderId, 'CN-1', tooMuch))).toBe('CREDIT_EXCEEDS_INVOICED finance')
    const tooMany = { of: 'lines', lines } as const
    expect(await refusalOf(life.creditNote(orderId, 'CN-2', tooMany))).toBe('CREDIT_EXCEEDS_INVOICED finance')
    await bring(life.creditNote(orderId, 'CN-3', { of: 'everything' }))
    expect(await refusalOf(life.creditNote(orderId, 'CN-4', { of: 'everything' }))).toBe('NOTHING_TO_CREDIT finance')
  })
})
