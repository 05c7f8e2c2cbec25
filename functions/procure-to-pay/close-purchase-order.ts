import * as z from 'zod'
import { currentOrder, ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'

/** Ends the purchase order in the ERP short: what has not arrived is not waited for. */
export const handler = defineStep({
  name: 'ClosePurchaseOrder',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'purchase-order-closing', number }),
  run: async (_input, context) => {
    const purchaseOrderId = currentOrder(await ownStory(context.owner), 'purchase-order').id
    return await postForCase(context, { purchaseOrderId }, (erp, reference) =>
      erp.purchaseOrderClosing({ purchaseOrderId, reference }),
    )
  },
})
