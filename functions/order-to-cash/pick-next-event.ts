import * as z from 'zod'
import { amendedCase, type Ownership } from '#aws/case-store.ts'
import { type CaseStory, ownStory, signalOf } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { askAboutRefusal, consume, consumeRefused, missedDeadline, pickNext, unlessEnded } from '#aws/next-event.ts'
import { markBranchDone } from '#aws/posting-store.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { signalKinds } from '#domain/events.ts'
import { partsOf } from '#domain/keys.ts'
import type { NextEvent } from '#domain/next-event/situation.ts'
import { parse } from '#domain/schema.ts'
import { sourceOf } from '#domain/sources.ts'

/** The branch that the machine comes from. */
const Done = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(signalKinds), number: z.string() }),
  z.object({ kind: z.enum(['payment-allocation', 'outgoing-payment']), number: z.string() }),
  z.object({ kind: z.literal('deadline'), number: z.string() }),
  z.object({ kind: z.literal('refusal'), number: z.string(), code: z.string(), message: z.string() }),
])
type Done = z.output<typeof Done>

/** Marks the branch that the machine comes from as done, then decides what the case does next. */
export const handler = defineStep({
  name: 'PickNextEvent',
  input: { done: Done.nullish() },
  run: async ({ done }, { owner }): Promise<NextEvent> => {
    if (done) await markDone(owner, done)
    return await pickNext(owner)
  },
})

async function markDone(owner: Ownership, done: Done): Promise<void> {
  const story = await ownStory(owner)
  switch (done.kind) {
    case 'payment-allocation':
    case 'outgoing-payment':
      return await unlessEnded(owner, () => markBranchDone(owner, { document: done.kind, number: done.number }))
    case 'deadline':
      return await missedDeadline(owner, story, done.number)
    case 'refusal':
      await askAboutRefusal(owner, 'sales', done.number, done)
      return await consumeRefused(owner, story, done.number, { code: done.code, message: done.message })
    case 'closing':
      // The end of an order follows from a cancellation that was refused, too.
      if (story.signals.some(({ kind, number }) => kind === 'closing' && number === done.number)) break
      return await unlessEnded(owner, () =>
        markBranchDone(owner, { document: 'sales-order-closing', number: done.number }),
      )
    case 'change':
      return await amend(owner, story, done.number)
  }
  await consume(owner, story, done.kind, done.number, 'posted and published')
}

/** The version that stands in the ERP now becomes the one of the case. */
async function amend(owner: Ownership, story: CaseStory, number: string): Promise<void> {
  if (story.case.version >= Number(number)) {
    return await consume(owner, story, 'change', number, 'a newer version stands')
  }
  const { data, fingerprint } = await signalOf(story, 'change', number)
  const held = story.signals.find((one) => one.kind === 'change' && one.number === number)?.data
  const salesOrder = parse(SalesOrder, data, `Version ${number} of ${owner.caseKey}`)
  const { netTotal } = priceSalesOrder(salesOrder, sourceOf(partsOf(owner.caseKey).system).rounding)
  const lines = salesOrder.lines.map((line) => ({ line: line.number, quantity: line.quantity }))
  const { currency } = salesOrder
  const parts = amendedCase(owner, { version: Number(number), fingerprint, currency, netTotal, lines }, held)
  const told = {
    before: { version: story.case.version, net: `${story.case.netTotal} ${story.case.currency}` },
    after: { version: Number(number), net: `${netTotal} ${currency}` },
  }
  await consume(owner, story, 'change', number, 'posted and published', { parts, told })
}
