import { compareDecimals, sum } from '#domain/money.ts'
import { byNumber, type NextEvent, pick, type Question, type SignalFacts } from '#domain/next-event/situation.ts'
import { settlementNumber } from '#domain/settlement.ts'
import type { BillKind } from './books.ts'
import { isBill, matchBasis, type PurchaseRow, type PurchaseSituation } from './situation.ts'

const isAccepted = ({ match }: SignalFacts) => match?.outcome === 'matched' || match?.decision === 'accept'

/** Matches what was not matched yet, or on another basis, then posts what matched or what a person has accepted. */
export function bill({ waiting, signals, postings, books, facts }: PurchaseSituation): NextEvent | undefined {
  if (!books.isOrdered) return undefined
  const basis = matchBasis(facts.version, signals, postings)
  const bills = waiting.filter(isBill)
  const stale = bills.find(({ match }) => match?.decision !== 'accept' && match?.basis !== basis)
  if (stale !== undefined) return { kind: 'match', number: `${stale.kind}/${stale.number}` }
  return pick(bills.find(isAccepted))
}

/** Waits for somebody: neither matched, nor accepted, nor to be had by waiting for goods that are on their way. */
export function isInVariance(signal: SignalFacts, { books }: Pick<PurchaseSituation, 'books'>): boolean {
  if (!isBill(signal) || signal.isConsumed || signal.match === undefined || isAccepted(signal)) return false
  return signal.match.outcome !== 'missing-receipt' || books.isReceived
}

/** What a purchase waits for a person for. Nothing is asked twice: the same question has the same id. */
export function questionsOf(situation: PurchaseSituation): readonly Question[] {
  const { waiting, books, facts, signals, postings } = situation
  const basis = matchBasis(facts.version, signals, postings)
  const answered = (version: string) => signals.some((one) => one.kind === 'approval' && one.number === version)
  const approvals = [
    ...(!books.isOrdered && !situation.isWithdrawn && facts.needsApproval ? [String(facts.version)] : []),
    ...waiting.filter((one) => one.kind === 'change' && one.needsApproval).map(({ number }) => number),
  ]
  return [
    ...approvals.filter((version) => !answered(version)).map((version) => ({ kind: 'approval', version }) as const),
    ...waiting
      // What was matched on another basis is matched anew before anybody is asked.
      .filter((one) => isInVariance(one, situation) && one.match?.basis === basis && one.match.decision !== 'wait')
      .map(
        ({ kind, number, match }) =>
          ({ kind: 'variance', signal: { kind, number }, round: match?.round ?? 0 }) as const,
      ),
  ]
}

const isOpen = ({ open }: { readonly open: string }) => compareDecimals(open, '0') > 0

/** Credit notes go to the supplier's account as far as an invoice takes them from there; the rest is paid when due. */
export const payment: PurchaseRow = (situation) => {
  const { books, nowMs } = situation
  const invoices = [...books.invoices].sort(byNumber).filter(isOpen)
  const [invoice] = invoices
  if (invoice === undefined) return undefined
  if (compareDecimals(books.onAccount, '0') > 0) {
    return settle('supplier-payment-allocation', 'supplier-invoice', invoice, smaller(invoice.open, books.onAccount))
  }
  const credit = [...books.creditNotes].sort(byNumber).find(isOpen)
  const owed = sum(invoices.map(({ open }) => open)).toFixed()
  if (credit !== undefined)
    return settle('supplier-payment-allocation', 'supplier-credit-note', credit, smaller(credit.open, owed))
  if (isPaymentBlocked(situation)) return undefined
  const due = invoices.find(({ number }) => (dueAtMs(situation, number) ?? nowMs) <= nowMs)
  return due && settle('supplier-payment', 'supplier-invoice', due, due.open)
}

/** Nothing is paid while anything that the supplier has sent is in variance. */
export function isPaymentBlocked(situation: PurchaseSituation): boolean {
  return situation.waiting.some((one) => isInVariance(one, situation))
}

function settle(
  by: 'supplier-payment' | 'supplier-payment-allocation',
  kind: BillKind,
  { number, allocated }: { readonly number: string; readonly allocated: string },
  amount: string,
): NextEvent {
  return { kind: by, number: settlementNumber({ of: `${kind}/${number}`, before: allocated, amount }) }
}

/** When an invoice is due, at the beginning of that day. */
function dueAtMs({ signals }: PurchaseSituation, number: string): number | undefined {
  const due = signals.find((one) => one.kind === 'supplier-invoice' && one.number === number)?.match?.dueOn
  return due === undefined ? undefined : Date.parse(due)
}

/** When the case has something to do by itself: the first invoice that becomes due, unless its payment is blocked. */
export function nextDueAtMs(situation: PurchaseSituation): number | undefined {
  if (isPaymentBlocked(situation)) return undefined
  const due = situation.books.invoices.filter(isOpen).flatMap(({ number }) => dueAtMs(situation, number) ?? [])
  return due.length === 0 ? undefined : Math.min(...due)
}

function smaller(one: string, other: string): string {
  return compareDecimals(one, other) <= 0 ? one : other
}
