import * as z from 'zod'
import { clock } from '#aws/clock.ts'
import { defineHandler } from '#aws/define-step.ts'
import { environment } from '#aws/environment.ts'
import { readMetric } from '#aws/read-metric.ts'
import { parkedSignals } from '#aws/signal-store.ts'
import { readList, updateAndRead } from '#aws/table.ts'
import { measureSeconds } from '#aws/telemetry.ts'
import { readWatched } from '#aws/watched.ts'
import { parse } from '#domain/schema.ts'
import { lookBackMs, silenceMs, type Watched } from '#domain/silence.ts'

/**
 * Tells for how long too little was heard of each flow that is expected, and each schedule, counting only the time in which
 * it is expected. What it is told is in CloudWatch already: no event costs a write for it.
 */
export const handler = defineHandler('WatchFlows', async () => {
  const nowMs = clock.nowMs()
  const watched = readWatched()
  const since = await watchedSince(watched, nowMs)
  const silences = await Promise.all(
    watched.map(async (one) => [one.name, await silenceOf(one, since[one.name] ?? nowMs, nowMs)] as const),
  )
  for (const [flow, ms] of silences) measureSeconds('FlowSilence', Math.floor(ms / 1000), { flow })
  measureSeconds('ParkedAge', Math.floor((await oldestParkedMs(nowMs)) / 1000), {})
  return { watched: watched.length }
})

async function silenceOf({ metric, dimensions, expected }: Watched, sinceMs: number, nowMs: number): Promise<number> {
  const points = await readMetric({
    metric,
    dimensions,
    statistic: 'Sum',
    fromMs: lookBackMs(expected, nowMs),
    // The minute that is not over counts as well.
    untilMs: nowMs + minuteMs,
    periodSeconds: 60,
    // Each has at least one.
    atMost: expected.atLeast,
  })
  // What was counted in a minute came in the course of it.
  const heard = points.map(({ atMs, value }) => ({ atMs: Math.min(atMs + minuteMs, nowMs), count: value }))
  return silenceMs(expected, heard, sinceMs, nowMs)
}

const minuteMs = 60_000
const Since = z.record(z.string(), z.union([z.number(), z.string()]))

/** FLOWS: since when each of them is watched. Nobody misses what could not be heard before the hub was there. */
async function watchedSince(watched: readonly Watched[], nowMs: number): Promise<Readonly<Record<string, number>>> {
  const names = watched.map(({ name }, index) => [`#n${index}`, name] as const)
  const item = await updateAndRead({
    key: { pk: 'FLOWS', sk: 'FLOWS' },
    update: `SET ${names.map(([alias]) => `${alias} = if_not_exists(${alias}, :now)`).join(', ')}`,
    names: Object.fromEntries(names),
    values: { ':now': nowMs },
  })
  const since = parse(Since, item, 'Since when flows are watched')
  return Object.fromEntries(Object.entries(since).map(([name, at]) => [name, Number(at)]))
}

/** How long the oldest signal without a case has waited for it; one that was told about is young again. */
async function oldestParkedMs(nowMs: number): Promise<number> {
  const [first] = await readList(parkedSignals, Number.MAX_SAFE_INTEGER, 1)
  if (first === undefined) return 0
  const { listedAtMs } = parse(z.object({ listedAtMs: z.number() }), first, 'The oldest parked signal')
  return Math.max(0, nowMs - (listedAtMs - environment().PARKED_MS))
}
