import { billNamed } from '#domain/purchase/situation.ts'
import { parseSettlement } from '#domain/settlement.ts'
import { type CaseStory, documentOf } from './case-story.ts'
import { clock, isoOf } from './clock.ts'

/** What a payment or an allocation of a purchase settles; its day is the one on which it is carried out. */
export function settlementOf(story: CaseStory, number: string) {
  const { of, amount } = parseSettlement(number)
  const bill = billNamed(of)
  const invoiceId = documentOf(story, bill.kind, bill.number).id
  const carriedOutOn = isoOf(clock.nowMs()).slice(0, 10)
  return { settlement: { invoiceId, amount, currency: story.case.currency }, carriedOutOn }
}
