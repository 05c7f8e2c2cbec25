import { Command } from 'commander'
import * as z from 'zod'
import { pause } from '#aws/erp-budget/pause-store.ts'
import type { Pause } from '#domain/erp-budget/pause.ts'
import { callerOf } from './decide/caller.ts'
import { connect, withEnvironment } from './environment.ts'
import { pauseTarget, wordsOf } from './pause/target.ts'
import { untilMsOf } from './pause/until.ts'
import { InputError } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'
import { formatTime } from './terminal/time.ts'

const Options = z.object({
  reason: z.string(),
  until: z.string().optional(),
  by: z.string().optional(),
  environment: z.string().optional(),
  json: z.boolean(),
})

/** `pause WHAT`: nothing of it begins in the ERP until it is resumed. */
export function pauseCommand(): Command {
  const command = new Command('pause')
    .description('brings nothing more into the ERP, of all flows or of one; cases wait and lose nothing')
    .argument('<erp|flow>', 'the ERP account, or a flow of the catalog (npx postonce flows)')
    .requiredOption('--reason <text>', 'why, for those who wonder and for the audit trail')
    .option('--until <when>', 'when it ends by itself: 2026-11-24T18:00:00+01:00, or 30m, 4h, 2d from now')
    .option('--by <name>', 'on the local cloud: who pauses')
  return withEnvironment(command).action(async (named: string, given: unknown) => {
    const options = readOptions(Options, given)
    const reason = reasonOf(options.reason)
    const untilMs = options.until === undefined ? undefined : untilMsOf(options.until, Date.now())
    const { name, erpAccount } = await connect(options.environment)
    const target = pauseTarget(named, erpAccount)
    const person = { person: await callerOf(name, options.by), reason }
    const { made, instead } = await pause({ ...target, person }, untilMs)
    printResult(options.json, { ...target, ...made, instead }, () =>
      [
        `Paused: ${wordsOf(target)}, ${endOf(untilMs)}.`,
        ...(instead === undefined ? [] : [wordsOfReplaced(instead)]),
        'Steps that are under way or have waited inside of their Lambda end first, within a Lambda time-out. Everything else waits and loses nothing.',
        `npx postonce resume ${named} --reason TEXT ends it; npx postonce pauses lists what stands still.`,
      ].join('\n'),
    )
  })
}

/** Whoever shortens the pause of somebody else is told whose it was. */
export function wordsOfReplaced({ by, sinceMs, untilMs, reason }: Pause): string {
  return `It takes the place of the pause of ${by} since ${formatTime(sinceMs)} UTC, ${endOf(untilMs)}: ${reason}`
}

function endOf(untilMs: number | undefined): string {
  return untilMs === undefined ? 'until it is resumed' : `until ${formatTime(untilMs)} UTC`
}

/** @throws InputError when it says nothing, or too much */
export function reasonOf(text: string): string {
  const reason = text.trim()
  if (reason === '' || reason.length > 500) throw new InputError('--reason must say why, in 500 characters at most')
  return reason
}
