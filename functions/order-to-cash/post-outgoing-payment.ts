import * as z from 'zod'
import { ownStory, signalOf } from '#aws/case-story.ts'
import { customerIdOf } from '#aws/customer-of-case.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { Refund } from '#domain/documents.ts'
import { parse } from '#domain/schema.ts'
import { parseSettlement } from '#domain/settlement.ts'

/** Books that money of a refund goes from the customer's account to the customer. */
export const handler = defineStep({
  name: 'PostOutgoingPayment',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'outgoing-payment', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { of, amount } = parseSettlement(number)
    const { data } = await signalOf(story, 'refund', of)
    const { requestedOn } = parse(Refund, data, `The refund ${of} of ${story.case.pk}`)
    const payment = { customerId: await customerIdOf(story.case), amount, currency: story.case.currency }
    const paidOn = context.postingDay(requestedOn)
    return await postForCase(context, payment, (erp, reference) =>
      erp.paymentOnAccount({ ...payment, direction: 'outgoing', paidOn, reference }),
    )
  },
})
