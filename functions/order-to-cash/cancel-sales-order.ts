import * as z from 'zod'
import { currentSalesOrder, ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { carryOutOrRefuse } from '#aws/too-late.ts'

/** Cancels the sales order in the ERP, unless something has left there in the meantime. */
export const handler = defineStep({
  name: 'CancelSalesOrder',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'sales-order-cancellation', number }),
  run: async ({ number }, context) => {
    const { owner } = context
    const salesOrderId = currentSalesOrder(await ownStory(owner)).id
    return await carryOutOrRefuse(context, { kind: 'cancellation', number }, () =>
      postForCase(context, { salesOrderId }, (erp, reference) =>
        erp.salesOrderCancellation({ salesOrderId, reference }),
      ),
    )
  },
})
