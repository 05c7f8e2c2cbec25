import type { SignalKind } from './events.ts'
import { compareDecimals, minus, sum } from './money.ts'
import type { PostedDocument } from './posting.ts'

/** As much of a case as the decision needs. */
export interface CaseFacts {
  /** Ordered quantities by line. */
  readonly lines: readonly { readonly line: string; readonly quantity: string }[]
  /** When the wait for the next event is over, and how often that was told already. */
  readonly deadlineAtMs: number
  readonly deadlinesTold: number
  /** How often a missed deadline is told at most. */
  readonly deadlinesMax: number
}

/** A signal as the decision sees it. */
export interface SignalFacts {
  readonly kind: SignalKind | 'change'
  readonly number: string
  readonly occurredAt: string
  /** Set when its whole branch has been carried out, or when a decision on it was recorded. */
  readonly consumed: boolean
  /** Of a payment. */
  readonly amount?: string | undefined
  /** Its first posting has been claimed, or what it settles decided: it may be on its way, and comes before others. */
  readonly begun?: boolean
}

/** A document of the case that is posted. */
export interface PostedFacts {
  readonly kind: string
  readonly number: string
  readonly document: PostedDocument
}

export type NextEvent =
  | { readonly kind: 'goods-issue' | 'incoming-payment' | 'change'; readonly number: string }
  /** Its number counts the deadlines that were missed. */
  | { readonly kind: 'deadline'; readonly number: string }
  | { readonly kind: 'settled' }
  | { readonly kind: 'nothing-yet' }

/**
 * Decides what the case does next. Pure, and blind to the order of arrival: goods first, then money, so that any
 * order of the same signals ends in the same books.
 */
export function pickNextEvent(
  facts: CaseFacts,
  signals: readonly SignalFacts[],
  posted: readonly PostedFacts[],
  nowMs: number,
): NextEvent {
  const waiting = signals.filter((signal) => !signal.consumed).sort(byTimeThenNumber)

  const change = waiting.find((signal) => signal.kind === 'change')
  if (change !== undefined) return { kind: 'change', number: change.number }

  const goodsIssues = waiting.filter((signal) => signal.kind === 'goods-issue')
  const goodsIssue = goodsIssues.find((signal) => signal.begun) ?? goodsIssues[0]
  if (goodsIssue !== undefined) return { kind: 'goods-issue', number: goodsIssue.number }

  const books = booksOf(facts, posted)
  const payments = waiting.filter((signal) => signal.kind === 'incoming-payment')
  const payment = payments.find((signal) => signal.begun) ?? payments.find((signal) => isDue(signal, books, posted))
  if (payment !== undefined) return { kind: 'incoming-payment', number: payment.number }

  if (waiting.length === 0 && books.delivered && compareDecimals(books.open, '0') === 0) return { kind: 'settled' }
  if (nowMs >= facts.deadlineAtMs && facts.deadlinesTold < facts.deadlinesMax) {
    return { kind: 'deadline', number: String(facts.deadlinesTold + 1) }
  }
  return { kind: 'nothing-yet' }
}

/** What the posted documents add up to. */
interface Books {
  readonly delivered: boolean
  readonly invoiced: string
  /** Invoiced and not yet paid. */
  readonly open: string
}

function booksOf(facts: CaseFacts, posted: readonly PostedFacts[]): Books {
  const amounts = (kind: string) =>
    sum(posted.filter((one) => one.kind === kind).map((one) => one.document.amount ?? '0')).toFixed()
  const issued = posted.filter((one) => one.kind === 'goods-issue').flatMap((one) => one.document.lines ?? [])
  const delivered = facts.lines.every(({ line, quantity }) => {
    const quantities = issued.filter((one) => one.line === line).map((one) => one.quantity)
    return compareDecimals(sum(quantities).toFixed(), quantity) >= 0
  })
  const invoiced = amounts('customer-invoice')
  return { delivered, invoiced, open: minus(invoiced, amounts('incoming-payment')) }
}

/**
 * A payment is due when the open invoices take all of it; a prepayment waits for its invoice. Once everything is
 * delivered no further invoice will come: then it is due in any case, and too much money is refused by the posting.
 * A payment that is posted already is due again: its branch was cut short before it was consumed.
 */
function isDue(payment: SignalFacts, books: Books, posted: readonly PostedFacts[]): boolean {
  const isPosted = posted.some((one) => one.kind === 'incoming-payment' && one.number === payment.number)
  return isPosted || books.delivered || compareDecimals(payment.amount ?? '0', books.open) <= 0
}

function byTimeThenNumber(one: SignalFacts, other: SignalFacts): number {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt < other.occurredAt ? -1 : 1
  return one.number < other.number ? -1 : 1
}

/** How much of each invoice a payment settles: the oldest first. */
export interface PaymentShare {
  readonly invoiceId: string
  readonly amount: string
}

/**
 * Shares a payment out over the invoices that are open, in their order.
 * @param invoices what each of them still asks for
 * @returns undefined when the invoices cannot take all of it
 */
export function sharePayment(
  amount: string,
  invoices: readonly { readonly id: string; readonly amount: string }[],
): readonly PaymentShare[] | undefined {
  let left = amount
  const shares: PaymentShare[] = []
  for (const { id, amount: open } of invoices) {
    if (compareDecimals(open, '0') <= 0) continue
    const share = compareDecimals(left, open) <= 0 ? left : open
    shares.push({ invoiceId: id, amount: share })
    left = minus(left, share)
    if (compareDecimals(left, '0') === 0) return shares
  }
  return undefined
}
