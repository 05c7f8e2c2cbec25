import type { BillKind } from '#domain/purchase/books.ts'
import { matchInCase } from '#domain/purchase/match-in-case.ts'
import { matchBasis } from '#domain/purchase/situation.ts'
import { dueOn, PurchaseRequisition, purchaseOrderOf } from '#domain/purchase-requisition.ts'
import { billsOf, type StoredBill } from './bills-of-case.ts'
import { readBody } from './body-store.ts'
import { type Ownership, ownsCase, superseded } from './case-store.ts'
import { type CaseStory, signalOf } from './case-story.ts'
import { purchasingPolicy } from './purchasing-policy.ts'
import type { StoredMatch } from './signal-store.ts'
import { claimNumber } from './supplier-number-store.ts'
import { supplierIdOf } from './supplier-of-case.ts'
import { transact } from './table.ts'

/**
 * Matches one supplier's document with what was ordered, what is booked of it, and the case's other documents, and stores
 * the outcome with the document. Run twice on the same ground it stores it once.
 * @throws BusinessError UNKNOWN_SUPPLIER; SupersededError when the execution no longer owns the case
 */
export async function matchBill(owner: Ownership, story: CaseStory, kind: BillKind, number: string): Promise<void> {
  const basis = matchBasis(story.case.version, story.signals, story.postings)
  const seen = story.signals.find((one) => one.kind === kind && one.number === number)
  if (seen === undefined) throw new Error(`${owner.caseKey} has no ${kind} ${number}`)
  if (seen.match?.basis === basis || seen.match?.decision === 'accept') return
  const requisition = await readBody(PurchaseRequisition, owner.caseKey, story.case.version)
  const bills = await billsOf(story, requisition)
  const own = bills.find((one) => one.kind === kind && one.signal === number)
  if (own === undefined) throw new Error(`${owner.caseKey} has no ${kind} ${number} that counts`)
  const policy = purchasingPolicy()
  const matched = matchInCase({
    order: purchaseOrderOf(requisition),
    tolerances: policy.tolerances,
    receipts: movedOf(story, 'goods-receipt'),
    returns: movedOf(story, 'supplier-return'),
    isEnded: story.postings.some(({ kind, status }) => status === 'posted' && ends.includes(kind)),
    own,
    others: bills.filter((one) => one !== own),
    usedBefore: await claimNumber({
      caseKey: owner.caseKey,
      kind,
      supplierId: await supplierIdOf(story.case),
      number: own.document.number,
    }),
  })
  const due = kind === 'supplier-invoice' ? await dueDayOf(story, requisition, own) : undefined
  const round = (seen.match?.round ?? 0) + 1
  await storeMatch(owner, { pk: seen.pk, sk: seen.sk }, { ...matched, basis, round, dueOn: due })
}

const ends = ['purchase-order-closing', 'purchase-order-cancellation']

/** What stands in the ERP of goods, in the order lines' units. */
function movedOf({ postings }: CaseStory, kind: string) {
  return postings
    .filter((one) => one.kind === kind && one.status === 'posted')
    .map(({ number, document }) => ({ number, lines: document?.lines ?? [] }))
}

async function dueDayOf(story: CaseStory, requisition: PurchaseRequisition, { document, toldOn }: StoredBill) {
  const usual = purchasingPolicy().paymentTerms
  const agreed = requisition.paymentTerms
  const receivedOn = (agreed ?? usual).from === 'last-receipt' ? await lastReceipt(story) : undefined
  return dueOn({ agreed, usual, issuedOn: document.issuedOn ?? toldOn, statedDueOn: document.dueOn, receivedOn })
}

async function lastReceipt(story: CaseStory): Promise<string | undefined> {
  const booked = story.signals.filter((one) => one.kind === 'goods-receipt' && one.consumedAtMs !== undefined)
  const days: string[] = []
  for (const { kind, number } of booked) {
    const { data } = await signalOf(story, kind, number)
    const day = typeof data === 'object' && data !== null ? Reflect.get(data, 'receivedOn') : undefined
    if (typeof day === 'string') days.push(day)
  }
  return days.sort().at(-1)
}

/** What a person has accepted or disputed meanwhile stands. */
async function storeMatch(owner: Ownership, key: { pk: string; sk: string }, match: StoredMatch): Promise<void> {
  const written = await transact([
    ownsCase(owner),
    {
      key,
      update: 'SET #match = :match',
      condition: `attribute_not_exists(consumedAtMs) AND attribute_not_exists(refusal) AND ${match.round === 1 ? 'attribute_not_exists(#match)' : '#match.round = :before AND (attribute_not_exists(#match.decision) OR #match.decision = :wait)'}`,
      names: { '#match': 'match' },
      values: { ':match': match, ...(match.round > 1 && { ':before': match.round - 1, ':wait': 'wait' }) },
    },
  ])
  if (!written.ok && written.index === 0) throw superseded(owner)
}
