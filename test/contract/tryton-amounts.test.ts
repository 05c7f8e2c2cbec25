import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { AnyRecord } from '#connectors/tryton/wire.ts'
import { bringToTarget } from './bring-to-target.ts'
import { lifeOf, newOrder, orderTotal } from './life.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

// A story is more than a hundred calls that the ERP works on one by one: minutes, where others use the machine too.
vi.setConfig({ testTimeout: 600_000 })

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

const bring = async (plan: Parameters<typeof bringToTarget>[0]) => (await bringToTarget(plan)).document.document

it('invoices parts one by one, with the freight on the first, and gives back exactly what is left of both', async () => {
  const life = lifeOf(erp, newOrder())
  const order = await bring(life.salesOrder())
  const first = await bring(life.goodsIssue(order.id, 'DN-1', [{ line: '10', quantity: '5' }]))
  expect(first.lines).toEqual([{ line: '10', quantity: '5' }])
  const invoice = await bring(life.customerInvoice(order.id, first.id, 'DN-1'))
  // 5 × 12.665 = 63.32 (63.325, half to even) and freight 32.38, with 20 %.
  expect(invoice.amount).toBe('114.84')
  await bring(life.allocate(invoice.id, 'ALLOC-1', '30'))
  const rest = await bring(life.goodsIssue(order.id, 'DN-2'))
  const second = await bring(life.customerInvoice(order.id, rest.id, 'DN-2'))
  await bring(life.allocate(invoice.id, 'ALLOC-2', '84.84'))
  await bring(life.allocate(second.id, 'ALLOC-3', second.amount ?? ''))
  expect(await stateOf(order.id)).toBe('done sent paid')

  const credited: string[] = []
  for (const [index, quantity] of ['1', '3'].entries()) {
    const back = await bring(life.goodsReturn(order.id, `RET-${index}`, [{ line: '10', quantity }]))
    const note = await bring(life.creditNote(order.id, `CN-R${index}`, { of: 'return', goodsReturnId: back.id }))
    credited.push(note.amount ?? '')
  }
  // Back in the warehouse, but not credited: the credit of everything is over it, too.
  await bring(life.goodsReturn(order.id, 'RET-2', [{ line: '20', quantity: '1' }]))
  const { standard, reduced } = erp.idsFor('C001').taxIds
  const amounts = [
    { gross: '10.01', taxId: standard, text: 'Late' },
    { gross: '3.33', taxId: reduced, text: 'Scratched' },
    { gross: '0.99', text: 'Postage' },
  ]
  credited.push((await bring(life.creditNote(order.id, 'CN-A', { of: 'amounts', amounts }))).amount ?? '')
  expect(credited.at(-1)).toBe('14.33')
  const lines = [{ line: '10', quantity: '2' }]
  credited.push((await bring(life.creditNote(order.id, 'CN-L', { of: 'lines', lines }))).amount ?? '')
  credited.push((await bring(life.creditNote(order.id, 'CN-E', { of: 'everything' }))).amount ?? '')
  const cents = (amount: string | undefined) => Math.round(Number(amount) * 100)
  const total = cents(invoice.amount) + cents(second.amount)
  expect(credited.reduce((sum, amount) => sum + cents(amount), 0)).toBe(total)
  expect(await taxLeftOf(life.reference)).toEqual([])
})

/** Taxes of which more than a cent of base is left over all invoices and credit notes of the order. */
async function taxLeftOf(reference: string) {
  const Line = z.object({ id: z.number(), base: z.object({ decimal: z.string() }), tax: z.number() })
  const sales = await erp.admin.search(AnyRecord, 'sale.sale', [['web_id', 'like', `${reference}%`]], [])
  const domain = [
    ['invoice.lines.origin.sale', 'in', sales.map(({ id }) => id), 'sale.line'],
    ['invoice.state', 'in', ['posted', 'paid']],
  ]
  const lines = await erp.admin.search(Line, 'account.invoice.tax', domain, ['base', 'tax'])
  expect(lines.length).toBeGreaterThan(5)
  return Object.values(Object.groupBy(lines, ({ tax }) => tax)).flatMap((of = []) => {
    const left = of.reduce((total, { base }) => total + Number(base.decimal), 0)
    return Math.abs(left) < 0.011 ? [] : [`${of[0]?.tax}: ${left.toFixed(2)}`]
  })
}

async function stateOf(id: string) {
  const State = z.object({ id: z.number(), state: z.string(), shipment_state: z.string(), invoice_state: z.string() })
  const fields = ['state', 'shipment_state', 'invoice_state']
  const [sale] = await erp.admin.search(State, 'sale.sale', [['id', '=', Number(id)]], fields)
  return [sale?.state, sale?.shipment_state, sale?.invoice_state].join(' ')
}

it('never credits more for returns in parts than the invoice was over', async () => {
  const life = lifeOf(erp, newOrder({ freight: '0' }))
  const order = await bring(life.salesOrder())
  const delivery = await bring(life.goodsIssue(order.id, 'DN-1'))
  const invoice = await bring(life.customerInvoice(order.id, delivery.id, 'DN-1'))
  let credited = 0
  for (const [index, [line, quantity]] of [
    ['10', '5'] as const,
    ['10', '7'] as const,
    ['20', '3'] as const,
  ].entries()) {
    const back = await bring(life.goodsReturn(order.id, `RET-${index}`, [{ line, quantity }]))
    const note = await bring(life.creditNote(order.id, `CN-${index}`, { of: 'return', goodsReturnId: back.id }))
    credited += Number(note.amount)
  }
  expect(credited).toBeLessThanOrEqual(Number(invoice.amount))
  expect(credited).toBeGreaterThan(Number(invoice.amount) - 0.05)
})

