import { renameSync, writeFileSync } from 'node:fs'
import type { Outlook } from './outlook.ts'
import type { ItemResult } from './run-items.ts'

/** One result for every item, in the order in which they stood. */
export interface Report<Plan = unknown> {
  readonly dryRun: boolean
  readonly started: number
  readonly nothingToDo: number
  readonly failed: number
  readonly notStarted: number
  readonly items: readonly ItemResult<Plan>[]
}

export function reportOf<Plan>(items: readonly ItemResult<Plan>[], dryRun: boolean): Report<Plan> {
  const count = (outcome: ItemResult<Plan>['outcome']) => items.filter((one) => one.outcome === outcome).length
  return {
    dryRun,
    started: count('started'),
    nothingToDo: count('nothing to do'),
    failed: count('failed'),
    notStarted: count('not started'),
    items,
  }
}

/** Replaces the file in one move, so that there is always a whole report. */
export function writeReport(file: string, report: Report): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

const shownItems = 20

/** What a person reads: each item while they are few, then the sums. */
export function formatReport(
  report: Report<{ readonly do: string; readonly why: string; readonly outlook?: Outlook | undefined }>,
  next: string,
): string {
  const { items, dryRun, started, nothingToDo, failed, notStarted } = report
  const lines = items.slice(0, shownItems).flatMap(({ target, outcome, plan, message }) => {
    const verb = dryRun && plan !== undefined && plan.do !== 'nothing' ? `would ${plan.do}` : outcome
    return [`${target}  ${verb}: ${message.replace('dry run: ', '')}`, ...linesOf(dryRun ? plan?.outlook : undefined)]
  })
  const more = items.length > shownItems ? [`and ${items.length - shownItems} more: --json FILE lists each`] : []
  const sums = dryRun
    ? `${notStarted} would be started, ${nothingToDo} have nothing to do, ${failed} cannot be looked at. Nothing was done.`
    : `${started} started, ${nothingToDo} had nothing to do, ${failed} failed, ${notStarted} not started. ${next}`
  return [...lines, ...more, sums].join('\n')
}

function linesOf(outlook: Outlook | undefined): readonly string[] {
  if (outlook === undefined) return []
  const { posted, begun, next, waiting } = outlook
  const line = (what: string, of: readonly string[]) => (of.length === 0 ? [] : [`  ${what}: ${of.join(', ')}`])
  return [
    ...line('posted already', posted),
    ...line('begun, taken up again', begun),
    ...line('would be claimed next', next),
    ...line('events that wait', waiting),
  ]
}
