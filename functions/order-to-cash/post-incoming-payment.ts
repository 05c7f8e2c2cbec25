import * as z from 'zod'
import { type CaseStory, readStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { erp } from '#aws/erp.ts'
import { postDocument } from '#aws/post-document.ts'
import { postingTimes } from '#aws/posting-times.ts'
import { IncomingPayment } from '#domain/documents.ts'
import { BusinessError } from '#domain/errors.ts'
import { type PaymentShare, sharePayment } from '#domain/pick-next-event.ts'
import { parse } from '#domain/schema.ts'

/** Books one payment against the open invoices of the order, the oldest first. */
export const handler = defineStep({
  name: 'PostIncomingPayment',
  input: { number: z.string() },
  writesToErp: true,
  run: async ({ number }, { owner, endsAtMs }) => {
    const story = await readStory(owner.caseKey)
    if (story === undefined) throw new Error(`There is no case ${owner.caseKey}`)
    const signal = story.signals.find((one) => one.kind === 'incoming-payment' && one.number === number)
    const payment = parse(IncomingPayment, signal?.data, `The payment ${number} of ${owner.caseKey}`)
    const connector = await erp()
    const shares = sharesOf(payment, story)
    return await postDocument({
      owner,
      name: { document: 'incoming-payment', number },
      content: { payment, shares },
      plan: (reference) => connector.incomingPayment({ payment, shares, reference }),
      referenceLength: connector.facts.referenceLength['incoming-payment'],
      system: connector.name,
      times: postingTimes(),
      endsAtMs,
    })
  },
})

/** Only what was posted before this payment counts, so that a replay shares it out as the first time. */
function sharesOf(payment: IncomingPayment, story: CaseStory): readonly PaymentShare[] {
  const refuse = (code: string, field: string, message: string): never => {
    throw new BusinessError({ code, message, field, owner: 'finance' }, { document: story.case.pk })
  }
  if (payment.currency !== story.case.currency) {
    refuse(
      'WRONG_CURRENCY',
      'currency',
      `currency ${payment.currency} of payment ${payment.payment} is not the order's ${story.case.currency}`,
    )
  }
  const own = story.postings.find((one) => one.kind === 'incoming-payment' && one.number === payment.payment)
  const before = own?.postedAtMs ?? Number.POSITIVE_INFINITY
  const posted = (kind: string) =>
    story.postings
      .filter((one) => one.kind === kind && one.status === 'posted' && one !== own && (one.postedAtMs ?? 0) < before)
      .sort((one, other) => (one.postedAtMs ?? 0) - (other.postedAtMs ?? 0) || (one.number < other.number ? -1 : 1))
      .flatMap((one) => (one.document === undefined ? [] : [one.document]))
  const invoices = posted('customer-invoice').map(({ id, amount = '0' }) => ({ id, amount }))
  const paid = posted('incoming-payment').map(({ amount = '0' }) => amount)
  const shares = sharePayment(payment.amount, invoices, paid)
  return (
    shares ??
    refuse(
      'OVERPAYMENT',
      'amount',
      `amount ${payment.amount} of payment ${payment.payment} is more than the open invoices of ${story.case.pk} take`,
    )
  )
}
