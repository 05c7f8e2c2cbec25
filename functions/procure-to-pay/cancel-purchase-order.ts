import * as z from 'zod'
import { currentOrder, ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { carryOutOrRefuse } from '#aws/too-late.ts'

/** Cancels the purchase order in the ERP, unless something has arrived there in the meantime. */
export const handler = defineStep({
  name: 'CancelPurchaseOrder',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'purchase-order-cancellation', number }),
  run: async ({ number }, context) => {
    const purchaseOrderId = currentOrder(await ownStory(context.owner), 'purchase-order').id
    return await carryOutOrRefuse(context, { kind: 'cancellation', number }, () =>
      postForCase(context, { purchaseOrderId }, (erp, reference) =>
        erp.purchaseOrderCancellation({ purchaseOrderId, reference }),
      ),
    )
  },
})
