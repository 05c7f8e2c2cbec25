/** Days as `Intl` names them in English, in lower case. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof weekdays)[number]

export const dayMs = 86_400_000

/** Whether `Intl` knows the zone: an IANA name such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/** The date on the wall there: `2026-03-29`. */
export function localDate(atMs: number, timeZone: string): string {
  return new Date(wallMs(atMs, timeZone)).toISOString().slice(0, 10)
}

/** A date so many days later, which may be negative. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

export function weekdayOf(date: string): Weekday {
  const day = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  return weekdays[day] ?? 'monday'
}

/**
 * When a clock there shows that time. In autumn it does so twice. In spring it skips some: a time that is skipped is, at
 * first, the moment of the change, and at last that at which a clock that nobody has changed would show it. One moment on
 * every other day.
 */
export function momentsOf(
  date: string,
  time: string,
  timeZone: string,
): { readonly first: number; readonly last: number } {
  const wall = Date.parse(`${date}T${time}:00Z`)
  const offsets = [wall - dayMs, wall + dayMs].map((nearMs) => wallMs(nearMs, timeZone) - nearMs)
  const moments = offsets.map((offset) => wall - offset).sort((one, other) => one - other)
  const shown = moments.filter((atMs) => wallMs(atMs, timeZone) === wall)
  const [earliest = wall, latest = wall] = shown.length > 0 ? [Math.min(...shown), Math.max(...shown)] : moments
  return { first: shown.length > 0 ? earliest : changeBetween(earliest, latest, timeZone), last: latest }
}

/** The moment at which clocks are changed, to the minute: they are not behind it what they were before. */
function changeBetween(beforeMs: number, afterMs: number, timeZone: string): number {
  const offset = (atMs: number) => wallMs(atMs, timeZone) - atMs
  let [from, to] = [beforeMs, afterMs]
  while (to - from > 60_000) {
    const middle = from + Math.floor((to - from) / 120_000) * 60_000
    if (offset(middle) === offset(beforeMs)) from = middle
    else to = middle
  }
  return to
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The wall clock there, as if it stood in UTC. */
function wallMs(atMs: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? newFormat(timeZone)
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((atMs % 1000) + 1000) % 1000)
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  const digits = '2-digit'
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'iso8601',
    // 24:00 would be the next day's first hour.
    hourCycle: 'h23',
    year: 'numeric',
    month: digits,
    day: digits,
    hour: digits,
    minute: digits,
    second: digits,
  })
}
