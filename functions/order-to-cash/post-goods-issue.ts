import * as z from 'zod'
import { defineStep } from '#aws/define-step.ts'
import { erp } from '#aws/erp.ts'
import { postDocument } from '#aws/post-document.ts'
import { postedDocument } from '#aws/posting-store.ts'
import { postingTimes } from '#aws/posting-times.ts'
import { readSignal } from '#aws/signal-store.ts'
import { GoodsIssue } from '#domain/documents.ts'
import { partsOf } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'

/** Books in the ERP that the goods of one delivery note have left. */
export const handler = defineStep({
  name: 'PostGoodsIssue',
  input: { number: z.string() },
  writesToErp: true,
  run: async ({ number }, { owner, endsAtMs }) => {
    const signal = await readSignal(owner.caseKey, 'goods-issue', number)
    const goodsIssue = parse(GoodsIssue, signal?.data, `The goods issue ${number} of ${owner.caseKey}`)
    const salesOrder = await postedDocument(owner.caseKey, {
      document: 'sales-order',
      number: partsOf(owner.caseKey).number,
    })
    const connector = await erp()
    return await postDocument({
      owner,
      name: { document: 'goods-issue', number },
      content: goodsIssue,
      plan: (reference) => connector.goodsIssue({ goodsIssue, salesOrderId: salesOrder.id, reference }),
      referenceLength: connector.facts.referenceLength['goods-issue'],
      system: connector.name,
      times: postingTimes(),
      endsAtMs,
    })
  },
})
