import { Command } from 'commander'
import * as z from 'zod'
import { resume } from '#aws/erp-budget/pause-store.ts'
import type { Pause } from '#domain/erp-budget/pause.ts'
import { callerOf } from './decide/caller.ts'
import { connect, withEnvironment } from './environment.ts'
import { pauseTarget, wordsOf } from './pause/target.ts'
import { reasonOf } from './pause.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'
import { formatAge, formatTime } from './terminal/time.ts'

const Options = z.object({
  reason: z.string(),
  by: z.string().optional(),
  environment: z.string().optional(),
  json: z.boolean(),
})

/** `resume WHAT`: what waits for it goes on. */
export function resumeCommand(): Command {
  const command = new Command('resume')
    .description(
      'ends a pause; of an account, who sleeps is woken within a minute; of a flow, who waits looks again after a tenth of it',
    )
    .argument('<erp|flow>', 'the ERP account, or a flow')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--by <name>', 'on the local cloud: who resumes')
  return withEnvironment(command).action(async (named: string, given: unknown) => {
    const options = readOptions(Options, given)
    const reason = reasonOf(options.reason)
    const { name, erpAccount } = await connect(options.environment)
    const target = pauseTarget(named, erpAccount)
    const before = await resume({ ...target, person: { person: await callerOf(name, options.by), reason } })
    printResult(options.json, { ...target, before }, () => formatResumed(wordsOf(target), before, Date.now()))
  })
}

/** What was resumed, and by when the last of what waits goes on. */
export function formatResumed(what: string, before: Pause | undefined, nowMs: number): string {
  if (before === undefined) return `Nothing to do: ${what} is not paused.`
  const { sinceMs, untilMs } = before
  if (untilMs !== undefined && untilMs <= nowMs)
    return `Nothing to do: the pause of ${what} was over at ${formatTime(untilMs)} UTC.`
  const lastedMs = nowMs - sinceMs
  const withinMs = Math.min(3_960_000, Math.max(66_000, lastedMs / 9))
  return `Resumed: ${what}, paused for ${formatAge(lastedMs)}. The last of what waits goes on within ${formatAge(withinMs)}.`
}
