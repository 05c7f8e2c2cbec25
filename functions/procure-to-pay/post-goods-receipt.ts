import * as z from 'zod'
import { currentOrder, ownStory, signalOf } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { GoodsReceived } from '#domain/purchase-requisition.ts'
import { parse } from '#domain/schema.ts'

/** Books in the ERP that the goods of one delivery note have arrived, as many as were counted. */
export const handler = defineStep({
  name: 'PostGoodsReceipt',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'goods-receipt', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { data } = await signalOf(story, 'goods-receipt', number)
    const received = parse(GoodsReceived, data, `The goods receipt ${number} of ${story.case.pk}`)
    const { receivedOn, lines } = received
    const purchaseOrderId = currentOrder(story, 'purchase-order').id
    const bookedOn = context.postingDay(receivedOn)
    return await postForCase(context, received, (erp, reference) =>
      erp.goodsReceipt({ purchaseOrderId, receivedOn: bookedOn, lines, reference }),
    )
  },
})
