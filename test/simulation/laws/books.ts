import { referenceOf } from '#domain/fingerprint.ts'
import type { Ledger, SalesOrder } from '../erp/ledger.ts'
import { totalsOfOrder } from '../erp/totals.ts'
import type { State } from '../state.ts'
import type { Line, LineQuantity, Order } from '../story/order.ts'
import type { Tell } from './law.ts'

/** A case that has ended: exactly one document for each event, with its quantities and amounts, and nothing open. */
export function booksEqualEvents(books: Ledger, state: State, order: Order, tell: Tell): void {
  const expect = (what: string, is: unknown, should: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(should))
      tell('books', `${order.number}: ${what} is ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`)
  }
  const stored = state.cases.get(order.caseKey)
  const bearing = <Document extends { readonly reference: string }>(
    all: readonly Document[],
    kind: string,
    number: string,
  ) => all.filter(({ reference }) => reference === referenceOf(`${order.caseKey}/${kind}/${number}`, 16))
  const active = books.salesOrders.filter((one) => one.number === order.number && one.status !== 'replaced')
  const lines = versionOf(order, stored?.version ?? 1)
  expect('sales order', active.map(contentOf), [lines.map(({ number, quantity, cents }) => [number, quantity, cents])])
  const [salesOrder] = active
  if (salesOrder === undefined) return
  const isCancelled = salesOrder.status === 'cancelled'
  const delivered = isCancelled ? [] : order.goodsIssues
  if (delivered.length > 0) expect('confirmed', salesOrder.isConfirmed, true)
  for (const { deliveryNote, lines: left } of delivered) {
    const should = left ?? lines.map(({ number, quantity }) => ({ line: number, quantity: String(quantity) }))
    const deliveries = bearing(books.deliveries, 'goods-issue', deliveryNote)
    expect(
      `goods issue ${deliveryNote}`,
      deliveries.map((one) => one.lines.map(pair)),
      [should.map(pair)],
    )
    const invoices = bearing(books.invoices, 'customer-invoice', deliveryNote)
    expect(
      `invoices of ${deliveryNote}`,
      invoices.map((one) => [one.isPosted, one.cents]),
      [[true, centsOf(lines, should)]],
    )
  }
  for (const { payment, cents } of order.payments) {
    const paid = bearing(books.accountPayments, 'incoming-payment', payment)
    expect(
      `payment ${payment}`,
      paid.map((one) => [one.isPosted, one.direction, one.cents]),
      [[true, 'incoming', cents]],
    )
  }
  for (const { number, lines: back } of order.returns) {
    const returns = bearing(books.goodsReturns, 'goods-return', number)
    expect(
      `return ${number}`,
      returns.map((one) => one.lines.map(pair)),
      [back.map(pair)],
    )
    const notes = bearing(books.creditNotes, 'credit-note', `goods-return/${number}`)
    expect(
      `credit of ${number}`,
      notes.map((one) => [one.isPosted, one.cents]),
      [[true, centsOf(lines, back)]],
    )
  }
  for (const refund of order.refunds) {
    const notes = bearing(books.creditNotes, 'credit-note', `refund/${refund.refund}`)
    const cents =
      refund.of === 'amount' ? refund.cents : refund.of === 'lines' ? centsOf(lines, refund.lines) : undefined
    if (cents !== undefined)
      expect(
        `credit of ${refund.refund}`,
        notes.map((one) => one.cents),
        [cents],
      )
    else if (refund.of !== 'everything') expect(`credit of ${refund.refund}`, notes.length, 0)
  }
  totals(books, state, order, salesOrder, expect)
}

type Expect = (what: string, is: unknown, should: unknown) => void

/** Nothing is owed and nothing is left on account; the bank has what was invoiced and not credited. */
function totals(books: Ledger, state: State, order: Order, salesOrder: SalesOrder, expect: Expect): void {
  const own = state.postings.filter(({ pk, sk }) => pk === order.caseKey && /#(incoming|outgoing)-payment#/.test(sk))
  const total = totalsOfOrder(
    books,
    order.number,
    own.map(({ reference }) => reference),
  )
  expect('receivable', total.receivableCents, 0)
  expect('on account', total.onAccountCents, 0)
  const isOurs = ({ salesOrderId }: { readonly salesOrderId: string }) => salesOrderId === salesOrder.id
  const cents = (all: readonly { readonly cents: number }[]) => all.reduce((sum, one) => sum + one.cents, 0)
  const sold = cents(books.invoices.filter(isOurs)) - cents(books.creditNotes.filter(isOurs))
  expect('bank', total.bankCents, sold)
  const paidIn = order.payments.reduce((sum, one) => sum + one.cents, 0)
  const paidOut = books.accountPayments.filter(
    (one) => one.direction === 'outgoing' && own.some(({ reference }) => reference === one.reference),
  )
  expect('paid out', cents(paidOut), paidIn - sold)
  if (order.refunds.length === 0) expect('paid out without a refund', paidOut.length, 0)
}

function versionOf(order: Order, version: number): readonly Line[] {
  return order.changes.find((one) => one.version === version)?.lines ?? order.lines
}

function contentOf({ lines }: SalesOrder) {
  return lines.map(({ line, quantity, cents }) => [line, quantity, cents])
}

function pair({ line, quantity }: { readonly line: string; readonly quantity: string | number }) {
  return [line, Number(quantity)]
}

function centsOf(lines: readonly Line[], quantities: readonly LineQuantity[]): number {
  return quantities.reduce(
    (sum, { line, quantity }) => sum + Number(quantity) * (lines.find(({ number }) => number === line)?.cents ?? 0),
    0,
  )
}
