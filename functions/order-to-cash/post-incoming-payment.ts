import * as z from 'zod'
import { type CaseStory, readStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { erp } from '#aws/erp.ts'
import { postDocument } from '#aws/post-document.ts'
import { postingTimes } from '#aws/posting-times.ts'
import { decideShares } from '#aws/signal-store.ts'
import { IncomingPayment } from '#domain/documents.ts'
import { BusinessError } from '#domain/errors.ts'
import { minus, sum } from '#domain/money.ts'
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
    if (signal === undefined) throw new Error(`${owner.caseKey} has no payment ${number}`)
    const connector = await erp()
    const shares = signal.shares ?? (await decideShares(owner, signal, sharesOf(payment, story)))
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

/**
 * What the open invoices take of it, the oldest first. Other payments have taken their shares of them, whether or not
 * they are posted yet.
 */
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
  const taken = story.signals.flatMap((one) => one.shares ?? [])
  const invoices = story.postings
    .filter((one) => one.kind === 'customer-invoice' && one.status === 'posted')
    .sort((one, other) => (one.postedAtMs ?? 0) - (other.postedAtMs ?? 0) || (one.number < other.number ? -1 : 1))
    .flatMap(({ document }) => {
      if (document === undefined) return []
      const settled = sum(taken.filter(({ invoiceId }) => invoiceId === document.id).map(({ amount }) => amount))
      return [{ id: document.id, amount: minus(document.amount ?? '0', settled.toFixed()) }]
    })
  const shares = sharePayment(payment.amount, invoices)
  return (
    shares ??
    refuse(
      'OVERPAYMENT',
      'amount',
      `amount ${payment.amount} of payment ${payment.payment} is more than the open invoices of ${story.case.pk} take`,
    )
  )
}
