import * as z from 'zod'
import { currentOrder, ownStory, signalOf } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { GoodsReturned } from '#domain/purchase-requisition.ts'
import { parse } from '#domain/schema.ts'

/** Books in the ERP that goods went back to the supplier. */
export const handler = defineStep({
  name: 'PostSupplierReturn',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'supplier-return', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { data } = await signalOf(story, 'supplier-return', number)
    const returned = parse(GoodsReturned, data, `The return ${number} of ${story.case.pk}`)
    const { returnedOn, lines } = returned
    const purchaseOrderId = currentOrder(story, 'purchase-order').id
    const bookedOn = context.postingDay(returnedOn)
    return await postForCase(context, returned, (erp, reference) =>
      erp.supplierReturn({ purchaseOrderId, returnNumber: number, returnedOn: bookedOn, lines, reference }),
    )
  },
})
