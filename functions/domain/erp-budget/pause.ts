import * as z from 'zod'

/** Why an account, or one of its flows, brings nothing into the ERP until somebody resumes it. */
export const Pause = z.object({
  by: z.string(),
  reason: z.string(),
  sinceMs: z.number(),
  /** It ends by itself then. */
  untilMs: z.number().optional(),
})
export type Pause = z.output<typeof Pause>

/** All of an account: of itself, and of flows by name. */
export const Pauses = z.object({
  account: Pause.optional(),
  flows: z.record(z.string(), Pause).default({}),
})
export type Pauses = z.output<typeof Pauses>

/** What stands still now, and when it is looked at again. */
export interface Standstill {
  /** Absent: the whole account. */
  readonly flow?: string
  readonly untilMs: number
  /** Whether it surely ends then, so that those who wait come back one after the other. */
  readonly isEnd: boolean
}

/** @param flows those that the call is for: it goes on while one of them does */
export function pausedFor({ account, flows: paused }: Pauses, flows: readonly string[], nowMs: number) {
  const ofAccount = account && standstill(account, undefined, nowMs)
  if (ofAccount !== undefined) return ofAccount
  const ofFlows = flows.map((flow) => {
    const pause = paused[flow]
    return pause && standstill(pause, flow, nowMs)
  })
  const [first] = ofFlows
  return ofFlows.every((one) => one !== undefined) ? first : undefined
}

const soonestMs = 60_000
const longestMs = 3_600_000

/**
 * When whoever waits for something without an end looks again: after a minute at first, later after a tenth of the time
 * that it has lasted, an hour at most. So a resumed flow works again after a tenth of its pause, and a day of waiting is
 * some sixty looks. Whoever waits for an account sleeps instead (functions/aws/erp-budget/long-wait.ts).
 */
export function lookAgainAtMs(sinceMs: number, nowMs: number): number {
  return nowMs + Math.min(longestMs, Math.max(soonestMs, (nowMs - sinceMs) / 10))
}

/** Somebody may resume it before its end. */
function standstill({ sinceMs, untilMs }: Pause, flow: string | undefined, nowMs: number): Standstill | undefined {
  if (untilMs !== undefined && untilMs <= nowMs) return undefined
  const lookMs = lookAgainAtMs(sinceMs, nowMs)
  const isEnd = untilMs !== undefined && untilMs <= lookMs
  return { ...(flow !== undefined && { flow }), untilMs: isEnd ? untilMs : lookMs, isEnd }
}
