import { type Budget, newBudget, type Slot, type Ticket } from '#domain/erp-budget/budget.ts'
import { type Answer, ask, type Decided } from '#domain/erp-budget/decide.ts'
import { stopOf } from '#domain/erp-budget/grant.ts'
import { backlogStepMs, type Plan, placeOf, pollMs, shardFor } from '#domain/erp-budget/limits.ts'
import { extend, release, type Seen } from '#domain/erp-budget/release.ts'
import type { Lane } from '#domain/erp-limits.ts'
import { ErpBusyError } from '#domain/errors.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { logger } from '../telemetry.ts'
import { comeBackMs, lineUp } from './backlog-line.ts'
import { changeBudget, readBudget, type Shard } from './budget-store.ts'
import { countCircuitOpened } from './metrics.ts'
import { refuseAtStandstill } from './standstill.ts'

/** Who wants to call the ERP. */
export interface SlotRequest {
  readonly account: string
  readonly plan: Plan
  readonly lane: Lane
  /** The invocation, not the case: a repeat of a step is somebody else. */
  readonly holder: string
  /** When it was first asked for, before the machine waited. */
  readonly sinceMs: number
  readonly isNarrow: boolean
  /** What it is for, by name; paused when all of them are. */
  readonly flows: readonly string[]
  /** When the Lambda is ended. */
  readonly endsAtMs: number
}

/** A slot that is held: of which shard, and until when if nothing is heard of its holder. */
export interface HeldSlot {
  readonly shard: Shard
  leaseUntilMs: number
}

/**
 * Waits up to SLOT_WAIT_MS for a slot of the account.
 * @throws ErpBusyError with the time at which the machine asks again
 */
export async function acquireSlot(request: SlotRequest): Promise<HeldSlot> {
  const { account, plan, lane, holder, sinceMs, isNarrow } = request
  await refuseAtStandstill(request)
  const { SLOT_WAIT_MS } = environment()
  const { shard: number, limits } = shardFor(request, plan)
  const shard = { account, shard: number }
  const untilMs = clock.nowMs() + SLOT_WAIT_MS
  const ticket: Ticket = { holder, lane, sinceMs, untilMs, isNarrow }
  for (;;) {
    const leaseUntilMs = leaseFrom(clock.nowMs(), request)
    const decide = (seen: Budget) => ask(seen, ticket, leaseUntilMs, clock.nowMs(), limits)
    const { answer, budget } = (await changeBudget<Answer>(shard, holder, decide, askAttempts)) ?? crowded
    if (answer.do === 'call') return { shard, leaseUntilMs }
    if (answer.do === 'leave') throw await turnedAway(request, budget, answer)
    const leftMs = Math.max(0, untilMs - clock.nowMs())
    await clock.sleep(Math.min(pollMs(answer.before, budget.meanHoldMs, limits), leftMs))
  }
}

/**
 * Whether any call would be let through: for a case that has waited for the ERP, before it goes a longer way to ask for a slot.
 * @throws ErpBusyError with the time at which the machine asks again
 */
export async function refuseWhileDown(request: SlotRequest): Promise<void> {
  await refuseAtStandstill(request)
  const { shard, limits } = shardFor(request, request.plan)
  const budget = await readBudget({ account: request.account, shard })
  const stop = stopOf(budget, clock.nowMs(), limits)
  if (stop !== undefined) throw await turnedAway(request, budget, stop)
}

/**
 * Whether the account takes calls again: nothing stands still, and whoever has called last has found the ERP up. Down for
 * one is not down for all yet, but would be for those who are woken.
 */
export async function isServing(request: SlotRequest): Promise<boolean> {
  try {
    await refuseAtStandstill(request)
  } catch (error) {
    if (error instanceof ErpBusyError) return false
    throw error
  }
  const { shard, limits } = shardFor(request, request.plan)
  const budget = await readBudget({ account: request.account, shard })
  const { failures, opened } = budget.circuit
  return failures === 0 && opened === 0 && stopOf(budget, clock.nowMs(), limits) === undefined
}

/**
 * Says of one who has found the ERP down when he asks it again: not among the first, so that it is not one case that asks
 * it each time.
 */
export async function askAgainIfDown(request: SlotRequest, budget: Budget): Promise<ErpBusyError | undefined> {
  const { limits } = shardFor(request, request.plan)
  const stop = stopOf(budget, clock.nowMs(), limits)
  if (stop?.why !== 'down') return undefined
  return await turnedAway(request, budget, { ...stop, untilMs: stop.untilMs + limits.probeMs })
}

/**
 * The time at which somebody asks again who gets no slot now, and leaves a line of others behind him. While the ERP is
 * down it is one of them who asks it, and the others come when that is over.
 */
