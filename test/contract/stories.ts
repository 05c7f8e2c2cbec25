import type { PostingPlan } from '#connectors/port.ts'
import { priceSalesOrder, type SalesOrder } from '#domain/documents.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { readErpBooks } from '../../bin/local/erp/books.ts'
import { bringToTarget, type Hooks } from './bring-to-target.ts'
import { lifeOf, newOrder } from './life.ts'
import type { TrytonUnderTest } from './tryton-under-test.ts'

/** What a story changed in the books of its customer, and whether the ledger balances. */
export interface Change {
  readonly receivable: string
  readonly onAccount: string
  readonly bank: string
  /** Of the items of `newOrder`. */
  readonly stock: readonly string[]
  readonly balances: boolean
}

/** The plans of what may happen to an order besides its life. */
export function turnsOf(erp: TrytonUnderTest, order: SalesOrder) {
  const life = lifeOf(erp, order)
  const { connector } = erp
  const ids = erp.idsFor(order.customer.id)
  const reference = (name: string) => `${life.reference}/${name}`
  const { currency } = order
  return {
    ...life,
    pay: (direction: 'incoming' | 'outgoing', name: string, amount: string) =>
      connector.paymentOnAccount({
        direction,
        customerId: ids.customerId,
        amount,
        currency,
        paidOn: '2026-01-03',
        reference: reference(name),
      }),
    allocate: (invoiceId: string, name: string, amount: string) =>
      connector.paymentAllocation({
        invoiceId,
        amount,
        currency,
        allocatedOn: '2026-01-21',
        reference: reference(name),
      }),
    goodsReturn: (salesOrderId: string, name: string, lines?: readonly { line: string; quantity: string }[]) =>
      connector.goodsReturn({
        salesOrderId,
        returnNumber: name,
        returnedOn: '2026-01-20',
        lines,
        reference: reference(name),
      }),
    creditNote: (salesOrderId: string, name: string, credit: Parameters<typeof connector.creditNote>[0]['credit']) =>
      connector.creditNote({ salesOrderId, credit, creditedOn: '2026-01-21', reference: reference(name) }),
    amend: (salesOrderId: string, version: number, changed: SalesOrder) =>
      connector.salesOrderAmendment({
        salesOrder: priceSalesOrder(changed, 'half-up'),
        ids,
        reference: reference(`v${version}`),
        system: 'shop',
        salesOrderId,
        version,
      }),
    cancel: (salesOrderId: string) =>
      connector.salesOrderCancellation({ salesOrderId, reference: reference('cancellation') }),
    close: (salesOrderId: string) => connector.salesOrderClosing({ salesOrderId, reference: reference('closing') }),
  }
}

/** Tells a story and what it changed in the books. */
export async function tell<T>(
  erp: TrytonUnderTest,
  hooks: Hooks,
  story: (bring: Bring) => Promise<T>,
): Promise<{ readonly result: T; readonly sent: readonly string[]; readonly change: Change }> {
  const books = readErpBooks(erp.erp)
  const { customerId, itemIds } = erp.idsFor('C001')
  const read = async () => ({
    receivable: await books.receivable(customerId),
    onAccount: await books.onAccount(customerId),
    bank: await books.bank(),
    stock: [await books.stockOnHand(itemIds.P01 ?? ''), await books.stockOnHand(itemIds.P05 ?? '')],
  })
  const before = await read()
  const sent: string[] = []
  const result = await story(async (plan) => {
    const journey = await bringToTarget(plan, hooks)
    sent.push(...journey.sent.map(({ operation }) => operation))
    return journey.document.document
  })
  const after = await read()
  const { debit, credit } = await books.ledger()
  const minus = (one: string, other: string, digits = 2) => (Number(one) - Number(other)).toFixed(digits)
  return {
    result,
    sent,
    change: {
      receivable: minus(after.receivable, before.receivable),
      onAccount: minus(after.onAccount, before.onAccount),
      bank: minus(after.bank, before.bank),
      stock: after.stock.map((quantity, index) => minus(quantity, before.stock[index] ?? '0', 0)),
      balances: debit === credit,
    },
  }
}

export type Bring = (plan: PostingPlan) => Promise<PostedDocument>

/**
 * Prepaid with too much, delivered, invoiced; some goods and some money back, and the rest of the credit paid out.
 * 300.00 in; 258.09 invoiced; 5 × 12.665 = 63.32 with 20 % is 75.98 credited, and 20.00 besides; 137.89 out.
 */
