import { type Plan, placeOf } from '#domain/erp-budget/limits.ts'
import { lastMs, newRateLine, type Pace, RateLine, turnOf } from '#domain/erp-budget/rate.ts'
import type { Lane } from '#domain/erp-limits.ts'
import { parse } from '#domain/schema.ts'
import { clock } from '../clock.ts'
import { type Item, read, update, updateAndRead } from '../table.ts'
import { budgetKey } from './budget-store.ts'

/**
 * Waits for the moment at which a call may leave, which is the caller's alone.
 * @returns undefined, or when to come back if that is later than `untilMs`
 */
export async function spend(
  account: string,
  { pace, rateShards }: Plan,
  { holder, lane }: { readonly holder: string; readonly lane: Lane },
  untilMs: number,
): Promise<number | undefined> {
  if (pace === undefined) return undefined
  const key = budgetKey(account, `RATE#${placeOf(holder, rateShards)}`)
  for (let as: Lane = lane; ; as = 'interactive') {
    const moment = await book(key, pace, as, untilMs)
    if ('backAtMs' in moment) return moment.backAtMs
    await clock.sleep(Math.max(0, moment.atMs - clock.nowMs()))
    // A Lambda that was held up must not send into somebody else's moment; it has waited in the line already.
    if (clock.nowMs() <= moment.atMs + pace.lateMs) return undefined
  }
}

type RateKey = ReturnType<typeof budgetKey>

async function book(
  key: RateKey,
  pace: Pace,
  lane: Lane,
  untilMs: number,
): Promise<{ readonly atMs: number } | { readonly backAtMs: number }> {
  let number: number | undefined
  let line = lineOf(await read(key))
  for (;;) {
    const nowMs = clock.nowMs()
    const turn = turnOf(line, lane, number, nowMs, pace)
    if (turn.do === 'take') {
      if (turn.atMs > untilMs) return { backAtMs: turn.atMs }
      const other = await write(key, line, turn.line)
      if (other === undefined) return { atMs: turn.atMs }
      line = other
    } else if (turn.do === 'draw-number') {
      const last = lastMs(line, nowMs, pace)
      if (last > untilMs) return { backAtMs: last }
      line = lineOf(
        await updateAndRead({
          key,
          update: 'SET head = if_not_exists(head, :none), nextMs = if_not_exists(nextMs, :none) ADD tail :one',
          values: { ':none': 0, ':one': 1 },
        }),
      )
      number = line.tail
    } else {
      if (nowMs > untilMs) return { backAtMs: lastMs(line, nowMs, pace) }
      await clock.sleep(Math.max(8, turn.atMs - nowMs))
      line = lineOf(await read(key))
    }
  }
}

/** @returns the line that somebody else has written, if so; whoever only drew a number does not matter to one in it */
async function write(key: RateKey, seen: RateLine, next: RateLine): Promise<RateLine | undefined> {
  const isFirst = seen.nextMs === 0 && seen.tail === 0
  const isPastLine = seen.head === next.head && seen.head === seen.tail
  const written = await update({
    key,
    update: 'SET head = :head, nextMs = :next, tail = if_not_exists(tail, :none)',
    condition: isFirst
      ? 'attribute_not_exists(nextMs)'
      : `head = :seenHead AND nextMs = :seenNext${isPastLine ? ' AND tail = :seenHead' : ''}`,
    values: {
      ':head': next.head,
      ':next': next.nextMs,
      ':none': 0,
      ...(!isFirst && { ':seenHead': seen.head, ':seenNext': seen.nextMs }),
    },
  })
  return written.ok ? undefined : lineOf(written.item)
}

/** No call leaves before then, whoever makes it. */
export async function holdRateUntil(account: string, { pace, rateShards }: Plan, untilMs: number): Promise<void> {
  if (pace === undefined) return
  const shards = Array.from({ length: rateShards }, (_, shard) => budgetKey(account, `RATE#${shard}`))
  await Promise.all(
    shards.map((key) =>
      update({
        key,
        update: 'SET nextMs = :until, head = if_not_exists(head, :none), tail = if_not_exists(tail, :none)',
        condition: 'attribute_not_exists(nextMs) OR nextMs < :until',
        values: { ':until': untilMs, ':none': 0 },
      }),
    ),
  )
}

function lineOf(item: Item | undefined): RateLine {
  return item === undefined ? newRateLine : parse(RateLine, item, 'The line before a rate of an ERP')
}
