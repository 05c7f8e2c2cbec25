import type { Budget } from '#domain/erp-budget/budget.ts'
import type { Pause, Pauses } from '#domain/erp-budget/pause.ts'
import type { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { maintenanceEnd, nextMaintenance } from '#domain/erp-calendar/maintenance.ts'
import type { Counted } from '../status/count-list.ts'
import { formatTable } from '../terminal/table.ts'
import { formatAge, formatTime } from '../terminal/time.ts'

export interface Standstills {
  readonly account: string
  readonly pauses: Pauses
  /** By shard. */
  readonly budgets: readonly Budget[]
  readonly calendar: ErpCalendar | undefined
  /** Cases that are woken when the account takes calls again. */
  readonly sleeping: Counted
}

/** What is paused, then what the calendar says, then how much of the account is in use. */
export function formatStandstills(
  { account, pauses, budgets, calendar, sleeping }: Standstills,
  nowMs: number,
): string {
  const paused: readonly [string, Pause][] = [
    ...(pauses.account ? [[account, pauses.account] satisfies [string, Pause]] : []),
    ...Object.entries(pauses.flows),
  ]
  const rows = paused
    .filter(([, { untilMs }]) => untilMs === undefined || untilMs > nowMs)
    .map(([what, { sinceMs, untilMs, by, reason }]) => [
      what,
      formatAge(nowMs - sinceMs),
      untilMs === undefined ? 'it is resumed' : formatTime(untilMs),
      by,
      reason,
    ])
  return [
    rows.length === 0 ? 'Nothing is paused.' : formatTable(columns, rows),
    '',
    ...calendarLines(calendar, nowMs),
    usageLine(account, budgets, nowMs),
    ...(sleeping.sinceMs === undefined
      ? []
      : [
          `${sleeping.count} cases sleep until it is back and nothing of it is paused, for ${formatAge(nowMs - sleeping.sinceMs)} at most`,
        ]),
  ].join('\n')
}

const columns = ['PAUSED', 'SINCE', 'UNTIL', 'BY', 'REASON'].map((title) => ({ title }))

function calendarLines(calendar: ErpCalendar | undefined, nowMs: number): readonly string[] {
  if (calendar === undefined) return []
  const endMs = maintenanceEnd(calendar, nowMs)
  const next = nextMaintenance(calendar, nowMs)
  const { posting, timeZone } = calendar
  const closed = (posting?.closed ?? []).map(
    ({ from, through, opensOn }) => `${from} to ${through}${opensOn ? ` until ${opensOn}` : ''}`,
  )
  const months =
    posting?.monthClosesOnDay === undefined ? [] : [`a month from day ${posting.monthClosesOnDay} of the next`]
  const effect = posting?.whenClosed === 'move' ? 'documents move to the next open day' : 'their cases wait'
  return [
    ...(endMs === undefined ? [] : [`In maintenance until ${formatTime(endMs)} UTC.`]),
    ...(next === undefined ? [] : [`Next maintenance: ${formatTime(next.fromMs)} to ${formatTime(next.untilMs)} UTC.`]),
    ...(posting === undefined
      ? []
      : [`Books closed (${timeZone}): ${[...months, ...closed].join(', ') || 'none'}; ${effect}.`]),
  ]
}

function usageLine(account: string, budgets: readonly Budget[], nowMs: number): string {
  const held = budgets.flatMap(({ slots }) => slots).filter(({ untilMs }) => untilMs > nowMs).length
  const waiting = budgets.flatMap((budget) => budget.waiting).filter(({ untilMs }) => untilMs > nowMs).length
  const throttledMs = Math.max(0, ...budgets.map(({ notBeforeMs }) => notBeforeMs))
  const downMs = Math.max(0, ...budgets.map(({ circuit }) => (circuit.opened > 0 ? circuit.openUntilMs : 0)))
  return [
    `${account}: ${held} slots in use, ${waiting} waiting in their Lambdas`,
    ...(throttledMs > nowMs ? [`throttled by the ERP until ${formatTime(throttledMs)} UTC`] : []),
    ...(downMs > 0 ? [`circuit open, tried again at ${formatTime(downMs)} UTC`] : ['circuit closed']),
  ].join(', ')
}
