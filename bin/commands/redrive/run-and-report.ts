import { setTimeout as sleep } from 'node:timers/promises'
import { progressLine } from '../terminal/output.ts'
import { type Report, reportOf, writeReport } from './report.ts'
import { type ItemResult, runItems, type Work } from './run-items.ts'

export interface Running {
  readonly rate: number
  readonly dryRun: boolean
  /** Where the report goes, while it grows. */
  readonly file: string | undefined
  readonly verb: string
}

/**
 * Carries the items out with progress on the terminal and a report that is never far behind. Ctrl-C ends after the item
 * that is under way; what was not started is listed, and running the same again goes on. A second Ctrl-C ends at once.
 */
export async function runAndReport<Item, Plan extends { readonly do: string; readonly why: string }>(
  items: readonly Item[],
  work: Work<Item, Plan>,
  { rate, dryRun, file, verb }: Running,
): Promise<Report<Plan>> {
  let isStopped = false
  const stop = () => {
    isStopped = true
    process.stderr.write('\nStopping after the one that is under way …\n')
  }
  process.once('SIGINT', stop)
  const progress = progressLine()
  const waiting = (from: number): ItemResult<Plan>[] =>
    items
      .slice(from)
      .map((item) => ({ target: work.nameOf(item), outcome: 'not started', message: 'not yet its turn' }))
  const keep = (results: readonly ItemResult<unknown>[]) => {
    if (file !== undefined) writeReport(file, reportOf([...results, ...waiting(results.length)], dryRun))
  }
  let keptAtMs = Date.now()
  keep([])
  const results = await runItems(items, work, {
    rate,
    dryRun,
    isStopped: () => isStopped,
    onResult: (soFar) => {
      progress.show(`${soFar.length} of ${items.length} ${verb}`)
      if (Date.now() - keptAtMs < 1_000) return
      keptAtMs = Date.now()
      keep(soFar)
    },
    nowMs: Date.now,
    pause: sleep,
  })
  progress.end()
  process.removeListener('SIGINT', stop)
  keep(results)
  const report = reportOf(results, dryRun)
  if (isStopped) process.exitCode = 130
  else if (report.failed > 0) process.exitCode = 1
  return report
}
