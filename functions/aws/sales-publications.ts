import { partsOf } from '#domain/keys.ts'
import { type CaseStory, documentOf } from './case-story.ts'
import { publishHubEvent } from './publisher.ts'

/** What every order says: of which posting it tells, and how the number is called under which that was done. */
const told = {
  'sales-order': { event: 'SalesOrderCreated', posting: 'sales-order' },
  'goods-issue': { event: 'CustomerInvoiceCreated', posting: 'customer-invoice', number: 'deliveryNote' },
  'incoming-payment': { event: 'IncomingPaymentPosted', posting: 'incoming-payment', number: 'payment' },
} as const

export const toldKinds = ['sales-order', 'goods-issue', 'incoming-payment'] as const
export type ToldKind = (typeof toldKinds)[number]

/** Publishes what a branch has come to, before it is marked as done: a branch that is cut short in between tells again. */
export async function publishSale(story: CaseStory, kind: ToldKind, number: string): Promise<void> {
  const { event, posting, ...more } = told[kind]
  const { pk } = story.case
  const isNumbered = 'number' in more
  await publishHubEvent(event, {
    id: isNumbered ? `${pk}/${event}/${number}` : `${pk}/${event}`,
    caseKey: pk,
    data: {
      salesOrder: partsOf(pk).number,
      ...(isNumbered && { [more.number]: number }),
      document: documentOf(story, posting, number),
    },
  })
}

export function isTold(kind: string): kind is ToldKind {
  return toldKinds.some((one) => one === kind)
}
