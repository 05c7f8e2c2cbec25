import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallOutcome, ErpGate } from '#connectors/port.ts'
import { throttle } from '#domain/erp-budget/release.ts'
import { classify, ErpBusyError } from '#domain/errors.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { logger } from '../telemetry.ts'
import { changeBudget, readBudget, type Shard } from './budget-store.ts'
import { holdRateUntil, spend } from './rate.ts'
import { acquireSlot, releaseSlot, type SlotRequest } from './slot.ts'

/** What one invocation has seen of the ERP while it holds a slot. */
interface Hold {
  readonly request: SlotRequest
  readonly shard: Shard
  downs: number
  isUp: boolean
  /** When the budget was last read for what stops all. */
  readAtMs: number
}

const holding = new AsyncLocalStorage<Hold>()

/**
 * Runs what calls the ERP while it holds a slot of the account, and longer when its outcome is unknown.
 * @throws ErpBusyError with the time at which the machine asks again; and what `work` throws
 */
export async function withErpSlot<Result>(request: SlotRequest, work: () => Promise<Result>): Promise<Result> {
  const shard = await acquireSlot(request)
  const beganAtMs = clock.nowMs()
  const hold: Hold = { request, shard, downs: 0, isUp: false, readAtMs: beganAtMs }
  const release = async (isUnknown: boolean) => {
    const nowMs = clock.nowMs()
    const { downs, isUp } = hold
    const heldMs = nowMs - beganAtMs
    const busyUntilMs = isUnknown ? nowMs + environment().SETTLE_MS : undefined
    await releaseSlot(shard, request, { heldMs, downs, isUp, busyUntilMs })
  }
  try {
    const result = await holding.run(hold, work)
    await release(false)
    return result
  } catch (error) {
    const errorClass = classify(error)
    await release(errorClass === 'in-doubt' || errorClass === 'bug')
    throw error
  }
}

/** Through here goes every request of a connector; one that holds no slot is a mistake of ours. */
export const erpGate: ErpGate = {
  beforeCall: async () => {
    const hold = heldHere()
    const { account, plan, sinceMs, endsAtMs } = hold.request
    const { SLOT_WAIT_MS, CLIENT_TIMEOUT_MS } = environment()
    const untilMs = Math.min(clock.nowMs() + SLOT_WAIT_MS, endsAtMs - CLIENT_TIMEOUT_MS)
    const backAtMs = plan.pace ? await spend(account, plan, hold.request, untilMs) : await stopped(hold, untilMs)
    if (backAtMs !== undefined) throw new ErpBusyError(`The ERP account ${account}`, 'throttled', backAtMs, sinceMs)
  },
  after: async (outcome) => {
    const hold = heldHere()
    hold.downs = outcome.kind === 'down' ? hold.downs + 1 : 0
    if (outcome.kind !== 'down') hold.isUp = true
    if (outcome.kind === 'throttled') await throttled(hold, outcome)
  },
}

function heldHere(): Hold {
  const hold = holding.getStore()
  if (hold === undefined) throw new Error('The ERP is called by someone who holds no slot of its account')
  return hold
}

/** Without a rate nothing is written before a call: what stops all is read, not more often than once a second. */
async function stopped(hold: Hold, untilMs: number): Promise<number | undefined> {
  for (;;) {
    const nowMs = clock.nowMs()
    if (nowMs - hold.readAtMs < 1000) return undefined
    const { notBeforeMs } = await readBudget(hold.shard)
    hold.readAtMs = clock.nowMs()
    if (notBeforeMs <= hold.readAtMs) return undefined
    if (notBeforeMs > untilMs) return notBeforeMs
    await clock.sleep(notBeforeMs - hold.readAtMs)
  }
}

/** Who says for how long in no words is asked again after a second. */
async function throttled({ request, shard }: Hold, { retryAfter }: CallOutcome & { kind: 'throttled' }): Promise<void> {
  const nowMs = clock.nowMs()
  const untilMs = nowMs + Math.min(longestRetryAfterMs, retryAfterMs(retryAfter, nowMs) ?? 1000)
  const shards = Array.from({ length: request.plan.slotShards }, (_, n) => ({ account: shard.account, shard: n }))
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