export function returned(erp: TrytonUnderTest, hooks: Hooks = {}) {
  const turns = turnsOf(erp, newOrder())
  return tell(erp, hooks, async (bring) => {
    await bring(turns.pay('incoming', 'PAY-1', '300'))
    const order = await bring(turns.salesOrder())
    const delivery = await bring(turns.goodsIssue(order.id, 'DN-1'))
    const invoice = await bring(turns.customerInvoice(order.id, delivery.id, 'DN-1'))
    await bring(turns.allocate(invoice.id, 'ALLOC-1', '258.09'))
    const back = await bring(turns.goodsReturn(order.id, 'RET-1', [{ line: '10', quantity: '5' }]))
    const credit = await bring(turns.creditNote(order.id, 'CN-1', { of: 'return', goodsReturnId: back.id }))
    await bring(turns.allocate(credit.id, 'ALLOC-2', credit.amount ?? ''))
    const taxId = erp.idsFor('C001').taxIds.standard
    const amounts = [{ gross: '20', taxId, text: 'For the trouble' }]
    const goodwill = await bring(turns.creditNote(order.id, 'CN-2', { of: 'amounts', amounts }))
    await bring(turns.allocate(goodwill.id, 'ALLOC-3', goodwill.amount ?? ''))
    await bring(turns.pay('outgoing', 'REFUND-1', '137.89'))
    return { turns, order, invoice, credits: [credit, goodwill] }
  })
}

export const booksAfterReturn: Change = {
  receivable: '0.00',
  onAccount: '0.00',
  bank: '162.11',
  stock: ['-7', '-3'],
  balances: true,
}

/** Changed, delivered with more than was ordered, closed, delivered once more after that; and another one cancelled. */
export function changed(erp: TrytonUnderTest, hooks: Hooks = {}) {
  const order = newOrder()
  const turns = turnsOf(erp, order)
  const second = turnsOf(erp, newOrder())
  return tell(erp, hooks, async (bring) => {
    const old = await bring(turns.salesOrder())
    const [bags, other] = order.lines
    if (!bags || !other) throw new Error('An order has two lines')
    const amended = { ...order, lines: [{ ...bags, quantity: '4' }, other, { ...bags, number: '30', quantity: '1' }] }
    const now = await bring(turns.amend(old.id, 2, amended))
    await bring(turns.goodsIssue(now.id, 'DN-1', [{ line: '10', quantity: '5' }]))
    await bring(
      turns.goodsIssue(now.id, 'DN-2', [
        { line: '10', quantity: '1' },
        { line: '20', quantity: '1' },
      ]),
    )
    await bring(turns.close(now.id))
    const late = await bring(turns.goodsIssue(now.id, 'DN-3', [{ line: '10', quantity: '2' }]))
    const invoice = await bring(turns.customerInvoice(now.id, late.id, 'DN-3'))
    const unwanted = await bring(second.salesOrder())
    await bring(second.cancel(unwanted.id))
    return { turns, old, now, invoice, unwanted, amended }
  })
}

/** 2 × 12.665 = 25.33 and freight 32.38, with 20 %. */
export const booksAfterChange: Change = {
  receivable: '69.25',
  onAccount: '0.00',
  bank: '0.00',
  stock: ['-8', '-1'],
  balances: true,
}

const ordering = ['create-sales-order', 'quote-sales-order', 'confirm-sales-order']
const delivering = ['assign-delivery', 'pick-delivery', 'pack-delivery', 'finish-delivery']
const invoicing = ['claim-customer-invoice', 'delete-emptied-invoice', 'post-customer-invoice']
const crediting = ['claim-credit-note', 'post-credit-note', 'allocate-payment']
const paying = ['open-payment', 'fill-payment', 'post-payment']
const withdrawing = ['cancel-delivery', 'ignore-cancelled-delivery', 'cancel-draft-invoice', 'ignore-cancelled-invoice']
const processing = ['quote-sales-order', 'confirm-sales-order']

export const operationsOfReturn = [
  ...[...paying, ...ordering, 'claim-delivery', ...delivering, ...invoicing, 'allocate-payment'],
  ...['create-goods-return', ...processing, 'claim-goods-return', 'receive-goods-return', 'finish-goods-return'],
  ...[...crediting, 'create-credit', ...processing, ...crediting, ...paying],
]

export const operationsOfChange = [
  ...[...ordering, 'claim-amendment', 'create-sales-order', 'quote-sales-order', ...withdrawing, 'confirm-sales-order'],
  ...['claim-delivery', ...delivering, 'reset-delivery', 'claim-delivery', 'plan-delivery', ...delivering],
  ...['claim-closing', 'cancel-delivery', 'ignore-cancelled-delivery'],
  ...['open-delivery', 'claim-delivery', 'plan-delivery', ...delivering, ...invoicing],
  ...[...ordering, 'claim-cancellation', ...withdrawing],
]
