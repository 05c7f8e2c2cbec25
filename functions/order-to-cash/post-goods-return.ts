import * as z from 'zod'
import { currentSalesOrder, ownStory, signalOf } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { GoodsReturn } from '#domain/documents.ts'
import { parse } from '#domain/schema.ts'

/** Books in the ERP that goods have come back. */
export const handler = defineStep({
  name: 'PostGoodsReturn',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'goods-return', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { data } = await signalOf(story, 'goods-return', number)
    const goodsReturn = parse(GoodsReturn, data, `The goods return ${number} of ${story.case.pk}`)
    const { lines, receivedOn } = goodsReturn
    const salesOrderId = currentSalesOrder(story).id
    const returnedOn = context.postingDay(receivedOn)
    return await postForCase(context, goodsReturn, (erp, reference) =>
      erp.goodsReturn({ salesOrderId, returnNumber: number, returnedOn, lines, reference }),
    )
  },
})
