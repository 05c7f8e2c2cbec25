import { sameDecimal } from '#domain/money.ts'
import type { OrderBooks } from './books.ts'
import type { DeadLetter } from './dead-letters.ts'
import type { OrderKind } from './kinds.ts'
import type { Ended } from './run-orders.ts'

/** What was found of one order, in the hub and in the ERP. */
export interface Found {
  readonly ended: Ended
  readonly books: OrderBooks
  readonly deadLetters: readonly DeadLetter[]
  /** How many answers of the ERP to its create were lost. */
  readonly lostAnswers: number
}

export const emptyBooks: OrderBooks = { salesOrders: [], deliveries: [], invoices: [] }

/** Everything that is not as the kind says, in words; nothing when all is well. */
export function checkOrder(kind: OrderKind, found: Found): readonly string[] {
  const { books, deadLetters, ended, lostAnswers } = found
  return [
    ...differs('outcome', ended, kind.outcome),
    ...differs('sales orders in the ERP', books.salesOrders.length, kind.isPoison ? 0 : 1),
    ...books.salesOrders.flatMap(({ number, state, gross }) => [
      ...differs(`total of sales order ${number}`, gross, kind.gross),
      ...differs(`state of sales order ${number}`, state, kind.outcome === 'completed' ? 'done' : 'quotation'),
    ]),
    ...differs('deliveries', books.deliveries.length, kind.deliveries.length),
    ...books.deliveries.flatMap(({ number, state }) => differs(`state of delivery ${number}`, state, 'done')),
    ...checkInvoices(kind, books),
    ...differs('dead letters', codesOf(deadLetters), kind.code ?? 'none'),
    ...differs('lost answers to the create', lostAnswers, kind.losesCreateAnswer ? 1 : 0),
  ]
}

function checkInvoices(kind: OrderKind, { invoices }: OrderBooks): readonly string[] {
  const amounts = kind.deliveries.map(({ invoice }) => invoice)
  const wrong = invoices.flatMap(({ number, state, amount, paid, payments }) => {
    const expected = amounts.findIndex((one) => sameDecimal(one, amount))
    if (expected < 0) return [`invoice ${number} is over ${amount}, which none should be`]
    amounts.splice(expected, 1)
    return [
      ...differs(`state of invoice ${number}`, state, 'paid'),
      ...differs(`paid of invoice ${number}`, paid, amount),
      ...differs(`payments of invoice ${number}`, payments, 1),
    ]
  })
  return [...wrong, ...amounts.map((amount) => `an invoice over ${amount} is missing`)]
}

function codesOf(letters: readonly DeadLetter[]): string {
  return letters.map(({ code }) => code).join(', ') || 'none'
}

function differs(what: string, is: string | number, should: string | number): readonly string[] {
  const isDecimal = (value: string | number) => /^-?\d+(\.\d+)?$/.test(String(value))
  const same = isDecimal(is) && isDecimal(should) ? sameDecimal(String(is), String(should)) : is === should
  return same ? [] : [`${what}: ${is}, should be ${should}`]
}
