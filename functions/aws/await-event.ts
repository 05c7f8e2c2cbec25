import * as z from 'zod'
import { nextEventOf, readStory } from './case-story.ts'
import { clock } from './clock.ts'
import { defineStep, type Handler } from './define-step.ts'
import { storeToken } from './signal-store.ts'
import { wake } from './tokens.ts'

/**
 * Puts an execution to sleep: stores its token, then reads the case. Whoever writes a signal reads the tokens after
 * that, so that one of the two sees both and wakes the execution. No wake-up is lost, and a spurious one does no harm.
 */
export function defineAwaitEvent(): Handler {
  return defineStep({
    name: 'AwaitEvent',
    input: { token: z.string().min(1) },
    run: async ({ token }, { owner }) => {
      await storeToken(owner, token)
      const story = await readStory(owner.caseKey)
      const next = story === undefined ? undefined : nextEventOf(story, clock.nowMs())
      if (next !== undefined && next.kind !== 'nothing-yet') await wake(owner.caseKey)
      return {}
    },
  })
}
