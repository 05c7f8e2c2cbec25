import { ErpBusyError, ErpStandstillError } from '#domain/errors.ts'
import { clock } from '../clock.ts'

/** Whoever would have waited for the ERP for longer than that, and nobody knows for how long, sleeps until it is back. */
export const sleepsAfterMs = 60_000
/** Who cannot sleep looks again by then: the circuit is tried every two minutes, and each look is seven events of a history. */
const longestLookMs = 600_000

/** Tells a machine that has to wait for long to sleep, or one from before it could to look more seldom. */
export function forLongWait(error: unknown, canSleep: boolean): unknown {
  if (!(error instanceof ErpBusyError) || !error.isOpenEnded) return error
  if (error.untilMs - error.sinceMs <= sleepsAfterMs) return error
  if (canSleep) return new ErpStandstillError(error)
  // Whoever waits for a pause looks seldom already.
  return error.why === 'down' ? later(error) : error
}

/** After half of the time that it has waited, so that an execution outlives more than a week without the ERP. */
export function nextLookMs(sinceMs: number, nowMs: number): number {
  return nowMs + Math.min(longestLookMs, (nowMs - sinceMs) / 2)
}

function later({ what, why, untilMs, sinceMs, isOpenEnded, cause }: ErpBusyError): ErpBusyError {
  const told = new ErpBusyError(what, why, Math.max(untilMs, nextLookMs(sinceMs, clock.nowMs())), sinceMs, isOpenEnded)
  told.cause = cause
  return told
}
