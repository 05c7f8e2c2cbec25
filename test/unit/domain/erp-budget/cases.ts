import { type Budget, type BudgetLimits, newBudget, type Slot, type Ticket } from '#domain/erp-budget/budget.ts'

export const nowMs = 1_000_000

export const limits: BudgetLimits = {
  slots: 2,
  interactiveReserve: 0,
  narrowSlots: 2,
  waitingPerLane: 2,
  agesAfterMs: 60_000,
  agedEvery: 3,
  offerMs: 400,
  skewMs: 100,
  circuit: { failures: 3, openMs: 10_000, longestMs: 60_000 },
  probeMs: 5000,
}

export function ticket(holder: string, more: Partial<Ticket> = {}): Ticket {
  return { holder, lane: 'event', sinceMs: nowMs, untilMs: nowMs + 5000, isNarrow: false, ...more }
}

export function slot(holder: string, more: Partial<Slot> = {}): Slot {
  return { ...ticket(holder), untilMs: nowMs + 40_000, isOffer: false, ...more }
}

export function budget(more: Partial<Budget> = {}): Budget {
  return { ...newBudget, ...more }
}
