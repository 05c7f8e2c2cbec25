import { lanes } from '#domain/erp-limits.ts'
import type { Budget, BudgetLimits, Slot, Ticket } from './budget.ts'

/** Nobody gets a slot before then. */
export interface Stop {
  readonly untilMs: number
  readonly why: 'throttled' | 'down'
}

/** Why nobody gets a slot now, if that is so. */
export function stopOf(budget: Budget, nowMs: number, { probeMs }: BudgetLimits): Stop | undefined {
  const { notBeforeMs, circuit } = budget
  if (notBeforeMs > nowMs) return { why: 'throttled', untilMs: notBeforeMs }
  if (circuit.openUntilMs > nowMs) return { why: 'down', untilMs: circuit.openUntilMs }
  if (isProbed(budget)) return { why: 'down', untilMs: nowMs + probeMs }
  return undefined
}

function isProbed({ circuit, slots }: Budget): boolean {
  return circuit.opened > 0 && slots.some(({ holder }) => holder === circuit.probe)
}

/** Leaves out slots, offers and tickets whose time is over: their holders are dead. */
export function withoutDead(budget: Budget, nowMs: number, { skewMs }: BudgetLimits): Budget {
  const slots = budget.slots.filter(({ untilMs, isOffer }) => untilMs + (isOffer ? 0 : skewMs) > nowMs)
  const waiting = budget.waiting.filter(({ untilMs }) => untilMs + skewMs > nowMs)
  const isSame = slots.length === budget.slots.length && waiting.length === budget.waiting.length
  return isSame ? budget : { ...budget, slots, waiting }
}

/** Offers every free slot to whoever is next. */
export function grantNext(budget: Budget, nowMs: number, limits: BudgetLimits): Budget {
  let next = budget
  for (;;) {
    if (stopOf(next, nowMs, limits) !== undefined) return next
    const turn = whoIsNext(next, nowMs, limits)
    if (turn === undefined) return next
    const { ticket, passedOver } = turn
    next = {
      ...next,
      passedOver,
      waiting: next.waiting.filter(({ holder }) => holder !== ticket.holder),
      slots: [...next.slots, { ...ticket, untilMs: nowMs + limits.offerMs, isOffer: true }],
      ...(next.circuit.opened > 0 && { circuit: { ...next.circuit, probe: ticket.holder } }),
    }
  }
}

/**
 * By lane, then by age. Who has waited too long for that comes first every so often, so that nobody starves and a
 * backlog that is old as a whole does not shut out the interactive lane.
 */
function whoIsNext(budget: Budget, nowMs: number, limits: BudgetLimits) {
  const admitted = [...budget.waiting].filter((ticket) => hasRoomFor(ticket, budget, limits)).sort(inOrder)
  const [first] = admitted
  if (first === undefined) return undefined
  const [aged] = admitted
    .filter((ticket) => rank(ticket) > rank(first) && nowMs - ticket.sinceMs >= limits.agesAfterMs)
    .sort(byAge)
  if (aged === undefined) return { ticket: first, passedOver: 0 }
  if (budget.passedOver + 1 >= limits.agedEvery) return { ticket: aged, passedOver: 0 }
  return { ticket: first, passedOver: budget.passedOver + 1 }
}

function hasRoomFor(ticket: Ticket, budget: Budget, limits: BudgetLimits): boolean {
  return inTheWay(ticket, budget, limits).length === 0
}

/** The slots of which one must get free before there is room. */
function inTheWay({ lane, isNarrow }: Ticket, { slots }: Budget, limits: BudgetLimits): readonly Slot[] {
  const room = limits.slots - (lane === 'interactive' ? 0 : limits.interactiveReserve)
  if (slots.length >= room) return slots
  const narrow = isNarrow ? slots.filter((slot) => slot.isNarrow) : []
  return isNarrow && narrow.length >= limits.narrowSlots ? narrow : []
}

/** When there is room at the soonest, where nobody can give any back before: all that are in the way are settling. */
export function settledAt(ticket: Ticket, budget: Budget, limits: BudgetLimits): number | undefined {
  const slots = inTheWay(ticket, budget, limits)
  if (slots.length === 0 || !slots.every(({ isSettling }) => isSettling)) return undefined
  return Math.min(...slots.map(({ untilMs }) => untilMs)) + limits.skewMs
}

/** The order of those who wait. */
export function inOrder(a: Ticket, b: Ticket): number {
  return rank(a) - rank(b) || byAge(a, b)
}

function byAge(a: Ticket, b: Ticket): number {
  return a.sinceMs - b.sinceMs || (a.holder < b.holder ? -1 : 1)
}

function rank({ lane }: Ticket): number {
  return lanes.indexOf(lane)
}
