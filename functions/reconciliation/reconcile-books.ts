import * as z from 'zod'
import { clock } from '#aws/clock.ts'
import { defineHandler } from '#aws/define-step.ts'
import { environment, required } from '#aws/environment.ts'
import { askAboutDifference } from '#aws/reconciliation/ask-about-difference.ts'
import { type Comparison, compareWindow } from '#aws/reconciliation/compare.ts'
import {
  listDifferences,
  noteDifference,
  openDifferences,
  readDifference,
} from '#aws/reconciliation/difference-store.ts'
import { knownDifferences, lookAgain } from '#aws/reconciliation/look-again.ts'
import { reachErp } from '#aws/reconciliation/reach.ts'
import { repair } from '#aws/reconciliation/repair.ts'
import { AskedRepair, type Repaired, refused } from '#aws/reconciliation/repairing.ts'
import { readRun, storeGoing, storeRun } from '#aws/reconciliation/run-store.ts'
import { selfRepair } from '#aws/reconciliation/self-repair.ts'
import { compareSourceFiles } from '#aws/reconciliation/source-files.ts'
import { answeredSoon, dueAfterMs, stopsAtMs, type Window } from '#aws/reconciliation/window.ts'
import { count, logger, measureSeconds } from '#aws/telemetry.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { needsSecondPerson } from '#domain/inbox.ts'
import { parse } from '#domain/schema.ts'

/** The clock says nothing; a person says since when, and how young a document may be that is compared. */
const Asked = z.object({
  sinceMs: z.number().optional(),
  /** Of a window that was not through: to be gone on with. */
  untilMs: z.number().optional(),
  dueAfterMs: z.number().nonnegative().optional(),
  repair: AskedRepair.optional(),
  /** Repairs what may be repaired without a person, or says what that is. */
  apply: z.strictObject({ flow: z.string().optional(), isDry: z.boolean() }).optional(),
  reach: z.boolean().optional(),
  /** Compares what lies in the bucket of the sources' files. */
  files: z.boolean().optional(),
})

const hourMs = 3_600_000
/** The first run of an account looks back so far. */
const firstMs = 7 * 24 * hourMs
/** After an outage it is compared window by window, each of a day, the last of two at most, by this run and the next. */
const windowMs = 24 * hourMs
/** Half of the schedule's step, so that a daily run stays at its hour. */
const slackMs = hourMs / 8

/**
 * Compares the books of the hub with those of the ERP when that is due, notes what they do not agree on, repairs what it
 * may repair by itself, and asks a person about the rest. When the time that Lambda gives is over, the next run goes on.
 * Whoever asks by hand, for a repair, or whether the ERP can be reached, is answered at once, and leaves how far the clock
 * has come as it is.
 */
export const handler = defineHandler('ReconcileBooks', async (payload, endsAtMs) => {
  const asked = parse(Asked, payload, 'What is to be reconciled')
  const account = required('ERP_ACCOUNT')
  const startedAtMs = clock.nowMs()
  const untilMs = asked.untilMs ?? startedAtMs - (asked.dueAfterMs ?? dueAfterMs)
  const windowOf = (sinceMs: number, until: number): Window => ({
    sinceMs,
    untilMs: until,
    isLast: untilMs - until < everyMs() - slackMs,
    company: account,
    endsAtMs,
    holder: `reconcile-${startedAtMs}`,
  })
  if (asked.reach) return await reachErp(windowOf(untilMs, untilMs))
  if (asked.files) return { files: await compareSourceFiles(windowOf(untilMs, untilMs)) }
  if (asked.repair !== undefined) return await repairForOne(answeredSoon(windowOf(untilMs, untilMs)), asked.repair)
  if (asked.sinceMs !== undefined) return { ...(await carryOut(windowOf(asked.sinceMs, untilMs))), untilMs }
  if (asked.apply !== undefined) return { repaired: await selfRepair(windowOf(untilMs, untilMs), asked.apply) }
  const files = await compareSourceFiles(windowOf(untilMs, untilMs))
  const run = await readRun(account)
  let sinceMs = run?.untilMs ?? untilMs - firstMs
  let goingUntilMs = run?.goingUntilMs
  const isDue = () => goingUntilMs !== undefined || untilMs - sinceMs >= everyMs() - slackMs
  let compared = 0
  if (!isDue()) {
    await selfRepair(windowOf(untilMs, untilMs), {})
    return { isDue: false, files }
  }
  while (isDue() && clock.nowMs() < stopsAtMs({ endsAtMs })) {
    // What another invocation has begun is gone on with as it is; what is left after an outage is no window of its own.
    const window = windowOf(
      sinceMs,
      goingUntilMs ?? (untilMs - sinceMs < 2 * windowMs - slackMs ? untilMs : sinceMs + windowMs),
    )
    if (goingUntilMs === undefined) await storeGoing(account, sinceMs, window.untilMs)
    const { isThrough, documents } = await carryOut(window)
    if (!isThrough) break
    compared += documents
    sinceMs = window.untilMs
    goingUntilMs = undefined
    await storeRun(account, sinceMs)
  }
  await selfRepair(windowOf(untilMs, untilMs), {})
  if (!isDue()) count('ReconciliationRun', {})
  return { isDue: true, isThrough: !isDue(), compared, files }
})

/** What one person asks for; above the amount at which two have to say the same, it is for the inbox. */
async function repairForOne(window: Window, asked: AskedRepair): Promise<Repaired> {
  const item = await readDifference(asked.key)
  if (item === undefined || asked.repair === 'ignore' || asked.repair === 'adjust') return await repair(window, asked)
  if (!needsSecondPerson(item.difference, environment().FOUR_EYES_ABOVE)) return await repair(window, asked)
  const id = await askAboutDifference(item)
  return refused(`It is over more than one person may decide: npx postonce decide ${id} ${asked.repair}`)
}

/** The shortest interval of a flow into the ERP. */
function everyMs(): number {
  const intervals = flowCatalog.filter(({ target }) => target === 'erp').map((flow) => flow.reconcileEveryMinutes)
  return Math.min(...intervals) * 60_000
}

async function carryOut(window: Window): Promise<Comparison & { readonly gone: number }> {
  const comparison = await compareWindow(window)
  if (!comparison.isThrough) {
    logger.info('Reconciled in part', { documents: comparison.documents })
    return { ...comparison, gone: 0 }
  }
  for (const difference of comparison.differences) await noteDifference(difference)
  const seen = new Set(comparison.differences.map(({ key }) => key))
  const unseen = (await knownDifferences()).filter(({ difference }) => !seen.has(difference.key))
  // An earlier window would take for young what is due by now.
  const gone = window.isLast ? await lookAgain(window, unseen) : 0
  const open = await listDifferences(openDifferences)
  const oldestMs = Math.min(clock.nowMs(), ...open.map(({ firstSeenMs }) => firstSeenMs))
  measureSeconds('DifferenceAge', Math.floor((clock.nowMs() - oldestMs) / 1000), {})
  logger.info('Reconciled', {
    documents: comparison.documents,
    differences: comparison.differences.length,
    open: open.length,
    gone,
  })
  return { ...comparison, gone }
}
