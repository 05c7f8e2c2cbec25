import * as z from 'zod'
import { type CaseStory, documentOf, ownStory } from '#aws/case-story.ts'
import { clock, isoOf } from '#aws/clock.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { parseSettlement } from '#domain/settlement.ts'

/** Applies money on the customer's account to an invoice, or a credit note to the account. */
export const handler = defineStep({
  name: 'AllocatePayment',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'payment-allocation', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { of, amount } = parseSettlement(number)
    const allocation = { invoiceId: settled(story, of).id, amount, currency: story.case.currency }
    const allocatedOn = context.postingDay(isoOf(clock.nowMs()).slice(0, 10))
    return await postForCase(context, allocation, (erp, reference) =>
      erp.paymentAllocation({ ...allocation, allocatedOn, reference }),
    )
  },
})

function settled(story: CaseStory, of: string) {
  const slash = of.indexOf('/')
  const kind = of.slice(0, slash) === 'credit-note' ? 'credit-note' : 'customer-invoice'
  return documentOf(story, kind, of.slice(slash + 1))
}
