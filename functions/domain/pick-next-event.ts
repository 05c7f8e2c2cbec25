import { cancellation, change, closing, goodsIssue, goodsReturn } from '#domain/next-event/goods.ts'
import { allocation, incomingPayment, outgoingPayment, refund } from '#domain/next-event/payments.ts'
import {
  byTimeThenNumber,
  type CaseFacts,
  type NextEvent,
  type SignalFacts,
  type Situation,
} from '#domain/next-event/situation.ts'
import { whatIsUnderWay, whatWasRefused } from '#domain/next-event/under-way.ts'
import { compareDecimals } from './money.ts'
import { booksOf } from './order-books.ts'
import type { PostingFacts } from './posted-documents.ts'

type Row = (situation: Situation) => NextEvent | undefined

/**
 * The table of what a case does next; the first row that applies decides. What is under way comes first, then what has
 * happened to goods, then what somebody wants, then money. So any order of arrival of the same events ends in the same
 * books, but for what is a race in the real world: a change or a cancellation against the goods that leave.
 */
const rows: readonly Row[] = [
  whatIsUnderWay,
  whatWasRefused,
  goodsIssue,
  cancellation,
  change,
  goodsReturn,
  closing,
  incomingPayment,
  refund,
  allocation,
  outgoingPayment,
  settled,
  deadline,
]

/** Decides what the case does next. Pure, and blind to the order of arrival. */
export function pickNextEvent(
  facts: CaseFacts,
  signals: readonly SignalFacts[],
  postings: readonly PostingFacts[],
  nowMs: number,
): NextEvent {
  const waiting = signals.filter((signal) => !signal.isConsumed).sort(byTimeThenNumber)
  const books = booksOf(facts.lines, postings)
  const situation = { facts, signals, waiting, postings, books, nowMs }
  for (const row of rows) {
    const next = row(situation)
    if (next !== undefined) return next
  }
  return { kind: 'nothing-yet' }
}

/** Everything that was announced is done, every invoice is paid, and nobody has anything left on account. */
function settled({ waiting, books }: Situation): NextEvent | undefined {
  const isEven = compareDecimals(books.onAccount, '0') === 0
  const isPaid = books.invoices.every(({ open }) => compareDecimals(open, '0') === 0)
  if (waiting.length > 0 || !books.isDelivered || !isPaid || !isEven) return undefined
  return { kind: 'settled', as: books.isCancelled ? 'cancelled' : books.isClosed ? 'closed' : 'completed' }
}

function deadline({ facts, nowMs }: Situation): NextEvent | undefined {
  if (nowMs < facts.deadlineAtMs || facts.deadlinesTold - facts.deadlinesFrom >= facts.deadlinesMax) return undefined
  return { kind: 'deadline', number: String(facts.deadlinesTold + 1) }
}
