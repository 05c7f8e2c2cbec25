import * as z from 'zod'
import { ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { settlementOf } from '#aws/supplier-settlement.ts'

/** Puts what a credit note gives on the supplier's account, or lets an invoice take it from there. */
export const handler = defineStep({
  name: 'AllocateSupplierCredit',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'supplier-payment-allocation', number }),
  run: async ({ number }, context) => {
    const { settlement, carriedOutOn } = settlementOf(await ownStory(context.owner), number)
    const paidOn = context.postingDay(carriedOutOn)
    return await postForCase(context, settlement, (erp, reference) =>
      erp.supplierPayment({ over: 'account', ...settlement, paidOn, reference }),
    )
  },
})
