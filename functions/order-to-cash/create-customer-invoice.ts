import * as z from 'zod'
import { currentSalesOrder, documentOf, ownStory, signalOf } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { GoodsIssue } from '#domain/documents.ts'
import { parse } from '#domain/schema.ts'

/** Invoices one delivery, under the delivery note's number. */
export const handler = defineStep({
  name: 'CreateCustomerInvoice',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'customer-invoice', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { data } = await signalOf(story, 'goods-issue', number)
    const { issuedOn } = parse(GoodsIssue, data, `The goods issue ${number} of ${story.case.pk}`)
    const invoice = {
      salesOrderId: currentSalesOrder(story).id,
      deliveryId: documentOf(story, 'goods-issue', number).id,
      invoicedOn: issuedOn,
    }
    const invoicedOn = context.postingDay(issuedOn)
    return await postForCase(context, invoice, (erp, reference) =>
      erp.customerInvoice({ ...invoice, invoicedOn, reference }),
    )
  },
})
