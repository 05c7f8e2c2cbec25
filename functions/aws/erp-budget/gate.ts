import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallOutcome, ErpGate } from '#connectors/port.ts'
import { throttle } from '#domain/erp-budget/release.ts'
import { type BusyCause, classify, ErpBusyError } from '#domain/errors.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { logger } from '../telemetry.ts'
import { changeBudget, readBudget } from './budget-store.ts'
import { countHold, countThrottled, countTurnedAway } from './metrics.ts'
import { holdRateUntil, spend } from './rate.ts'
import { acquireSlot, askAgainIfDown, type HeldSlot, releaseSlot, renewSlot, type SlotRequest } from './slot.ts'

/** What one invocation has seen of the ERP while it holds a slot. */
interface Hold {
  readonly request: SlotRequest
  readonly slot: HeldSlot
  calls: number
  downs: number
  isUp: boolean
  /** A call had no answer: the ERP may be at work on it until then, and no other may be sent in this slot. */
  atWorkUntilMs: number
  /** Ends when the call that was allowed last has ended; and how to end it. */
  call: Promise<void>
  endCall: () => void
  /** The work has ended, perhaps before calls that it had begun at once: none of them is sent any more. */
  isOver: boolean
  /** Before that the ERP wants no call, as the budget said when it was last read. */
  notBeforeMs: number
  readAtMs: number
  reading?: Promise<void>
}

const holding = new AsyncLocalStorage<Hold>()

/**
 * Runs what calls the ERP while it holds a slot of the account, and longer when its outcome is unknown.
 * @throws ErpBusyError with the time at which the machine asks again; and what `work` throws
 */
export async function withErpSlot<Result>(request: SlotRequest, work: () => Promise<Result>): Promise<Result> {
  const slot = await acquireSlot(request).catch((error: unknown) => {
    if (error instanceof ErpBusyError) countTurnedAway(request, error)
    throw error
  })
  const beganAtMs = clock.nowMs()
  const hold: Hold = { request, slot, ...nothingSeen, readAtMs: beganAtMs }
  const release = async (isUnknown: boolean) => {
    hold.isOver = true
    await hold.call
    const nowMs = clock.nowMs()
    const { calls, downs, isUp, atWorkUntilMs, reading } = hold
    await reading
    const heldMs = nowMs - beganAtMs
    // Whoever did not call leaves nothing behind, however he ends.
    const busyUntilMs = isUnknown && calls > 0 ? nowMs + environment().SETTLE_MS : atWorkUntilMs
    const budget = await releaseSlot(slot.shard, request, { heldMs, downs, isUp, busyUntilMs })
    countHold(request, heldMs, calls)
    return budget
  }
  try {
    const result = await holding.run(hold, work)
    await release(false)
    return result
  } catch (error) {
    const errorClass = classify(error)
    const budget = await release(errorClass === 'in-doubt' || errorClass === 'bug')
    if (errorClass !== 'retryable' || error instanceof ErpBusyError || budget === undefined) throw error
    // Nothing was applied, and the next attempt would only be told to wait: no retry is used up for that.
    const down = await askAgainIfDown(request, budget)
    if (down === undefined) throw error
    countTurnedAway(request, down)
    down.cause = error
    throw down
  }
}

const nothingSeen = {
  calls: 0,
  downs: 0,
  isUp: false,
  notBeforeMs: 0,
  atWorkUntilMs: 0,
  call: Promise.resolve(),
  endCall: () => undefined,
  isOver: false,
}

/** Through here goes every request of a connector; one that holds no slot is a mistake of ours. */
export const erpGate: ErpGate = {
  beforeCall: async () => {
    const hold = heldHere()
    const { promise: call, resolve: endCall } = Promise.withResolvers<void>()
    const before = hold.call
    hold.call = call
    await before
    hold.endCall = endCall
    try {
      await admit(hold)
      hold.calls += 1
    } catch (error) {
      endCall()
      throw error
    }
  },
  after: async (outcome) => {
    const hold = heldHere()
    try {
      await note(hold, outcome)
    } finally {
      hold.endCall()
    }
  },
}

