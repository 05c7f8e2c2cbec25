import * as z from 'zod'
import { ownStory, signalOf } from '#aws/case-story.ts'
import { customerIdOf } from '#aws/customer-of-case.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { IncomingPayment } from '#domain/documents.ts'
import { BusinessError } from '#domain/errors.ts'
import { parse } from '#domain/schema.ts'

/** Books one payment on the customer's account, whatever is invoiced by then. */
export const handler = defineStep({
  name: 'PostIncomingPayment',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'incoming-payment', number }),
  run: async ({ number }, context) => {
    const story = await ownStory(context.owner)
    const { data } = await signalOf(story, 'incoming-payment', number)
    const payment = parse(IncomingPayment, data, `The payment ${number} of ${story.case.pk}`)
    const { amount, currency, receivedOn } = payment
    if (currency !== story.case.currency) throw wrongCurrency(payment, story.case)
    const customerId = await customerIdOf(story.case)
    const paidOn = context.postingDay(receivedOn)
    return await postForCase(context, payment, (erp, reference) =>
      erp.paymentOnAccount({ direction: 'incoming', customerId, amount, currency, paidOn, reference }),
    )
  },
})

function wrongCurrency({ payment, currency }: IncomingPayment, order: { pk: string; currency: string }): BusinessError {
  return new BusinessError(
    {
      code: 'WRONG_CURRENCY',
      message: `currency ${currency} of payment ${payment} is not the order's ${order.currency}`,
      field: 'currency',
      owner: 'finance',
    },
    { document: order.pk },
  )
}
