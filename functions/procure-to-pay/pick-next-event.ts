import { type Amending, Done, markDone, takeVersion } from '#aws/branch-done.ts'
import { clock } from '#aws/clock.ts'
import { defineStep } from '#aws/define-step.ts'
import { environment } from '#aws/environment.ts'
import { pickNext } from '#aws/next-event.ts'
import { purchasingPolicy } from '#aws/purchasing-policy.ts'
import { leadsToErp, type NextEvent } from '#domain/next-event/situation.ts'
import { waitSecondsOf } from '#domain/next-event/wait.ts'
import { purchaseContentOf } from '#domain/purchase/content.ts'
import { PurchaseRequisition } from '#domain/purchase-requisition.ts'
import { parse } from '#domain/schema.ts'

const purchasing: Amending = {
  about: 'purchasing',
  order: 'purchase-order',
  contentOf: (version, _caseKey, what) =>
    purchaseContentOf(parse(PurchaseRequisition, version, what), purchasingPolicy()),
}

/** What the case does next; when it waits, for how long at most. */
type Next = NextEvent | (NextEvent & { readonly waitSeconds: number })

/** Marks the branch that the machine comes from as done, then decides what the case does next. */
export const handler = defineStep({
  name: 'PickNextEvent',
  input: { done: Done.nullish() },
  leadsToErp,
  run: async ({ done }, { owner }): Promise<Next> => {
    const known = done ? await markDone(owner, done, purchasing) : undefined
    const next = await pickNext(owner, known, async (story, version) => {
      await takeVersion(owner, story, version, purchasing, { isInErp: false })
    })
    if (next.kind !== 'nothing-yet') return next
    return { ...next, waitSeconds: waitSecondsOf(next.wakeAtMs, clock.nowMs(), environment().DEADLINE_MS) }
  },
})
