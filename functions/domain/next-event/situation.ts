import type { HubEvent, SignalKind, SignalTerms } from '#domain/events.ts'
import type { OrderBooks } from '#domain/order-books.ts'
import type { PostingFacts } from '#domain/posted-documents.ts'
import type { PurchaseLine } from '#domain/purchase/books.ts'
import type { Outcome } from '#domain/three-way-match/outcome.ts'

/** As much of a case as the decision needs. */
export interface CaseFacts {
  /** The newest version that was accepted, or that stands in the ERP. */
  readonly version: number
  /** Ordered quantities by line. */
  readonly lines: readonly PurchaseLine[]
  /** Of a purchase: whether a person has to agree to this version. */
  readonly needsApproval?: boolean | undefined
  /** When the wait for the next event is over, and how often that was told already. */
  readonly deadlineAtMs: number
  readonly deadlinesTold: number
  /** How often a missed deadline is told at most in one life of the case; `deadlinesFrom` were told before it. */
  readonly deadlinesMax: number
  readonly deadlinesFrom: number
}

/** A signal as the decision sees it. */
export interface SignalFacts {
  readonly kind: SignalKind
  readonly number: string
  readonly occurredAt: string
  /** Its whole branch has been carried out, or a decision on it was recorded. */
  readonly isConsumed: boolean
  /** Why it is not carried out. */
  readonly refusal?: Reason | undefined
  readonly terms: SignalTerms
  /** Of a newer version of a purchase: whether a person has to agree to it. */
  readonly needsApproval?: boolean | undefined
  /** Of a supplier's document: how it compares with what was ordered and received. */
  readonly match?: MatchFacts | undefined
}

/** What the last match said of a supplier's document. */
export interface MatchFacts {
  /** What it looked at. */
  readonly basis: string
  /** Counts the matches of this document. */
  readonly round: number
  readonly outcome: Outcome
  /** Of an invoice. */
  readonly dueOn?: string | undefined
  /** What a person said to the variance. */
  readonly decision?: 'accept' | 'wait' | undefined
}

/** What a case asks a person. */
export type Question =
  | { readonly kind: 'approval'; readonly version: string }
  | {
      readonly kind: 'variance'
      readonly signal: SignalName
      /** Which match of it is asked about; what is said to an earlier one holds no longer. */
      readonly round: number
    }

/** Why something that was asked for is not done. */
export interface Reason {
  readonly code: string
  readonly message: string
}

export type NextEvent =
  /** A signal whose branch is to be carried out. */
  | { readonly kind: SignalKind; readonly number: string }
  /** What follows from the books: functions/domain/settlement.ts says how it is numbered. */
  | { readonly kind: 'payment-allocation' | 'outgoing-payment'; readonly number: string }
  | { readonly kind: 'supplier-payment' | 'supplier-payment-allocation'; readonly number: string }
  /** The purchase order in this version. */
  | { readonly kind: 'purchase-order'; readonly number: string }
  /** Compares a supplier's document, `supplier-invoice/INV-1`, with what was ordered and received. */
  | { readonly kind: 'match'; readonly number: string }
  /** A change or a cancellation that comes too late: told, and for a person. Its number names the signal. */
  | ({ readonly kind: 'refusal'; readonly number: string; readonly event: HubEvent } & Reason)
  /** A newer version of what is not in the ERP yet: it takes the place of the one before. */
  | { readonly kind: 'replacement'; readonly number: string }
  /** A signal of which nothing is to be posted, or no more; the decision is recorded and the next one taken. */
  | { readonly kind: 'set-aside'; readonly signal: SignalName; readonly note: string }
  /** Its number counts the deadlines that were missed. */
  | { readonly kind: 'deadline'; readonly number: string }
  | { readonly kind: 'settled'; readonly as: 'completed' | 'cancelled' | 'closed' }
  /** Until somebody is heard of, or until the time at which it has something to do by itself. */
  | { readonly kind: 'nothing-yet'; readonly wakeAtMs?: number | undefined; readonly asks?: readonly Question[] }

/** Whether a step follows that brings something into the ERP. */
export function leadsToErp({ kind }: NextEvent): boolean {
  return !stays.some((one) => one === kind)
}

const stays = ['match', 'refusal', 'replacement', 'set-aside', 'deadline', 'settled', 'nothing-yet'] as const

export interface SignalName {
  readonly kind: SignalKind
  readonly number: string
}

/** What a row looks at. */
export interface Situation {
  readonly facts: CaseFacts
  readonly signals: readonly SignalFacts[]
  /** The signals that are not consumed, in the order in which they happened. */
  readonly waiting: readonly SignalFacts[]
  readonly postings: readonly PostingFacts[]
  readonly books: OrderBooks
  readonly nowMs: number
}

/** How a process refuses a signal: by the event that tells it, which depends on what was asked for. */
export type Refuse = (signal: SignalName, reason: Reason) => NextEvent

/** @param events by the kind of the signal that is refused */
export function refusing(events: Readonly<Partial<Record<SignalKind, HubEvent>>>): Refuse {
  return ({ kind, number }, { code, message }) => {
    const event = events[kind]
    if (event === undefined) throw new Error(`${kind} ${number} cannot be refused: ${message}`)
    return { kind: 'refusal', number: `${kind}/${number}`, event, code, message }
  }
}

export function pick(signal: SignalName | undefined): NextEvent | undefined {
  return signal === undefined ? undefined : { kind: signal.kind, number: signal.number }
}

export function setAside({ kind, number }: SignalName, note: string): NextEvent {
  return { kind: 'set-aside', signal: { kind, number }, note }
}

export function byNumber(one: { readonly number: string }, other: { readonly number: string }): number {
  return one.number < other.number ? -1 : 1
}

export function byTimeThenNumber(one: SignalFacts, other: SignalFacts): number {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt < other.occurredAt ? -1 : 1
  return byNumber(one, other)
}
