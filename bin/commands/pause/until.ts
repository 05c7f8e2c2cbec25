import * as z from 'zod'
import { InputError } from '../terminal/explain.ts'

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const Duration = z.string().regex(/^[1-9]\d{0,4}[mhd]$/)
const Moment = z.iso.datetime({ offset: true })

/** A machine that waits for a paused flow asks again at least each hour, and its history has an end. */
const longestMs = 30 * unitMs.d

/**
 * A moment with its offset, or how long from now.
 * @throws InputError naming what is wrong
 */
export function untilMsOf(text: string, nowMs: number): number {
  const untilMs = momentOf(text, nowMs)
  if (untilMs <= nowMs) throw new InputError(`--until ${text} is over already; it must be in the future`)
  if (untilMs > nowMs + longestMs) throw new InputError(`--until ${text} is more than 30 days ahead`)
  return untilMs
}

function momentOf(text: string, nowMs: number): number {
  if (Moment.safeParse(text).success) return Date.parse(text)
  if (!Duration.safeParse(text).success) {
    throw new InputError(`--until ${text} must be a moment such as 2026-11-24T18:00:00+01:00, or 30m, 4h, 2d from now`)
  }
  const unit = text.endsWith('m') ? unitMs.m : text.endsWith('h') ? unitMs.h : unitMs.d
  return nowMs + Number(text.slice(0, -1)) * unit
}
