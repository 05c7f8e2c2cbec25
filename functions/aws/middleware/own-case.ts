import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { reopenCase } from '../case-store.ts'
import { clock } from '../clock.ts'
import type { StepMiddleware } from './step-request.ts'

/** What the machine tells every step: which execution runs it. */
export const Execution = z.object({ arn: z.string().min(1), redriveCount: z.int().nonnegative().default(0) })
/**
 * … for which case, and until when it last waited for the ERP, which it had asked for since then, and when it was last woken
 * for it (lib/await-erp.ts).
 */
export const CaseReference = z.object({
  key: z.string().min(1),
  number: z.string(),
  epoch: z.int().positive(),
  busy: z.object({ since: z.iso.datetime(), until: z.iso.datetime(), woken: z.iso.datetime().optional() }).optional(),
})

const Owned = z.object({
  execution: Execution,
  case: CaseReference,
  /** Machines from before they could sleep until the ERP is back do not say so (lib/await-erp.ts). */
  canSleep: z.boolean().default(false),
})

/** Says for whom the step works, and opens the case again after a redrive. */
export function ownCase(stage: string): StepMiddleware {
  return {
    before: async ({ event, internal }) => {
      const { execution, case: reference, canSleep } = parse(Owned, event, `The input of ${stage}`)
      const owner = {
        caseKey: reference.key,
        executionArn: execution.arn,
        epoch: reference.epoch,
        redriveCount: execution.redriveCount,
      }
      internal.about = owner
      await reopenCase(owner)
      internal.owner = owner
      internal.askedSinceMs = askedSinceMs(reference.busy)
      internal.canSleep = canSleep
    },
  }
}

/** A wait that ended some minutes ago was for another step. */
function askedSinceMs(busy: z.output<typeof CaseReference>['busy']): number | undefined {
  const isRecent = busy !== undefined && clock.nowMs() < Date.parse(busy.until) + 300_000
  return isRecent ? Date.parse(busy.since) : undefined
}
