import * as z from 'zod'
import { ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { bookedBillOf, creditedReturnOf } from '#aws/supplier-bill.ts'

/** Books and posts a supplier's credit note, for goods that went back or for an amount. */
export const handler = defineStep({
  name: 'PostSupplierCreditNote',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'supplier-credit-note', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { bill, taxIds } = await bookedBillOf(story, 'supplier-credit-note', number)
    const supplierReturnId = creditedReturnOf(story, number, bill.lines)
    const postedOn = context.postingDay(bill.issuedOn)
    return await postForCase(context, bill, (erp, reference) =>
      erp.supplierCreditNote({ ...bill, postedOn, taxIds, supplierReturnId, reference }),
    )
  },
})
