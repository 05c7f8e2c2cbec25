import type { Budget, BudgetLimits } from './budget.ts'
import { grantNext, withoutDead } from './grant.ts'

/** What whoever gives his slot back has seen of the ERP. */
export interface Seen {
  readonly heldMs: number
  /** Calls that found it down, since the last one that did not. */
  readonly downs: number
  /** Whether any call was answered, well or not. */
  readonly isUp: boolean
  /** After a lost answer the ERP may still be at work: the slot stays taken until then. 0: it is not. */
  readonly busyUntilMs: number
}

/** A new mean is made of so many holds. */
const meanOf = 20

/** Gives a slot back, notes what was seen, and offers it to whoever is next. */
export function release(before: Budget, holder: string, seen: Seen, nowMs: number, limits: BudgetLimits): Budget {
  const mine = before.slots.find((slot) => slot.holder === holder)
  const others = before.slots.filter((slot) => slot.holder !== holder)
  const { busyUntilMs } = seen
  const kept = mine !== undefined && busyUntilMs > nowMs ? [{ ...mine, untilMs: busyUntilMs, isSettling: true }] : []
  const budget: Budget = {
    ...before,
    slots: [...others, ...kept],
    // Whoever found it down says nothing of how long it takes when it is up.
    meanHoldMs: seen.isUp ? meanWith(before.meanHoldMs, seen.heldMs) : before.meanHoldMs,
    circuit: circuitAfter(before.circuit, holder, seen, nowMs, limits),
  }
  return grantNext(withoutDead(budget, nowMs, limits), nowMs, limits)
}

function meanWith(meanMs: number, heldMs: number): number {
  return meanMs === 0 ? Math.max(1, heldMs) : Math.max(1, Math.round(meanMs + (heldMs - meanMs) / meanOf))
}

/** Then half of the time for which the ERP has been down is added to it, until somebody tries again. */
const growth = 1.5

/** Opens when the ERP was down too often in a row, for longer each time; whoever finds it up closes it. */
function circuitAfter(
  circuit: Budget['circuit'],
  holder: string,
  { downs, isUp }: Seen,
  nowMs: number,
  { circuit: { failures: most, openMs, longestMs } }: BudgetLimits,
): Budget['circuit'] {
  const { probe, ...rest } = circuit
  const isProbe = probe === holder
  if (downs === 0) {
    if (isUp) return { failures: 0, opened: 0, openUntilMs: 0 }
    return isProbe ? rest : circuit
  }
  const failures = (isUp ? 0 : circuit.failures) + downs
  const opened = isUp ? 0 : circuit.opened
  // Those who were under way when it opened say nothing new.
  if (opened > 0 && !isProbe) return circuit
  if (opened === 0 && failures < most) return { failures, opened, openUntilMs: 0 }
  const forMs = Math.min(longestMs, openMs * growth ** opened)
  return { failures: 0, opened: opened + 1, openUntilMs: nowMs + forMs }
}

/** Holds a slot for longer. @returns undefined when its lease was over, and it may be somebody else's by now */
export function extend(before: Budget, holder: string, untilMs: number, nowMs: number): Budget | undefined {
  const mine = before.slots.find((slot) => slot.holder === holder && !slot.isOffer && slot.untilMs > nowMs)
  if (mine === undefined) return undefined
  return { ...before, slots: before.slots.map((slot) => (slot === mine ? { ...mine, untilMs } : slot)) }
}

/** The ERP says when it wants to be asked again, and that holds for all. */
export function throttle(before: Budget, untilMs: number): Budget {
  return untilMs <= before.notBeforeMs ? before : { ...before, notBeforeMs: untilMs }
}
