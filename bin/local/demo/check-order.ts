import { sameDecimal, sum } from '#domain/money.ts'
import type { InvoiceBooks, OrderBooks } from './books.ts'
import type { DeadLetter } from './dead-letters.ts'
import { publicationsOf } from './demo-order.ts'
import { differs } from './differs.ts'
import type { OrderKind } from './order-kind.ts'
import type { Ended } from './order-progress.ts'
import type { Payment } from './payments.ts'

/** What was found of one order, in the hub and in the ERP. */
export interface Found {
  readonly ended: Ended
  readonly books: OrderBooks
  readonly deadLetters: readonly DeadLetter[]
  /** How many answers of the ERP to its create were lost. */
  readonly lostAnswers: number
}

/** Everything that is not as the kind says, in words; nothing when all is well. */
export function checkOrder(kind: OrderKind, found: Found): readonly string[] {
  const { books, deadLetters, ended, lostAnswers } = found
  const should = kind.books
  const times = (...events: string[]) => publicationsOf(kind).filter(({ event }) => events.includes(event)).length
  const isOwed = should.owed !== undefined
  return [
    ...differs('outcome', ended, kind.ends),
    ...checkOrders(kind, books),
    ...differs('deliveries', books.deliveries.length, times('GoodsIssued', 'GoodsReceived')),
    ...differs('returns', books.returns.length, times('ReturnReceived', 'GoodsReturned')),
    ...checkInvoices('invoice', books.invoices, should.invoices ?? [], isOwed),
    ...checkInvoices('credit note', books.creditNotes, should.creditNotes ?? [], false),
    ...differs('open on its invoices', sum(books.invoices.map(({ open }) => open)).toFixed(2), should.owed ?? '0'),
    ...checkStock(should.stock ?? {}, books.stock),
    ...checkPayments('payment', books.payments.paidIn, paymentsOf(kind)),
    ...checkPayments(
      kind.supplier === undefined ? 'refund' : 'payment of',
      books.payments.paidOut,
      Object.entries(should.paidOut ?? {}),
    ),
    ...differs('dead letters', deadLetters.map(({ code }) => code).join(', ') || 'none', kind.code ?? 'none'),
    ...differs('lost answers to the create', lostAnswers, kind.losesCreateAnswer ? 1 : 0),
  ]
}

function checkOrders({ books: { orders: should } }: OrderKind, { orders }: OrderBooks) {
  return [
    ...differs('orders in the ERP', orders.length, should.length),
    ...orders.flatMap(({ number, state, gross }, index) => [
      ...differs(`total of order ${number}`, gross, should[index]?.gross ?? 'nothing'),
      ...differs(`state of order ${number}`, state, should[index]?.state ?? 'nothing'),
    ]),
  ]
}

function checkInvoices(
  what: string,
  found: readonly InvoiceBooks[],
  should: readonly string[],
  isOwed: boolean,
): readonly string[] {
  const amounts = [...should]
  const wrong = found.flatMap(({ number, state, amount }) => {
    const expected = amounts.findIndex((one) => sameDecimal(one, amount))
    if (expected < 0) return [`${what} ${number} is over ${amount}, which none should be`]
    amounts.splice(expected, 1)
    return differs(`state of ${what} ${number}`, state, isOwed ? 'posted' : 'paid')
  })
  return [...wrong, ...amounts.map((amount) => `${what} over ${amount} is missing`)]
}

function checkStock(should: Readonly<Record<string, string>>, found: OrderBooks['stock']): readonly string[] {
  const items = [...new Set([...Object.keys(should), ...Object.keys(found)])]
  return items.flatMap((item) => differs(`stock of ${item}`, found[item] ?? '0', should[item] ?? '0'))
}

function paymentsOf(kind: OrderKind): readonly (readonly [string, string])[] {
  return publicationsOf(kind).flatMap((one) =>
    one.event === 'PaymentReceived' ? [[one.number, one.amount] as const] : [],
  )
}

function checkPayments(
  what: string,
  found: readonly Payment[],
  should: readonly (readonly [string, string])[],
): readonly string[] {
  return should.flatMap(([number, amount]) => {
    const booked = found.filter((one) => one.number === number)
    return [
      ...differs(`bookings of ${what} ${number}`, booked.length, 1),
      ...booked.flatMap((one) => differs(`${what} ${number}`, one.amount, amount)),
    ]
  })
}