async function turnedAway(
  request: SlotRequest,
  { slots, meanHoldMs }: Budget,
  { why, untilMs }: Refused,
): Promise<ErpBusyError> {
  const { account, plan, lane, holder, sinceMs } = request
  const nowMs = clock.nowMs()
  const stepMs = backlogStepMs(Math.max(meanHoldMs, leastHeldMs(slots, request)), plan)
  const { shard, limits } = shardFor(request, plan)
  // Who waits for a known time stands in no line with those who wait for others to be done.
  const isKnown = untilMs > nowMs && why !== 'throttled'
  const ofTime = why === 'down' ? `down#${shard}#${untilMs}` : `${lane}#${untilMs}`
  const line = isKnown ? ofTime : `${lane}#${placeOf(holder, plan.lines)}`
  // Before others are done he would be told the same again.
  const fromMs = why === 'full' && !isKnown ? nowMs + stepMs : Math.max(untilMs, nowMs)
  const placeMs = await lineUp(account, line, why === 'down' ? comeBackMs : stepMs, fromMs)
  // By every clock it is over then, for the one who tries.
  const afterMs = placeMs === fromMs ? limits.skewMs : limits.probeMs
  const backAtMs = why === 'down' ? placeMs + afterMs : placeMs
  return new ErpBusyError(`The ERP account ${account}`, why, backAtMs, sinceMs)
}

/** How long no slot has been given back or renewed: calls that hang already take longer than others did. */
function leastHeldMs(slots: readonly Slot[], request: SlotRequest): number {
  const heldMs = slots
    .filter(({ isOffer, isSettling }) => !isOffer && !isSettling)
    .map(({ untilMs }) => leaseFrom(clock.nowMs(), request) - untilMs)
  return Math.max(0, heldMs.length === 0 ? 0 : Math.min(...heldMs))
}

type Refused = Pick<Extract<Answer, { do: 'leave' }>, 'why' | 'untilMs'>

/** So many calls fit into a lease that it is seldom renewed. */
const renewAfterMs = 5_000

/**
 * What a killed Lambda has sent may be at work in the ERP until it has settled. So a slot is held for one call more than
 * it has made, and not for all that the Lambda may still have to do: each that is killed leaves it unused for so long.
 */
function leaseFrom(nowMs: number, { endsAtMs, plan }: SlotRequest): number {
  return callSettledMs(nowMs + renewAfterMs, endsAtMs, plan)
}

/** When a call that is allowed now has surely settled, after it has waited for its moment and for its answer. */
function callSettledMs(nowMs: number, endsAtMs: number, { pace }: Plan): number {
  const { CLIENT_TIMEOUT_MS, SETTLE_MS, SLOT_WAIT_MS } = environment()
  return Math.min(endsAtMs, nowMs + (pace === undefined ? 0 : SLOT_WAIT_MS) + CLIENT_TIMEOUT_MS) + SETTLE_MS
}

/**
 * Before a call: its slot is held until what it sends has settled.
 * @returns false when the lease was over before it could be renewed
 */
export async function renewSlot(held: HeldSlot, request: SlotRequest): Promise<boolean> {
  const { holder, endsAtMs, plan } = request
  const nowMs = clock.nowMs()
  if (callSettledMs(nowMs, endsAtMs, plan) <= held.leaseUntilMs) return true
  const untilMs = leaseFrom(nowMs, request)
  const renewed = await changeBudget(held.shard, holder, (budget) => {
    const extended = extend(budget, holder, untilMs, clock.nowMs())
    return { answer: extended !== undefined, budget: extended ?? budget }
  })
  if (renewed?.answer !== true) return false
  held.leaseUntilMs = untilMs
  return true
}

/** When so many others came first, there are too many for one more to wait here. */
const askAttempts = 12
const crowded: Decided<Answer> = { answer: { do: 'leave', why: 'full', untilMs: 0 }, budget: newBudget }

/**
 * A slot that cannot be given back frees itself when its lease is over; the step's own outcome counts for more.
 * @returns the budget as it is then, as far as it is known
 */
export async function releaseSlot(shard: Shard, request: SlotRequest, seen: Seen): Promise<Budget | undefined> {
  const { holder, plan } = request
  const { limits } = shardFor(request, plan)
  try {
    const given = await changeBudget(shard, holder, (budget) => ({
      answer: budget.circuit.opened,
      budget: release(budget, holder, seen, clock.nowMs(), limits),
    }))
    if (given === undefined) throw new Error('others changed it each time')
    if (given.budget.circuit.opened > given.answer) countCircuitOpened(request)
    return given.budget
  } catch (error) {
    logger.warn(`A slot of ${shard.account} could not be given back; its lease ends by itself: ${String(error)}`)
    return undefined
  }
}
