import type { ErpCalendar, WeeklyHours } from './calendar.ts'
import { addDays, localDate, momentsOf, weekdayOf } from './local-time.ts'

type Maintained = Pick<ErpCalendar, 'timeZone' | 'maintenance'>

/** Windows that follow each other without a break are one; no account is closed for longer than so many of them. */
const mostWindows = 20

/**
 * Until when the account is in maintenance, if it is. On the day on which clocks go back a window takes in both times
 * that they show; on the day on which they go forward it is as long as what is left of it, and never nothing.
 */
export function maintenanceEnd(calendar: Maintained, nowMs: number): number | undefined {
  let untilMs = nowMs
  for (let window = 0; window < mostWindows; window++) {
    const endMs = endOfThose(calendar, untilMs)
    if (endMs === undefined) break
    untilMs = endMs
  }
  return untilMs > nowMs ? untilMs : undefined
}

/** The next window that begins, within a week. */
export function nextMaintenance(calendar: Maintained, nowMs: number): { fromMs: number; untilMs: number } | undefined {
  const today = localDate(nowMs, calendar.timeZone)
  return calendar.maintenance
    .flatMap((window) => [0, 1, 2, 3, 4, 5, 6, 7].flatMap((days) => occurrence(window, addDays(today, days), calendar)))
    .filter(({ fromMs }) => fromMs > nowMs)
    .sort((one, other) => one.fromMs - other.fromMs)[0]
}

function endOfThose(calendar: Maintained, nowMs: number): number | undefined {
  const today = localDate(nowMs, calendar.timeZone)
  const ends = calendar.maintenance
    .flatMap((window) => [-1, 0].flatMap((days) => occurrence(window, addDays(today, days), calendar)))
    .filter(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs)
    .map(({ untilMs }) => untilMs)
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** The hours that begin on that date, if there are any. */
export function occurrence(
  { days, from, to }: WeeklyHours,
  date: string,
  { timeZone }: { readonly timeZone: string },
): readonly { readonly fromMs: number; readonly untilMs: number }[] {
  if (!days.includes(weekdayOf(date))) return []
  const fromMs = momentsOf(date, from, timeZone).first
  const lastDay = to > from ? date : addDays(date, 1)
  const untilMs = momentsOf(lastDay, to, timeZone).last
  // Clocks go forward from its beginning to its very end: it is as long as on any other day.
  const asEverMs = Date.parse(`${lastDay}T${to}Z`) - Date.parse(`${date}T${from}Z`)
  return [{ fromMs, untilMs: untilMs > fromMs ? untilMs : fromMs + asEverMs }]
}