/** Waits for all that a call has to wait for. */
async function admit(hold: Hold): Promise<void> {
  const { account, plan, sinceMs, endsAtMs } = hold.request
  const { SLOT_WAIT_MS, CLIENT_TIMEOUT_MS } = environment()
  const leave = (why: BusyCause, untilMs: number) => {
    const error = new ErpBusyError(`The ERP account ${account}`, why, untilMs, sinceMs)
    countTurnedAway(hold.request, error)
    throw error
  }
  // Of several that were begun at once one has failed, and with it the step: whose turn comes now has no slot.
  if (hold.isOver) throw new ErpBusyError(`The ERP account ${account}`, 'full', clock.nowMs(), sinceMs)
  if (hold.atWorkUntilMs > clock.nowMs()) leave('full', hold.atWorkUntilMs)
  const untilMs = Math.min(clock.nowMs() + SLOT_WAIT_MS, endsAtMs - CLIENT_TIMEOUT_MS)
  const stoppedUntilMs = plan.pace === undefined ? await stopped(hold, untilMs) : undefined
  if (stoppedUntilMs !== undefined) leave('throttled', stoppedUntilMs)
  if (!(await renewSlot(hold.slot, hold.request))) leave('full', clock.nowMs())
  const backAtMs = await spend(account, plan, hold.request, untilMs)
  if (backAtMs !== undefined) leave('throttled', backAtMs)
}

async function note(hold: Hold, outcome: CallOutcome): Promise<void> {
  if (outcome.kind === 'not-sent') return
  const isDown = outcome.kind === 'down' || outcome.kind === 'no-answer'
  hold.downs = isDown ? hold.downs + 1 : 0
  if (!isDown) hold.isUp = true
  if (outcome.kind === 'no-answer') hold.atWorkUntilMs = clock.nowMs() + environment().SETTLE_MS
  if (outcome.kind === 'throttled') await throttled(hold, outcome)
}

function heldHere(): Hold {
  const hold = holding.getStore()
  if (hold === undefined) throw new Error('The ERP is called by someone who holds no slot of its account')
  return hold
}

/**
 * Without a rate nothing is written before a call: what stops all is read, beside the call before, so that nobody waits
 * for it while he holds a slot. Nothing is known for longer than two seconds.
 */
async function stopped(hold: Hold, untilMs: number): Promise<number | undefined> {
  for (;;) {
    if (clock.nowMs() - hold.readAtMs > knownForMs) await lookForStop(hold)
    const nowMs = clock.nowMs()
    if (hold.notBeforeMs <= nowMs) break
    if (hold.notBeforeMs > untilMs) return hold.notBeforeMs
    await clock.sleep(hold.notBeforeMs - nowMs)
  }
  // What cannot be read now is asked for again before the next call, which then waits for it.
  if (clock.nowMs() - hold.readAtMs > readAgainAfterMs) hold.reading = lookForStop(hold).catch(() => undefined)
  return undefined
}

const readAgainAfterMs = 500
const knownForMs = 2000

async function lookForStop(hold: Hold): Promise<void> {
  const fromMs = clock.nowMs()
  const { notBeforeMs } = await readBudget(hold.slot.shard)
  hold.notBeforeMs = notBeforeMs
  hold.readAtMs = fromMs
}

/** Who says for how long in no words is asked again after a second. */
async function throttled(
  { request, slot: { shard } }: Hold,
  { retryAfter }: CallOutcome & { kind: 'throttled' },
): Promise<void> {
  countThrottled(request)
  const nowMs = clock.nowMs()
  const untilMs = nowMs + Math.min(longestRetryAfterMs, retryAfterMs(retryAfter, nowMs) ?? 1000)
  const shards = request.plan.shards.map((_, n) => ({ account: shard.account, shard: n }))
  try {
    await Promise.all([
      ...shards.map((one) =>
        changeBudget(one, request.holder, (budget) => ({ answer: undefined, budget: throttle(budget, untilMs) })),
      ),
      holdRateUntil(shard.account, request.plan, untilMs),
    ])
  } catch (error) {
    // What the ERP has answered counts for more.
    logger.warn(`Others are not told that ${shard.account} throttles: ${String(error)}`)
  }
}

const longestRetryAfterMs = 3_600_000

/** Seconds or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs(value: string | null | undefined, nowMs: number): number | undefined {
  if (value === null || value === undefined || value === '') return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
