import type { Budget, BudgetLimits, Ticket } from './budget.ts'
import { grantNext, inOrder, type Stop, settledAt, stopOf, withoutDead } from './grant.ts'

/** What whoever asks for a slot does next. */
export type Answer =
  | { readonly do: 'call' }
  /** In its Lambda; so many are before it. */
  | { readonly do: 'wait'; readonly before: number }
  /** The machine waits, at least until then. */
  | { readonly do: 'leave'; readonly untilMs: number; readonly why: Stop['why'] | 'full' }

/** The same budget as before means: there is nothing to write. */
export interface Decided<Said> {
  readonly answer: Said
  readonly budget: Budget
}

/**
 * Decides on one who asks for a slot, for the first time or again.
 * @param ticket whose `untilMs` is how long its Lambda would wait
 * @param leaseUntilMs until when a slot is held if nobody releases it
 */
export function ask(
  before: Budget,
  ticket: Ticket,
  leaseUntilMs: number,
  nowMs: number,
  limits: BudgetLimits,
): Decided<Answer> {
  const mine = before.slots.find(({ holder }) => holder === ticket.holder)
  if (mine !== undefined) {
    return { answer: { do: 'call' }, budget: mine.isOffer ? taken(before, ticket.holder, leaseUntilMs) : before }
  }
  const budget = withoutDead(before, nowMs, limits)
  const stop = stopOf(budget, nowMs, limits)
  if (stop !== undefined) return { answer: { do: 'leave', ...stop }, budget: before }
  const settledAtMs = settledAt(ticket, budget, limits)
  if (settledAtMs !== undefined) {
    const left = { ...budget, waiting: budget.waiting.filter(({ holder }) => holder !== ticket.holder) }
    const isSame = left.waiting.length === budget.waiting.length
    return { answer: { do: 'leave', why: 'full', untilMs: settledAtMs }, budget: isSame ? before : left }
  }
  const isNew = !budget.waiting.some(({ holder }) => holder === ticket.holder)
  const joined = isNew ? join(budget, ticket, limits) : budget
  const granted = grantNext(joined, nowMs, limits)
  if (granted.slots.some(({ holder }) => holder === ticket.holder)) {
    return { answer: { do: 'call' }, budget: taken(granted, ticket.holder, leaseUntilMs) }
  }
  // A slot would be offered to him in vain, and before others.
  if (nowMs >= ticket.untilMs) {
    const left = { ...granted, waiting: granted.waiting.filter(({ holder }) => holder !== ticket.holder) }
    const isSame = isNew && granted === joined
    return { answer: { do: 'leave', why: 'full', untilMs: nowMs }, budget: isSame ? before : left }
  }
  const place = [...granted.waiting].sort(inOrder).findIndex(({ holder }) => holder === ticket.holder)
  const hasChanged = granted !== joined || isNew
  if (place >= 0) return { answer: { do: 'wait', before: place }, budget: hasChanged ? granted : before }
  return {
    answer: { do: 'leave', why: 'full', untilMs: nowMs },
    budget: granted === joined ? before : granted,
  }
}

/** Takes up an offer. */
function taken(budget: Budget, holder: string, untilMs: number): Budget {
  const slots = budget.slots.map((slot) => (slot.holder === holder ? { ...slot, untilMs, isOffer: false } : slot))
  return { ...budget, slots }
}

/** Only the oldest of each lane wait inside of their Lambdas; whoever is younger leaves. */
function join(budget: Budget, ticket: Ticket, { waitingPerLane }: BudgetLimits): Budget {
  const isSame = ({ lane }: Ticket) => lane === ticket.lane
  const lane = [...budget.waiting.filter(isSame), ticket].sort(inOrder).slice(0, waitingPerLane)
  return { ...budget, waiting: [...budget.waiting.filter((one) => !isSame(one)), ...lane] }
}
