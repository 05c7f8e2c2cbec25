import { claimCase, type Ownership } from '#aws/case-store.ts'
import { type CaseStory, nextEventOf, readStory } from '#aws/case-story.ts'
import { clock } from '#aws/clock.ts'
import { putCrossReference } from '#aws/cross-reference-store.ts'
import { InboxItem, inboxList } from '#aws/inbox-store.ts'
import { matchBill } from '#aws/match-bill.ts'
import { pickNext } from '#aws/next-event.ts'
import { claimPosting, markBranchDone, markPosted } from '#aws/posting-store.ts'
import { read, readList } from '#aws/table.ts'
import { decisionEvent, decisionSource } from '#domain/decision.ts'
import type { PostingName } from '#domain/keys.ts'
import type { PostedDocument } from '#domain/posting.ts'
import type { BillKind } from '#domain/purchase/books.ts'
import { purchaseContentOf } from '#domain/purchase/content.ts'
import { PurchaseRequisition } from '#domain/purchase-requisition.ts'
import { PurchasingPolicy } from '#domain/purchasing-policy.ts'
import { handler as recordSignal } from '../../../functions/ingress/record-signal.ts'
import { handler as applyDecision } from '../../../functions/operations/apply-decision.ts'
import { names } from '../hub/settings.ts'
import { context } from './inbox-world.ts'

/** What the functions are told by `PURCHASING`. */
export const policy = {
  approvals: [{ company: '*', currency: 'EUR', above: '500.00' }],
  paymentTerms: { days: 30 },
  tolerances: { price: { percent: '2' } },
}

export const caseOf = (number: string) => `erp/purchase-requisition/${number}`
export const ownerOf = (number: string): Ownership => ({
  caseKey: caseOf(number),
  executionArn: `arn:${number}`,
  epoch: 1,
  redriveCount: 0,
})

/** A purchase of ten of P01 at 20.00 from S1, whom the ERP calls 7, under way. */
export async function openPurchase(number: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await putCrossReference('erp', 'supplier', 'S1', names.account, '7')
  const requisition = PurchaseRequisition.parse({
    number,
    company: 'main',
    supplier: 'S1',
    orderedOn: '2026-11-02',
    currency: 'EUR',
    lines: [{ number: '1', item: 'P01', quantity: '10', unitPrice: '20.00' }],
    ...more,
  })
  const content = {
    ...purchaseContentOf(requisition, PurchasingPolicy.parse(policy)),
    version: 1,
    createdVersion: 1,
    fingerprint: 'f',
    mapping: undefined,
  }
  const { caseKey, executionArn, epoch, redriveCount } = ownerOf(number)
  const audit = { stage: 'accepted', by: executionArn }
  await claimCase(
    caseKey,
    'procure-to-pay',
    { executionArn, epoch, redriveCount },
    content,
    requisition,
    undefined,
    audit,
  )
}

/** A document of the purchase stands in the ERP, and that is published. */
export async function post(number: string, name: PostingName, document: PostedDocument): Promise<void> {
  const content = { fingerprint: 'g', reference: `r-${name.document}-${name.number}` }
  const claim = await claimPosting(ownerOf(number), name, undefined, `c-${name.number}`, content, undefined)
  await markPosted(claim, document, undefined)
  await markBranchDone(ownerOf(number), name)
}

/** Ordered, as the ERP's purchase order with this number, and all of it received. */
export async function orderAndReceive(number: string, inErp: string): Promise<void> {
  await post(number, { document: 'purchase-order', number }, { id: '1', number: inErp })
  await receive(number, 'DN-1', '10')
}

export async function receive(number: string, deliveryNote: string, quantity: string): Promise<void> {
  const lines = [{ line: '1', quantity }]
  await post(number, { document: 'goods-receipt', number: deliveryNote }, { id: deliveryNote, lines })
}

/** Delivers an event for a case; the dead letters tell whether it was understood. */
export async function tell(detailType: string, data: unknown, source = 'erp'): Promise<void> {
  const id = `${detailType}-${JSON.stringify(data).length}-${clock.nowMs()}`
  const detail = { metadata: { id }, data }
  const event = { id, source, 'detail-type': detailType, time: '2026-11-24T09:00:00Z', detail }
  await recordSignal({ Records: [{ messageId: id, body: JSON.stringify(event) }] }, context)
}

/** An invoice for the purchase, at this price. */
export const invoice = (purchaseOrder: string, number: string, unitPrice: string, quantity = '10') => ({
  purchaseOrder,
  number,
  issuedOn: '2026-11-20',
  lines: [{ line: '1', quantity, unitPrice }],
})

export async function storyOf(number: string): Promise<CaseStory> {
  const story = await readStory(caseOf(number))
  if (story === undefined) throw new Error(`There is no purchase ${number}`)
  return story
}

/** Matches the document as the machine does, and gives what stands with it then. */
export async function match(number: string, bill: string, kind: BillKind = 'supplier-invoice') {
  await matchBill(ownerOf(number), await storyOf(number), kind, bill)
  return (await storyOf(number)).signals.find((one) => one.kind === kind && one.number === bill)?.match
}

/** What the machine would do next; what it has to ask is asked. */
export async function next(number: string) {
  return await pickNext(ownerOf(number))
}

export async function nextUnasked(number: string) {
  return nextEventOf(await storyOf(number), clock.nowMs())
}

/** The questions about a purchase, answered or not. */
export async function questionsAbout(number: string): Promise<readonly InboxItem[]> {
  const listed = await readList(inboxList, Number.MAX_SAFE_INTEGER, 100)
  const items = listed
    .filter(({ pk }) => pk === caseOf(number))
    .map(({ pk, sk }) => read({ pk: String(pk), sk: String(sk) }))
  return (await Promise.all(items)).map((item) => InboxItem.parse(item))
}

/** Delivers a decision about a question, and gives the question as it is then. */
export async function answer(question: InboxItem, choice: string, by = 'ann'): Promise<InboxItem> {
  const data = {
    item: question.id,
    case: question.pk,
    choice,
    reason: `because ${choice}`,
    by,
    openedAtMs: question.openedAtMs,
  }
  const detail = { metadata: { id: `d-${question.id}-${choice}-${by}` }, data }
  const event = { id: 'b', source: decisionSource, 'detail-type': decisionEvent, time: '2026-11-24T09:00:00Z', detail }
  await applyDecision({ Records: [{ messageId: 'm', body: JSON.stringify(event) }] }, context)
  return InboxItem.parse(await read({ pk: question.pk, sk: question.sk }))
}

/** Ordered, received, billed at a price that is no longer within the tolerance, and matched. */
export async function billInVariance(unitPrice = '21.00'): Promise<void> {
  await openPurchase('R-1')
  await orderAndReceive('R-1', '4711')
  await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-1', unitPrice))
  await match('R-1', 'INV-1')
}
