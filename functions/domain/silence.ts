import * as z from 'zod'
import { addDays, dayMs, localDate } from '#domain/erp-calendar/local-time.ts'
import { occurrence } from '#domain/erp-calendar/maintenance.ts'
import { Expectation } from '#domain/flow-catalog/expectation.ts'

/** Something that is heard of again and again while all is well, by the metric that counts it. */
export const Watched = z.strictObject({
  /** A flow of the catalogue, or what is heard of. */
  name: z.string().min(1),
  metric: z.string().min(1),
  dimensions: z.record(z.string(), z.string()),
  /** Without hours, at any time. */
  expected: Expectation.or(Expectation.pick({ atLeast: true, withinMinutes: true }).strict()),
})
export type Watched = z.output<typeof Watched>
type Expected = Watched['expected']

/** What was heard within a minute or so. */
export interface Heard {
  readonly atMs: number
  readonly count: number
}

/** Further back than any silence that is told; CloudWatch keeps what was counted by the minute for 15 days. */
const furthestDays = 15

/**
 * For how long too little was heard: how much of the time in which it is expected has gone by since there was enough.
 * Outside of these hours it stays as it is, so that an alarm ends when something is heard, and not in the evening.
 * @param sinceMs when watching began: nobody misses what could not be heard
 */
export function silenceMs(expected: Expected, heard: readonly Heard[], sinceMs: number, nowMs: number): number {
  return expectedMs(expected, Math.max(sinceMs, enoughSinceMs(expected, heard)), nowMs)
}

/** From when on anything has to be known to say whether the silence is too long. */
export function lookBackMs(expected: Expected, nowMs: number): number {
  const withinMs = expected.withinMinutes * 60_000
  for (let days = 0; days < furthestDays; days++) {
    const fromMs = nowMs - withinMs - days * dayMs
    if (expectedMs(expected, fromMs, nowMs) >= withinMs) return Math.max(fromMs, nowMs - furthestDays * dayMs)
  }
  return nowMs - furthestDays * dayMs
}

/** The newest moment from which on as much was heard as is expected; before all times, when it never was. */
function enoughSinceMs({ atLeast }: Expected, heard: readonly Heard[]): number {
  let count = 0
  for (const one of [...heard].sort((a, b) => b.atMs - a.atMs)) {
    count += one.count
    if (count >= atLeast) return one.atMs
  }
  return 0
}

/** How much of the time between two moments it is expected in. */
export function expectedMs(expected: Expected, fromMs: number, untilMs: number): number {
  if (!('hours' in expected)) return Math.max(0, untilMs - fromMs)
  const { hours, timeZone, notOn } = expected
  const beginsMs = Math.max(fromMs, untilMs - 2 * furthestDays * dayMs)
  const last = localDate(untilMs, timeZone)
  const spans: { fromMs: number; untilMs: number }[] = []
  for (let date = addDays(localDate(beginsMs, timeZone), -1); date <= last; date = addDays(date, 1)) {
    if (!notOn.includes(date)) spans.push(...hours.flatMap((each) => occurrence(each, date, { timeZone })))
  }
  let [sumMs, countedUntilMs] = [0, beginsMs]
  for (const span of spans.sort((one, other) => one.fromMs - other.fromMs)) {
    const from = Math.max(span.fromMs, countedUntilMs)
    const until = Math.min(span.untilMs, untilMs)
    if (until > from) {
      sumMs += until - from
      countedUntilMs = until
    }
  }
  return sumMs
}
