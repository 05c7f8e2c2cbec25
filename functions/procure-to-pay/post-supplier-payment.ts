import * as z from 'zod'
import { ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { settlementOf } from '#aws/supplier-settlement.ts'

/** Pays a supplier's invoice that is due from the bank. */
export const handler = defineStep({
  name: 'PostSupplierPayment',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'supplier-payment', number }),
  run: async ({ number }, context) => {
    const { settlement, carriedOutOn } = settlementOf(await ownStory(context.owner), number)
    const paidOn = context.postingDay(carriedOutOn)
    return await postForCase(context, settlement, (erp, reference) =>
      erp.supplierPayment({ over: 'bank', ...settlement, paidOn, reference }),
    )
  },
})
