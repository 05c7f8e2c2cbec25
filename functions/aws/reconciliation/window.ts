import { clock } from '../clock.ts'
import { required } from '../environment.ts'

/** What a run compares. */
export interface Window {
  /** What the hub has posted since, and what the ERP has changed since. */
  readonly sinceMs: number
  /** What came later may still be on its way. */
  readonly untilMs: number
  /** No window follows: what was changed in the ERP since then counts as well. */
  readonly isLast: boolean
  /** The ERP account, which is the company whose books are compared. */
  readonly company: string
  /** When the Lambda is ended. */
  readonly endsAtMs: number
  /** The invocation. */
  readonly holder: string
}

/**
 * How far the ERP's changes are read back before the window: its clock may be in any zone, and a document bears the time
 * at which its transaction began, whenever that ended.
 */
export const overlapMs = 15 * 3_600_000

/** What is younger may still be on its way, and is compared by the next run. */
export const dueAfterMs = 3_600_000

/** What has to be left then, before the Lambda is ended: to put down what was read, and to repair what was found. */
const leftMs = 180_000

/** When a comparison stops, for another invocation to go on with it: by the time that Lambda leaves it. */
export const stopsAtMs = ({ endsAtMs }: Pick<Window, 'endsAtMs'>) => endsAtMs - leftMs

/** So long somebody who waits for the answer lets his turn come. */
const patienceMs = 30_000

/** For a person who waits for the answer: of an ERP that is down he wants to hear just that. */
export function answeredSoon(window: Window): Window {
  return { ...window, endsAtMs: Math.min(window.endsAtMs, clock.nowMs() + patienceMs + leftMs) }
}

/** What is looked at for a single document: as it stands now. */
export function momentaryWindow(holder: string, endsAtMs: number): Window {
  const untilMs = clock.nowMs() - dueAfterMs
  return { sinceMs: untilMs, untilMs, isLast: true, company: required('ERP_ACCOUNT'), endsAtMs, holder }
}
