import * as z from 'zod'
import { type SignalKind, signalKinds } from '#domain/events.ts'
import type { Ownership } from './case-store.ts'
import { type CaseStory, nextEventOf, ownStory, readStory } from './case-story.ts'
import { clock } from './clock.ts'
import { defineStep, type Handler } from './define-step.ts'
import { storeSleeper } from './erp-budget/sleepers.ts'
import { CaseReference } from './middleware/own-case.ts'
import { consumeDone } from './next-event.ts'
import { storedToken, storeToken, tokenKey } from './signal-store.ts'
import { answer } from './tokens.ts'
import { hasUnasked } from './unasked.ts'

/** The branch that a machine comes from where it goes to sleep without PickNextEvent. */
const Done = z.object({ kind: z.enum(['sales-order', ...signalKinds]), number: z.string() })
type Done = z.output<typeof Done>

/** Publishes what a branch has come to. */
export type Tell = (story: CaseStory, kind: 'sales-order' | SignalKind, number: string) => Promise<void>

/**
 * Puts an execution to sleep: stores its token, then reads the case. Whoever writes a signal reads the tokens after
 * that, so that one of the two sees both and wakes the execution. No wake-up is lost, and a spurious one does no harm.
 * What came while nobody slept may have nothing to do but to ask a person: that wakes, too.
 * Who sleeps until the ERP is back is woken by nothing else (functions/operations/watch-erp.ts).
 */
export function defineAwaitEvent(tell?: Tell): Handler {
  return defineStep({
    name: 'AwaitEvent',
    input: {
      token: z.string().min(1),
      done: Done.nullish(),
      asleepSince: z.iso.datetime().optional(),
      case: CaseReference,
    },
    run: async ({ token, done, asleepSince, case: { busy } }, { owner }) => {
      if (asleepSince !== undefined) {
        const wokenAtMs = busy?.woken === undefined ? undefined : Date.parse(busy.woken)
        await storeSleeper(owner, token, { sinceMs: Date.parse(asleepSince), wokenAtMs })
        return {}
      }
      const storedAtMs = done ? await finish(owner, done, token, tell) : undefined
      if (storedAtMs === undefined) await storeToken(owner, token)
      const story = await readStory(owner.caseKey)
      if (story === undefined) return {}
      const next = nextEventOf(story, clock.nowMs())
      if (next.kind !== 'nothing-yet' || (await hasUnasked(story, next.asks))) {
        await answer({ ...tokenKey(owner.caseKey, token), token }, story)
      }
      return {}
    },
  })
}

/**
 * Tells of the branch, then marks it as done and stores the token in one write.
 * @returns when; undefined where the token is still to be stored, since no signal stands for the branch or its was consumed
 */
async function finish(owner: Ownership, { kind, number }: Done, token: string, tell?: Tell) {
  const story = await ownStory(owner)
  await tell?.(story, kind, number)
  if (kind === 'sales-order') return undefined
  return await consumeDone(owner, story, { kind, number }, { parts: storedToken(owner, token) })
}
