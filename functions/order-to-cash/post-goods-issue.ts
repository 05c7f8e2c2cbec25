import * as z from 'zod'
import { currentSalesOrder, ownStory, signalOf } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { GoodsIssue } from '#domain/documents.ts'
import { parse } from '#domain/schema.ts'

/** Books in the ERP that the goods of one delivery note have left. */
export const handler = defineStep({
  name: 'PostGoodsIssue',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'goods-issue', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { data } = await signalOf(story, 'goods-issue', number)
    const goodsIssue = parse(GoodsIssue, data, `The goods issue ${number} of ${story.case.pk}`)
    const salesOrderId = currentSalesOrder(story).id
    const issuedOn = context.postingDay(goodsIssue.issuedOn)
    return await postForCase(context, goodsIssue, (erp, reference) =>
      erp.goodsIssue({ goodsIssue: { ...goodsIssue, issuedOn }, salesOrderId, reference }),
    )
  },
})
