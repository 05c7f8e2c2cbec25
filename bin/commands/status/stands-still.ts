import type { Budget } from '#domain/erp-budget/budget.ts'
import type { Pause, Pauses } from '#domain/erp-budget/pause.ts'
import type { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { maintenanceEnd } from '#domain/erp-calendar/maintenance.ts'
import { formatTime } from '../terminal/time.ts'

interface Facts {
  readonly pauses: Pauses
  /** By shard. */
  readonly budgets: readonly Budget[]
  readonly calendar: ErpCalendar | undefined
}

/** Why nothing goes into the ERP, or nothing of a flow, and until when; nothing, while all goes on. */
export function standsStill({ pauses, budgets, calendar }: Facts, nowMs: number): readonly string[] {
  const paused = ({ untilMs, by, reason }: Pause) =>
    untilMs !== undefined && untilMs <= nowMs
      ? []
      : [`paused until ${untilMs === undefined ? 'it is resumed' : utc(untilMs)} by ${by}: ${reason}`]
  const downMs = Math.max(0, ...budgets.map(({ circuit }) => (circuit.opened > 0 ? circuit.openUntilMs : 0)))
  const throttledMs = Math.max(0, ...budgets.map(({ notBeforeMs }) => notBeforeMs))
  const maintainedMs = calendar === undefined ? undefined : maintenanceEnd(calendar, nowMs)
  return [
    ...(pauses.account === undefined ? [] : paused(pauses.account)),
    ...Object.entries(pauses.flows).flatMap(([flow, pause]) => paused(pause).map((said) => `${flow} ${said}`)),
    ...(downMs > 0 ? [`down, tried again at ${utc(downMs)}`] : []),
    ...(throttledMs > nowMs ? [`throttled until ${utc(throttledMs)}`] : []),
    ...(maintainedMs === undefined ? [] : [`in maintenance until ${utc(maintainedMs)}`]),
  ]
}

function utc(atMs: number): string {
  return `${formatTime(atMs)} UTC`
}
