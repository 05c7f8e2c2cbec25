import type { Hooks } from './bring-to-target.ts'
import { lifeOf, newOrder, orderTotal } from './life.ts'
import { type Bring, type Change, tell } from './tell.ts'
import type { TrytonUnderTest } from './tryton-under-test.ts'

/** An order's life: ordered, delivered, invoiced; paid with too much on account, of which the invoice gets its part. */
async function live(erp: TrytonUnderTest, bring: Bring) {
  const life = lifeOf(erp, newOrder())
  const order = await bring(life.salesOrder())
  const delivery = await bring(life.goodsIssue(order.id, 'DN-1'))
  const invoice = await bring(life.customerInvoice(order.id, delivery.id, 'DN-1'))
  await bring(life.pay('incoming', 'PAY-1', '300'))
  await bring(life.allocate(invoice.id, 'ALLOC-1', orderTotal))
  return { life, order, delivery, invoice }
}

/** That life, and the credit of all of it. */
export function livedAndCredited(erp: TrytonUnderTest, hooks: Hooks = {}) {
  return tell(
    () => erp.booksOf('C001'),
    hooks,
    async (bring, look) => {
      const lived = await live(erp, bring)
      const note = await bring(lived.life.creditNote(lived.order.id, 'CN-1', { of: 'everything' }), 'everything: ')
      await bring(lived.life.allocate(note.id, 'ALLOC-2', note.amount ?? ''))
      await look()
      return lived
    },
  )
}

export const booksOfCredit: readonly Change[] = [
  { receivable: '-300.00', onAccount: '300.00', bank: '300.00', stock: ['-12', '-3'], balances: true },
]

/** The order and its credit, the invoice and its credit note, each once. */
export const documentsOfCredit = {
  salesOrders: 2,
  deliveries: { done: 1 },
  invoices: { paid: 1 },
  creditNotes: { paid: 1 },
  entries: ['ALLOC-1', 'ALLOC-2', 'PAY-1'],
}

/** That life, and then: some goods come back, and some money; in the end the customer gets all of it back. */
export function returned(erp: TrytonUnderTest, hooks: Hooks = {}) {
  return tell(
    () => erp.booksOf('C001'),
    hooks,
    async (bring, look) => {
      const lived = await live(erp, bring)
      const { life, order } = lived
      await look()
      const back = await bring(life.goodsReturn(order.id, 'RET-1', [{ line: '10', quantity: '5' }]))
      const ofGoods = await bring(life.creditNote(order.id, 'CN-1', { of: 'return', goodsReturnId: back.id }))
      await bring(life.allocate(ofGoods.id, 'ALLOC-2', ofGoods.amount ?? ''))
      const taxId = erp.idsFor('C001').taxIds.standard
      const amounts = [{ gross: '20', taxId, text: 'For the trouble' }]
      const goodwill = await bring(life.creditNote(order.id, 'CN-2', { of: 'amounts', amounts }))
      await bring(life.allocate(goodwill.id, 'ALLOC-3', goodwill.amount ?? ''))
      await look()
      const rest = await bring(life.creditNote(order.id, 'CN-3', { of: 'everything' }), 'everything: ')
      await bring(life.allocate(rest.id, 'ALLOC-4', rest.amount ?? ''))
      await bring(life.pay('outgoing', 'REFUND-1', '300'))
      await look()
      return { ...lived, credits: [ofGoods, goodwill, rest] }
    },
  )
}

/** 258.09 invoiced and 300.00 in; 5 × 12.665 = 63.32 with 20 % is 75.98 credited, and 20.00 besides; then 162.11. */
export const booksOfReturn: readonly Change[] = [
  { receivable: '-41.91', onAccount: '41.91', bank: '300.00', stock: ['-12', '-3'], balances: true },
  { receivable: '-137.89', onAccount: '137.89', bank: '300.00', stock: ['-7', '-3'], balances: true },
  { receivable: '0.00', onAccount: '0.00', bank: '0.00', stock: ['-7', '-3'], balances: true },
]

