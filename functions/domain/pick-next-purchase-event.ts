import {
  byTimeThenNumber,
  type CaseFacts,
  type NextEvent,
  type Question,
  type SignalFacts,
} from '#domain/next-event/situation.ts'
import { refused, underWay } from '#domain/next-event/under-way.ts'
import { bill, nextDueAtMs, payment, questionsOf } from '#domain/purchase/bills.ts'
import { purchaseBooksOf } from '#domain/purchase/books.ts'
import { cancellation, change, closing, goodsReceipt, ordering, supplierReturn } from '#domain/purchase/goods.ts'
import {
  type PurchaseRow,
  type PurchaseSituation,
  purchaseSignalOf,
  refusePurchase,
} from '#domain/purchase/situation.ts'
import type { Owner } from './errors.ts'
import { compareDecimals, minus, sum } from './money.ts'
import type { PostingFacts } from './posted-documents.ts'

const whatIsUnderWay = underWay({
  first: 'purchase-order',
  signalOf: purchaseSignalOf,
  ofTheBooks: ['supplier-payment', 'supplier-payment-allocation'],
})

/**
 * The table of what a purchase does next; the first row that applies decides. Goods come before what somebody wants, and
 * both before money, so that any order of arrival of the same events ends in the same books.
 */
const rows: readonly PurchaseRow[] = [
  whatIsUnderWay,
  refused(refusePurchase),
  ordering,
  goodsReceipt,
  cancellation,
  change,
  supplierReturn,
  closing,
  bill,
  payment,
  settled,
  deadline,
]

/** Decides what a purchase does next. Pure, and blind to the order of arrival. */
export function pickNextPurchaseEvent(
  facts: CaseFacts,
  signals: readonly SignalFacts[],
  postings: readonly PostingFacts[],
  nowMs: number,
): NextEvent {
  const situation = situationOf(facts, signals, postings, nowMs)
  for (const row of rows) {
    const next = row(situation)
    if (next !== undefined) return next
  }
  const asks = questionsOf(situation)
  return { kind: 'nothing-yet', wakeAtMs: wakeAtMs(situation), ...(asks.length > 0 && { asks }) }
}

/** What a purchase asks a person for, whatever else it does meanwhile. */
export function purchaseQuestions(
  facts: CaseFacts,
  signals: readonly SignalFacts[],
  postings: readonly PostingFacts[],
  nowMs: number,
): readonly Question[] {
  return questionsOf(situationOf(facts, signals, postings, nowMs))
}

function situationOf(
  facts: CaseFacts,
  signals: readonly SignalFacts[],
  postings: readonly PostingFacts[],
  nowMs: number,
): PurchaseSituation {
  const books = purchaseBooksOf(facts.lines, postings)
  const isWithdrawn =
    !books.isOrdered && signals.some((one) => one.kind === 'cancellation' && one.isConsumed && !one.refusal)
  const waiting = signals.filter(({ isConsumed }) => !isConsumed).sort(byTimeThenNumber)
  return { facts, signals, waiting, postings, books, isWithdrawn, nowMs }
}

/** Everything that was ordered is here, billed and paid, and the supplier owes nothing. */
function settled({ waiting, books }: PurchaseSituation): NextEvent | undefined {
  const isEven = [...books.invoices, ...books.creditNotes].every(({ open }) => compareDecimals(open, '0') === 0)
  const isSettled = books.isOrdered && books.isReceived && books.isBilled && isEven
  if (!isSettled || waiting.length > 0 || compareDecimals(books.onAccount, '0') !== 0) return undefined
  return { kind: 'settled', as: books.isCancelled ? 'cancelled' : books.isClosed ? 'closed' : 'completed' }
}

function isDeadlineToCome({ deadlinesTold, deadlinesFrom, deadlinesMax }: CaseFacts): boolean {
  return deadlinesTold - deadlinesFrom < deadlinesMax
}

function deadline({ facts, nowMs }: PurchaseSituation): NextEvent | undefined {
  if (nowMs < facts.deadlineAtMs || !isDeadlineToCome(facts)) return undefined
  return { kind: 'deadline', number: String(facts.deadlinesTold + 1) }
}

/** The earliest of its deadlines, so that a case that waits is woken by its own wait. */
function wakeAtMs(situation: PurchaseSituation): number | undefined {
  const { facts } = situation
  const times = [nextDueAtMs(situation), isDeadlineToCome(facts) ? facts.deadlineAtMs : undefined]
  const known = times.flatMap((time) => time ?? [])
  return known.length === 0 ? undefined : Math.min(...known)
}

/** What keeps a purchase from its end, in words, and who can do most about it. */
export function openPurchasePoints(
  { lines }: Pick<CaseFacts, 'lines'>,
  signals: readonly SignalFacts[],
  postings: readonly PostingFacts[],
): { readonly text: string; readonly owner: Owner } {
  const books = purchaseBooksOf(lines, postings)
  const missing = books.isReceived
    ? []
    : lines.flatMap(({ line, quantity, isService }) => {
        const left = minus(quantity, books.received(line))
        return !isService && compareDecimals(left, '0') > 0 ? [`line ${line}: ${left} of ${quantity} not received`] : []
      })
  const total = (documents: readonly { readonly open: string }[]) => sum(documents.map(({ open }) => open)).toFixed()
  const [owed, credited] = [total(books.invoices), total(books.creditNotes)]
  const money = [
    ...(books.isOrdered ? [] : ['not ordered yet']),
    ...(books.isBilled ? [] : ['not everything that is here is billed']),
    ...(compareDecimals(owed, '0') > 0 ? [`${owed} billed and not paid`] : []),
    ...(compareDecimals(credited, '0') > 0 ? [`${credited} credited and not used`] : []),
  ]
  const waiting = signals.filter(({ isConsumed }) => !isConsumed).map(({ kind, number }) => `${kind} ${number} waits`)
  const owner = !books.isOrdered ? 'purchasing' : missing.length > 0 ? 'warehouse' : 'finance'
  return { text: [...missing, ...money, ...waiting].join('; '), owner }
}
