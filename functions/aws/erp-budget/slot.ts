import { type Budget, newBudget, type Ticket } from '#domain/erp-budget/budget.ts'
import { type Answer, ask, type Decided } from '#domain/erp-budget/decide.ts'
import { backlogStepMs, type Plan, placeOf, pollMs } from '#domain/erp-budget/limits.ts'
import { release, type Seen } from '#domain/erp-budget/release.ts'
import type { Lane } from '#domain/erp-limits.ts'
import { ErpBusyError } from '#domain/errors.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { logger } from '../telemetry.ts'
import { lineUp } from './backlog-line.ts'
import { changeBudget, type Shard } from './budget-store.ts'
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

/**
 * Waits up to SLOT_WAIT_MS for a slot of the account.
 * @returns the shard that it was taken from
 * @throws ErpBusyError with the time at which the machine asks again
 */
export async function acquireSlot(request: SlotRequest): Promise<Shard> {
  const { account, plan, lane, holder, sinceMs, isNarrow, endsAtMs } = request
  await refuseAtStandstill(request)
  const { SLOT_WAIT_MS, SETTLE_MS } = environment()
  const shard = { account, shard: placeOf(holder, plan.slotShards) }
  const untilMs = clock.nowMs() + SLOT_WAIT_MS
  const ticket: Ticket = { holder, lane, sinceMs, untilMs, isNarrow }
  // What a killed Lambda has sent may be at work in the ERP for the time it takes to settle.
  const leaseUntilMs = endsAtMs + SETTLE_MS
  for (;;) {
    const decide = (seen: Budget) => ask(seen, ticket, leaseUntilMs, clock.nowMs(), plan.slots)
    const { answer, budget } = (await changeBudget<Answer>(shard, holder, decide, askAttempts)) ?? crowded
    if (answer.do === 'call') return shard
    const nowMs = clock.nowMs()
    if (answer.do === 'leave' || nowMs >= untilMs) {
      const why = answer.do === 'leave' ? answer.why : 'full'
      const fromMs = answer.do === 'leave' ? Math.max(answer.untilMs, nowMs) : nowMs
      const backAtMs = await lineUp(account, lane, backlogStepMs(budget.meanHoldMs, plan), fromMs)
      throw new ErpBusyError(`The ERP account ${account}`, why, backAtMs, sinceMs)
    }
    await clock.sleep(Math.min(pollMs(answer.before, budget.meanHoldMs, plan), untilMs - nowMs))
  }
}

/** When so many others came first, there are too many for one more to wait here. */
const askAttempts = 12
const crowded: Decided<Answer> = { answer: { do: 'leave', why: 'full', untilMs: 0 }, budget: newBudget }

/** A slot that cannot be given back frees itself when its lease is over; the step's own outcome counts for more. */
export async function releaseSlot(shard: Shard, { holder, plan }: SlotRequest, seen: Seen): Promise<void> {
  try {
    const given = await changeBudget(shard, holder, (budget) => ({
      answer: undefined,
      budget: release(budget, holder, seen, clock.nowMs(), plan.slots),
    }))
    if (given === undefined) throw new Error('others changed it each time')
  } catch (error) {
    logger.warn(`A slot of ${shard.account} could not be given back; its lease ends by itself: ${String(error)}`)
  }
}
