import * as z from 'zod'
import { currentSalesOrder, ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'

/** Ends the sales order in the ERP short: what has not left will not. */
export const handler = defineStep({
  name: 'CloseSalesOrder',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'sales-order-closing', number }),
  run: async (_input, context) => {
    const salesOrderId = currentSalesOrder(await ownStory(context.owner)).id
    return await postForCase(context, { salesOrderId }, (erp, reference) =>
      erp.salesOrderClosing({ salesOrderId, reference }),
    )
  },
})
