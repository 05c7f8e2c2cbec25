import { clock } from '#aws/clock.ts'
import { defineHandler } from '#aws/define-step.ts'
import { erp, noSuchDocument } from '#aws/erp.ts'
import { withErpSlot } from '#aws/erp-budget/gate.ts'
import { countAsleep } from '#aws/erp-budget/metrics.ts'
import { requestOfEachShard } from '#aws/erp-budget/request.ts'
import { oldestSleeperMs, wakeSleepers } from '#aws/erp-budget/sleepers.ts'
import { isServing, type SlotRequest } from '#aws/erp-budget/slot.ts'
import { logger } from '#aws/telemetry.ts'
import { classify, ErpBusyError } from '#domain/errors.ts'

/** Then the next run begins soon, and goes on with the others. */
const wakesForMs = 40_000
/** The last answer takes less than that. */
const leaveMs = 10_000

/**
 * While the ERP account is down or paused, cases sleep. This asks for them whether it is back, and wakes them then: a day
 * without the ERP costs a case no retry, and of its history a few dozen events.
 */
export const handler = defineHandler('WatchErp', async (_payload, endsAtMs) => {
  const sinceMs = await oldestSleeperMs()
  if (sinceMs === undefined) return { woken: 0 }
  // Each shard of a large account has a circuit of its own.
  const requests = requestOfEachShard({ lane: 'interactive', endsAtMs })
  for (const request of requests) {
    countAsleep(request, sinceMs)
    const mistake = await ask(request)
    if (await isServing(request)) continue
    // Nobody has asked the ERP, nor does anybody while all sleep: only an alarm can end that.
    if (mistake !== undefined) throw mistake
    return { woken: 0 }
  }
  const { woken, failed } = await wakeSleepers(Math.min(clock.nowMs() + wakesForMs, endsAtMs - leaveMs))
  logger.info('Woke those who slept until the ERP is back', { woken })
  // The log says why, for each of them; as an error it raises the alarm.
  if (failed > 0) throw new Error(`${failed} who slept until the ERP is back could not be woken`)
  return { woken }
})

/**
 * What a call comes to stands in the budget, as does what others have found: a refusal for another cause is an answer.
 * @returns what is no outcome of a call, for example credentials that cannot be read
 */
async function ask(request: SlotRequest): Promise<unknown> {
  try {
    await withErpSlot(request, async () => await (await erp()).recordsOf('sales-order', noSuchDocument))
  } catch (error) {
    if (!(error instanceof ErpBusyError)) logger.info(`Asked whether the ERP is back: ${String(error)}`)
    const errorClass = classify(error)
    if (errorClass === 'bug' || errorClass === 'poison') return error
  }
  return undefined
}
