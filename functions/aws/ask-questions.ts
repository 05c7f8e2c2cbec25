import type { Owner } from '#domain/errors.ts'
import type { Question } from '#domain/next-event/situation.ts'
import { netTotalOf, PurchaseRequisition } from '#domain/purchase-requisition.ts'
import { parse } from '#domain/schema.ts'
import type { Outcome } from '#domain/three-way-match/outcome.ts'
import { type CaseStory, signalOf } from './case-story.ts'
import { isoOf } from './clock.ts'
import { type NewInboxItem, openInboxItem } from './inbox-store.ts'
import { identityOf } from './unasked.ts'

/** Asks what a case waits for a person for; what was asked before is not asked again. */
export async function askQuestions(story: CaseStory, asks: readonly Question[]): Promise<void> {
  for (const ask of asks) {
    const question = ask.kind === 'approval' ? await approvalOf(story, ask.version) : varianceOf(story, ask)
    await openInboxItem({ ...question, ...identityOf(story, ask), ground: { asks: ask } })
  }
}

type Asked = Omit<NewInboxItem, 'caseKey' | 'kind' | 'ground' | 'signal' | 'occurrence'>

async function approvalOf(story: CaseStory, version: string): Promise<Asked> {
  const { pk, version: current, netTotal, currency, deadlineAtMs } = story.case
  if (Number(version) === current) {
    const until = isoOf(deadlineAtMs).slice(0, 16)
    const question = `${pk} is over ${netTotal} ${currency} net and is not ordered before somebody agrees; overdue from ${until} UTC.`
    return { owner: 'purchasing', question, amount: netTotal, currency }
  }
  const { data } = await signalOf(story, 'change', version)
  const changed = parse(PurchaseRequisition, data, `Version ${version} of ${pk}`)
  const amount = netTotalOf(changed)
  return {
    owner: 'purchasing',
    question: `Version ${version} of ${pk} is over ${amount} ${changed.currency} net instead of ${netTotal} ${currency}; the order stays as it is until somebody agrees.`,
    amount,
    currency: changed.currency,
  }
}

function varianceOf(story: CaseStory, { signal }: Extract<Question, { kind: 'variance' }>): Asked {
  const match = story.signals.find(({ kind, number }) => kind === signal.kind && number === signal.number)?.match
  if (match === undefined) throw new Error(`${story.case.pk}: ${signal.kind} ${signal.number} was never matched`)
  const { currency } = story.case
  const name = `${signal.kind === 'supplier-invoice' ? 'Invoice' : 'Credit note'} ${signal.number}`
  return {
    owner: ownerOf[match.outcome],
    code: match.outcome,
    question: `${name} over ${match.payable} ${currency} is not as ordered and received: ${match.summary}`,
    amount: match.payable,
    currency,
    isBookable: match.isBookable,
  }
}

/** Who can find out what is behind it. */
const ownerOf: Readonly<Record<Outcome, Owner>> = {
  'duplicate-number': 'finance',
  'wrong-currency': 'finance',
  'unknown-line': 'purchasing',
  'over-invoiced': 'purchasing',
  'quantity-variance': 'warehouse',
  'price-variance': 'purchasing',
  'missing-receipt': 'warehouse',
  matched: 'finance',
}
