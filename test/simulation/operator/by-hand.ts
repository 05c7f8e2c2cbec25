import type { Books } from '../erp/books.ts'
import type { Entry, SalesOrder } from '../erp/ledger.ts'
import type { Posting } from '../state.ts'
import type { Line, LineQuantity, Order } from '../story/order.ts'

/** The document that stands in the ERP for a posting and has its effect, as a person finds it who looks there. */
export function documentInEffect(books: Books, { reference, sk }: Posting): string | undefined {
  const [, kind = ''] = sk.split('#')
  const isIt = (one: { readonly reference: string }) => one.reference === reference
  switch (kind) {
    case 'sales-order':
    case 'sales-order-amendment':
      return books.salesOrders.find((one) => isIt(one) && one.isConfirmed)?.id
    case 'sales-order-cancellation':
    case 'sales-order-closing':
      return books.salesOrders.find(({ endings }) => endings.includes(reference))?.id
    case 'goods-issue':
      return books.deliveries.find(isIt)?.id
    case 'goods-return':
      return books.goodsReturns.find(isIt)?.id
    case 'customer-invoice':
      return books.invoices.find((one) => isIt(one) && one.isPosted)?.id
    case 'credit-note':
      return books.creditNotes.find((one) => isIt(one) && one.isPosted)?.id
    case 'payment-allocation':
      return books.allocations.find(isIt)?.id
    default:
      return books.accountPayments.find((one) => isIt(one) && one.isPosted)?.id
  }
}

/**
 * What the hub dares not repeat, since somebody has changed what it is about, is done in the ERP by hand.
 * @returns the document, where a person knows what to enter
 */
export function finishByHand(books: Books, posting: Posting, order: Order, state: readonly Posting[]) {
  const { reference, sk } = posting
  const [, kind = '', ...rest] = sk.split('#')
  const number = rest.join('#')
  const salesOrder = books.salesOrders.findLast((one) => one.number === order.number && one.status !== 'replaced')
  if (salesOrder === undefined) return undefined
  const sent = { reference, salesOrderId: salesOrder.id }
  switch (kind) {
    case 'sales-order':
      return confirm(books, salesOrder)
    case 'sales-order-cancellation':
      return end(books, salesOrder, 'cancelled')
    case 'sales-order-closing':
      return end(books, salesOrder, 'closed')
    case 'goods-issue': {
      const issue = order.goodsIssues.find(({ deliveryNote }) => deliveryNote === number)
      books.applyUnguarded({ operation: 'post-goods-issue', ...sent, lines: numbers(issue?.lines) })
      break
    }
    case 'goods-return': {
      const back = order.returns.find((one) => one.number === number)
      books.applyUnguarded({ operation: 'post-goods-return', ...sent, lines: numbers(back?.lines) })
      break
    }
    case 'customer-invoice': {
      const delivered = state.find((one) => one.pk === posting.pk && one.sk === `POSTING#goods-issue#${number}`)
      const delivery = books.deliveries.find((one) => one.reference === delivered?.reference)
      const isThere = books.invoices.some((one) => one.reference === reference)
      if (delivery !== undefined && !isThere)
        books.applyUnguarded({ operation: 'create-customer-invoice', reference, deliveryId: delivery.id })
      return post(
        books,
        books.invoices.find((one) => one.reference === reference),
      )
    }
    case 'credit-note': {
      const isThere = books.creditNotes.some((one) => one.reference === reference)
      if (!isThere)
        books.applyUnguarded({ operation: 'create-credit-note', ...sent, ...creditOf(books, order, number) })
      return post(
        books,
        books.creditNotes.find((one) => one.reference === reference),
      )
    }
    case 'sales-order-amendment':
      return amend(books, order, Number(number), reference)
    case 'incoming-payment': {
      const payment = books.accountPayments.find((one) => one.reference === reference)
      return post(books, payment)
    }
  }
  return documentInEffect(books, posting)
}

function confirm(books: Books, salesOrder: SalesOrder): string {
  salesOrder.isConfirmed = true
  books.touch(salesOrder)
  return salesOrder.id
}

function end(books: Books, salesOrder: SalesOrder, status: 'cancelled' | 'closed'): string {
  salesOrder.status = status
  books.touch(salesOrder)
  return salesOrder.id
}

function post(books: Books, bill: (Entry & { isPosted: boolean }) | undefined): string | undefined {
  if (bill === undefined) return undefined
  bill.isPosted = true
  books.touch(bill)
  return bill.id
}

/** The new version in the place of the old one, which nothing has left of. */
function amend(books: Books, order: Order, version: number, reference: string): string | undefined {
  const lines = order.changes.find((one) => one.version === version)?.lines
  const old = books.salesOrders.findLast((one) => one.number === order.number && one.reference !== reference)
  if (lines === undefined || old === undefined) return undefined
  if (books.deliveries.some(({ salesOrderId }) => salesOrderId === old.id)) return undefined
  const { number, customer } = old
  const isThere = books.salesOrders.some((one) => one.reference === reference)
  const operation = 'create-sales-order' as const
  if (!isThere) books.applyUnguarded({ operation, reference, number, customer, lines: lines.map(toErp) })
  old.status = 'replaced'
  books.touch(old)
  const now = books.salesOrders.find((one) => one.reference === reference)
  return now && confirm(books, now)
}

function toErp({ number, item, quantity, cents }: Line) {
  return { line: number, item: `erp-${item}`, quantity, cents }
}

function creditOf(books: Books, order: Order, number: string) {
  const [of, ...rest] = number.split('/')
  if (of === 'goods-return') {
    const lines = numbers(order.returns.find((one) => one.number === rest.join('/'))?.lines)
    const isIt = (one: { readonly lines: readonly object[] }) => JSON.stringify(one.lines) === JSON.stringify(lines)
    const goodsReturnId = books.goodsReturns.find(isIt)?.id
    return goodsReturnId === undefined ? {} : { goodsReturnId }
  }
  const refund = order.refunds.find((one) => one.refund === rest.join('/'))
  if (refund?.of === 'amount') return { cents: refund.cents }
  return refund?.of === 'lines' ? { lines: numbers(refund.lines) } : { everything: true }
}

function numbers(lines: readonly LineQuantity[] | undefined) {
  return lines?.map(({ line, quantity }) => ({ line, quantity: Number(quantity) }))
}