/** Each of its documents, once. */
export const documentsOfReturn = {
  // The order, the return, and the two credits without goods.
  salesOrders: 4,
  deliveries: { done: 1 },
  invoices: { paid: 1 },
  creditNotes: { paid: 3 },
  entries: ['ALLOC-1', 'ALLOC-2', 'ALLOC-3', 'ALLOC-4', 'PAY-1', 'REFUND-1'],
}

/** Changed, delivered with more than was ordered, closed, delivered once more after that; and another one cancelled. */
export function changed(erp: TrytonUnderTest, hooks: Hooks = {}) {
  const order = newOrder()
  const life = lifeOf(erp, order)
  const second = lifeOf(erp, newOrder())
  return tell(
    () => erp.booksOf('C001'),
    hooks,
    async (bring, look) => {
      const old = await bring(life.salesOrder())
      const [bags, other] = order.lines
      if (!bags || !other) throw new Error('An order has two lines')
      const amended = { ...order, lines: [{ ...bags, quantity: '4' }, other, { ...bags, number: '30', quantity: '1' }] }
      const now = await bring(life.amend(old.id, 2, amended))
      await bring(life.goodsIssue(now.id, 'DN-1', [{ line: '10', quantity: '5' }]))
      const more = [
        { line: '10', quantity: '1' },
        { line: '20', quantity: '1' },
      ]
      await bring(life.goodsIssue(now.id, 'DN-2', more))
      await bring(life.close(now.id))
      const late = await bring(life.goodsIssue(now.id, 'DN-3', [{ line: '10', quantity: '2' }]))
      const invoice = await bring(life.customerInvoice(now.id, late.id, 'DN-3'))
      const unwanted = await bring(second.salesOrder())
      await bring(second.cancel(unwanted.id))
      await look()
      return { life, old, now, invoice, unwanted }
    },
  )
}

/** 2 × 12.665 = 25.33 and freight 32.38, with 20 %. */
export const booksOfChange: readonly Change[] = [
  { receivable: '69.25', onAccount: '0.00', bank: '0.00', stock: ['-8', '-1'], balances: true },
]

/** Of the first two deliveries an invoice is drafted and not asked for. */
export const documentsOfChange = {
  salesOrders: 2,
  deliveries: { cancelled: 2, done: 3 },
  invoices: { cancelled: 1, draft: 2, posted: 1 },
  creditNotes: {},
  entries: [],
}

const ordering = ['create-sales-order', 'quote-sales-order', 'confirm-sales-order']
const delivering = ['assign-delivery', 'pick-delivery', 'pack-delivery', 'finish-delivery']
const invoicing = ['claim-customer-invoice', 'delete-emptied-invoice', 'post-customer-invoice']
const crediting = ['claim-credit-note', 'post-credit-note']
const paying = ['open-payment', 'fill-payment', 'post-payment']
const withdrawing = ['cancel-delivery', 'ignore-cancelled-delivery', 'cancel-draft-invoice', 'ignore-cancelled-invoice']
const processing = ['quote-sales-order', 'confirm-sales-order']

export const operationsOfReturn = [
  ...[...ordering, 'claim-delivery', ...delivering, ...invoicing, ...paying, 'allocate-payment'],
  ...['create-goods-return', ...processing, 'claim-goods-return', 'receive-goods-return', 'finish-goods-return'],
  ...[...crediting, 'allocate-payment', 'create-credit', ...processing, ...crediting, 'allocate-payment'],
  ...['create-credit', ...processing, ...crediting].map((operation) => `everything: ${operation}`),
  ...['allocate-payment', ...paying],
]

export const operationsOfChange = [
  ...[...ordering, 'claim-amendment', 'create-sales-order', 'quote-sales-order', ...withdrawing, 'confirm-sales-order'],
  ...['claim-delivery', ...delivering, 'reset-delivery', 'claim-delivery', 'plan-delivery', ...delivering],
  ...['claim-closing', 'cancel-delivery', 'ignore-cancelled-delivery'],
  ...['open-delivery', 'claim-delivery', 'plan-delivery', ...delivering, ...invoicing],
  ...[...ordering, 'claim-cancellation', ...withdrawing],
]
