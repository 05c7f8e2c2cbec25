import type { ClosedPeriod, ErpCalendar } from './calendar.ts'
import { addDays, localDate, momentsOf } from './local-time.ts'

/** What becomes of a document of that day. */
export type PostingDay =
  | { readonly do: 'post'; readonly on: string }
  /** The books of that day are closed: until then, or for good. */
  | { readonly do: 'wait'; readonly untilMs: number | undefined }

/** The day to which a document is posted: its own, or the next one that is open, if the calendar moves it. */
export function postingDay(
  { timeZone, posting }: Pick<ErpCalendar, 'timeZone' | 'posting'>,
  date: string,
  nowMs: number,
): PostingDay {
  if (posting === undefined) return { do: 'post', on: date }
  const { whenClosed, monthClosesOnDay, closed } = posting
  const today = localDate(nowMs, timeZone)
  const periods: readonly ClosedPeriod[] = [
    ...(monthClosesOnDay === undefined ? [] : [{ from: '0000-01-01', through: lastClosed(today, monthClosesOnDay) }]),
    ...closed.filter(({ opensOn }) => opensOn === undefined || today < opensOn),
  ]
  if (whenClosed === 'wait') {
    const hit = periods.filter((period) => isIn(period, date))
    if (hit.length === 0) return { do: 'post', on: date }
    const opening = hit.map(({ opensOn }) => opensOn && momentsOf(opensOn, '00:00', timeZone).last)
    return { do: 'wait', untilMs: opening.every((one) => one !== undefined) ? latest(opening) : undefined }
  }
  let on = date
  // Each round leaves at least one of the periods behind.
  for (let round = 0; round <= periods.length; round++) {
    const hit = periods.find((period) => isIn(period, on))
    if (hit === undefined) break
    on = addDays(hit.through, 1)
  }
  return { do: 'post', on }
}

function isIn({ from, through }: ClosedPeriod, date: string): boolean {
  return from <= date && date <= through
}

/** The last day of the newest month that is closed. */
function lastClosed(today: string, closesOnDay: number): string {
  const firstOfMonth = `${today.slice(0, 7)}-01`
  const lastOfMonthBefore = addDays(firstOfMonth, -1)
  if (Number(today.slice(8)) >= closesOnDay) return lastOfMonthBefore
  return addDays(`${lastOfMonthBefore.slice(0, 7)}-01`, -1)
}

function latest(moments: readonly (number | undefined | '')[]): number {
  return Math.max(...moments.map(Number))
}
