import * as z from 'zod'
import type { Lane } from '#domain/erp-limits.ts'

/**
 * The line before an account's rate, or a shard of it. Calls leave one interval apart. Who has to wait draws the next
 * number; `head` is the number that was served last. Only those who hold a slot stand here, so that the line is short
 * and first come, first served, but for the interactive lane, which goes before it.
 */
export const RateLine = z.object({ head: z.int(), tail: z.int(), nextMs: z.number() })
export type RateLine = z.output<typeof RateLine>

export const newRateLine: RateLine = { head: 0, tail: 0, nextMs: 0 }

/** How an account's calls follow each other. */
export interface Pace {
  readonly intervalMs: number
  /** How long before its moment a call may be booked; longer only shuts out the interactive lane. */
  readonly aheadMs: number
  /** Whose number is due and who has not called so long after is dead, and the next one goes on. */
  readonly graceMs: number
}

export type Turn =
  /** Sends at that moment, once the line is written. */
  | { readonly do: 'take'; readonly atMs: number; readonly line: RateLine }
  | { readonly do: 'draw-number' }
  | { readonly do: 'look-again'; readonly atMs: number }

/** Decides on one who wants to call; his number, if he has drawn one. */
export function turnOf(line: RateLine, lane: Lane, number: number | undefined, nowMs: number, pace: Pace): Turn {
  const { intervalMs, aheadMs, graceMs } = pace
  const atMs = Math.max(line.nextMs, nowMs)
  const take = (head: number) => ({
    do: 'take' as const,
    atMs,
    line: { ...line, head, nextMs: atMs + intervalMs },
  })
  if (lane === 'interactive') return take(line.head)
  const isDue = line.nextMs <= nowMs + aheadMs
  // Whoever was taken for dead draws a new number.
  if (number === undefined || number <= line.head) {
    return line.head === line.tail && isDue ? take(line.head) : { do: 'draw-number' }
  }
  const before = number - 1 - line.head
  const mayPass = line.nextMs + before * graceMs <= nowMs
  if (before === 0 ? isDue : mayPass) return take(number)
  return { do: 'look-again', atMs: line.nextMs + Math.min(before * intervalMs - aheadMs, before * graceMs) }
}

/** When the last in line would call. */
export function lastMs({ head, tail, nextMs }: RateLine, nowMs: number, { intervalMs }: Pace): number {
  return Math.max(nextMs, nowMs) + (tail - head) * intervalMs
}
