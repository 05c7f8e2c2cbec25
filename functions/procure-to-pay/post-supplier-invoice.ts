import * as z from 'zod'
import { ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { bookedBillOf } from '#aws/supplier-bill.ts'

/** Books and posts a supplier's invoice as it was matched or accepted, under the supplier's own number. */
export const handler = defineStep({
  name: 'PostSupplierInvoice',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'supplier-invoice', number }),
  run: async ({ number }, context) => {
    const { bill, taxIds } = await bookedBillOf(await ownStory(context.owner), 'supplier-invoice', number)
    const postedOn = context.postingDay(bill.issuedOn)
    return await postForCase(context, bill, (erp, reference) =>
      erp.supplierInvoice({ ...bill, postedOn, taxIds, reference }),
    )
  },
})
