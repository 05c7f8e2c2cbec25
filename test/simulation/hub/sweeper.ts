import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Database } from '../dynamodb/database.ts'
import { isRecord } from '../json.ts'
import type { VirtualTime } from '../virtual-time.ts'
import { names, times } from './settings.ts'

/**
 * What the sweeper looks at, and from which age on (functions/operations/sweep-cases.ts); and whether it has something to do
 * there each time, since what it puts off it puts off by days.
 */
const lists = [
  { listKey: 'SIGNAL#waiting', ageMs: 60_000, isEachTimeNew: false },
  { listKey: 'SIGNAL#parked', ageMs: 0, isEachTimeNew: true },
  { listKey: 'CASE#order-to-cash#open', ageMs: times.silentSeconds * 1000, isEachTimeNew: false },
  { listKey: 'CASE#procure-to-pay#open', ageMs: times.silentSeconds * 1000, isEachTimeNew: false },
  { listKey: 'INBOX', ageMs: 0, isEachTimeNew: false },
] as const

/** So long the sweeper is left out while nobody but itself writes anything, and eight times as long after each look, up to some days. */
const stillMs = 600_000
const longestStillMs = 3 * 86_400_000

export type Sweeper = {
  /** Whether a run would find anything that the one before has not looked at already. */
  hasWork(): boolean
  /** Something went wrong in this run, which may have left undone what it looked at. */
  disturbed(): void
  /** A run has ended. */
  swept(): void
}

/**
 * The schedule runs the sweeper every minute. In most minutes it would read empty lists, or look once more at what it has
 * put off a minute ago while everybody waits: such runs cost a simulation more than everything else and are left out, the
 * latter for some minutes, then for longer.
 */
export function watchSweeper(database: Database, nowMs: () => number): Sweeper {
  const queries = lists.map(({ listKey, ageMs, isEachTimeNew }) => ({
    ageMs,
    isEachTimeNew,
    oldest: oldestOf(database, listKey),
  }))
  const isDue = ({ ageMs, oldest }: (typeof queries)[number]) => {
    const first = oldest()
    // Its own clock may be fast by a second.
    return isRecord(first) && Number(first.listedAtMs) <= nowMs() - ageMs + 2000
  }
  const unknown = { writes: -1, atMs: 0, stillMs }
  let last = unknown
  let isDisturbed = false
  const isUnwritten = () => database.writes() === last.writes
  let isLookingAgain = false
  return {
    hasWork: () => {
      isLookingAgain = isUnwritten()
      const isStill = isLookingAgain && nowMs() < last.atMs + last.stillMs
      return queries.some((query) => (!isStill || query.isEachTimeNew) && isDue(query))
    },
    disturbed: () => {
      isDisturbed = true
    },
    swept: () => {
      const longerMs = Math.min(8 * last.stillMs, longestStillMs)
      const ended = { writes: database.writes(), atMs: nowMs(), stillMs: isLookingAgain ? longerMs : stillMs }
      last = isDisturbed ? unknown : ended
      isDisturbed = false
    },
  }
}

/**
 * The schedule runs WatchErp every minute; here only while anybody sleeps, or may still store that he does.
 * @returns what says that somebody is about to sleep
 */
export function eachMinuteWhileAsleep(database: Database, time: VirtualTime, run: () => Promise<void>): () => void {
  const sleeper = oldestOf(database, 'ERP#asleep')
  let left = 0
  const look = async () => {
    left = sleeper() === undefined ? left - 1 : idleMinutes
    if (left === 0) return
    await run()
    time.after(60_000, look)
  }
  return () => {
    if (left === 0) time.after(60_000, look)
    left = idleMinutes
  }
}

/** Nobody is held up for longer before he has stored it. */
const idleMinutes = 10

function oldestOf(database: Database, listKey: string): () => unknown {
  const send = database.request(
    new QueryCommand({
      TableName: names.table,
      IndexName: 'ByList',
      KeyConditionExpression: 'listKey = :list',
      ExpressionAttributeValues: { ':list': listKey },
      Limit: 1,
    }),
  )
  return () => {
    const page = send()
    const items: readonly unknown[] = isRecord(page) && Array.isArray(page.Items) ? page.Items : []
    return items[0]
  }
}