it('settles an order in a currency that is not the company’s', async () => {
  const life = lifeOf(erp, newOrder({ currency: 'USD' }))
  await bring(life.pay('incoming', 'PAY-1', orderTotal))
  const order = await bring(life.salesOrder())
  const delivery = await bring(life.goodsIssue(order.id, 'DN-1'))
  const invoice = await bring(life.customerInvoice(order.id, delivery.id, 'DN-1'))
  expect(await bring(life.allocate(invoice.id, 'ALLOC-1', '100'))).toMatchObject({ amount: '100.00', currency: 'USD' })
  await bring(life.allocate(invoice.id, 'ALLOC-2', '158.09'))
  expect(await stateOf(order.id)).toBe('done sent paid')
})

it.each([
  ['a draft', 1, 'cancelled none none'],
  ['a quotation', 2, 'cancelled none none'],
  ['an order in process', 4, 'done none none'],
])('leaves nothing of %s that was cancelled', async (_what, target, expected) => {
  const life = lifeOf(erp, newOrder())
  const plan = life.salesOrder()
  let [found] = await plan.find()
  for (const operation of plan.operations.slice(0, target)) {
    await operation.send(found?.stamp)
    ;[found] = await plan.find()
    if ((found?.done ?? 0) >= target) break
  }
  const id = found?.document.id ?? ''
  await bringToTarget(life.cancel(id))
  expect(await stateOf(id)).toBe(expected)
})

it('tells in words what someone has changed on the sales order', async () => {
  const plan = lifeOf(erp, newOrder()).salesOrder()
  await plan.operations[0]?.send(undefined)
  const [found] = await plan.find()
  const id = Number(found?.document.id)
  const [line] = await erp.admin.search(AnyRecord, 'sale.line', [['sale', '=', id]], [])
  await erp.admin.write('model.sale.line.write', [[line?.id], { quantity: 11 }], { signal: erp.admin.deadline() })
  expect((await plan.find())[0]?.differences).toEqual([
    'line 10: quantity is 11, should be 12',
    'line 10: amount is 139.32, should be 151.98',
    'net total is 206.80, should be 219.46',
  ])
})

it('tells that a credit of everything is not over what was decided, when someone has changed it', async () => {
  const life = lifeOf(erp, newOrder())
  const order = await bring(life.salesOrder())
  const delivery = await bring(life.goodsIssue(order.id, 'DN-1'))
  await bring(life.customerInvoice(order.id, delivery.id, 'DN-1'))
  const plan = life.creditNote(order.id, 'CN-1', { of: 'everything' })
  await plan.operations[0]?.send(undefined)
  const [found] = await plan.find()
  expect(found).toMatchObject({ done: 1, document: { amount: orderTotal }, differences: [] })
  const sale = ['sale', '=', Number(found?.document.id)]
  const [line] = await erp.admin.search(AnyRecord, 'sale.line', [sale, ['note', '=', '10']], [])
  await erp.admin.write('model.sale.line.write', [[line?.id], { quantity: -11 }], { signal: erp.admin.deadline() })
  expect((await plan.find())[0]?.differences).toEqual(['the credit note is over 242.90, should be 258.09'])
})

it('finds master data by its code in Tryton, and tells the stock on hand', async () => {
  const { customerId, itemIds } = erp.idsFor('C001')
  expect(await erp.connector.findCustomer('shop-C001')).toBe(customerId)
  expect(await erp.connector.findItem('shop-P01')).toBe(itemIds.P01)
  expect(await erp.connector.findItem('nothing')).toBeUndefined()
  expect(await erp.connector.stockOnHand(itemIds.P10 ?? '')).toBe('5')
})

it('logs in again, once, when the session has ended', async () => {
  const matches = ({ method }: { method: string }) => method === 'model.sale.sale.create'
  const end = erp.proxy.inject({ matches, nth: 1, fault: { kind: 'answer', status: 401, body: '' } })
  const { sent } = await bringToTarget(lifeOf(erp, newOrder()).salesOrder())
  expect(sent.every(({ said }) => said === 'answered')).toBe(true)
  expect(end()).toBe(1)
})

it('is answered again within seconds after the server was killed', async () => {
  const before = erp.erp.serverPid()
  await erp.erp.restart()
  expect(erp.erp.serverPid()).not.toBe(before)
  expect(await erp.connector.findCustomer('shop-C001')).toBeDefined()
})

it('counts dinars in thousandths: what is credited of everything, and what is paid on account', async () => {
  const line = { number: '10', item: { id: 'P01' }, quantity: '3', unitPrice: '4.115' }
  const life = lifeOf(erp, newOrder({ currency: 'KWD', lines: [line], freight: '0' }))
  const order = await bring(life.salesOrder())
  const delivery = await bring(life.goodsIssue(order.id, 'DN-1'))
  const invoice = await bring(life.customerInvoice(order.id, delivery.id, 'DN-1'))
  expect(invoice.amount).toBe('12.345')
  expect((await bring(life.pay('incoming', 'PAY-1', '12.345'))).amount).toBe('12.345')
  await bring(life.allocate(invoice.id, 'ALLOC-1', '12.345'))
  expect((await bring(life.creditNote(order.id, 'CN-1', { of: 'everything' }))).amount).toBe('12.345')
})
