import { isEnded } from '#aws/case-store.ts'
import { type CaseStory, nextEventOf } from '#aws/case-story.ts'
import { partsOf } from '#domain/keys.ts'
import type { NextEvent } from '#domain/next-event/situation.ts'
import { processes, processOf } from '#domain/processes.ts'

/** What a case has posted, and what it would post when it goes on: from the table alone, nothing is asked of the ERP. */
export interface Outlook {
  readonly posted: readonly string[]
  /** Postings that were begun and would be taken up again, with how they stand. */
  readonly begun: readonly string[]
  /** What it would claim anew first; the rest follows from what is then posted. */
  readonly next: readonly string[]
  /** Events that wait for the case. */
  readonly waiting: readonly string[]
}

export function outlookOf(story: CaseStory, nowMs: number): Outlook {
  const names = new Set(story.postings.map(nameOf))
  return {
    ...standOf(story.postings),
    next: documentsOf(story, nowMs).filter((name) => !names.has(name)),
    waiting: story.signals.filter(({ consumedAtMs }) => consumedAtMs === undefined).map(nameOf),
  }
}

/** How postings stand, in words. */
export function standOf(postings: CaseStory['postings']): Pick<Outlook, 'posted' | 'begun'> {
  const posted = postings.filter(({ status }) => status === 'posted')
  return {
    posted: posted.map((one) =>
      one.document === undefined ? nameOf(one) : `${nameOf(one)} (${one.document.number ?? one.document.id})`,
    ),
    begun: postings.filter(({ status }) => status !== 'posted').map((one) => `${nameOf(one)} (${one.status})`),
  }
}

function nameOf({ kind, number }: { readonly kind: string; readonly number: string }): string {
  return `${kind}/${number}`
}

function documentsOf(story: CaseStory, nowMs: number): readonly string[] {
  const { pk, status } = story.case
  // It goes on only when something new comes of it.
  if (isEnded(status)) return []
  const { order } = processes[processOf(pk)]
  const first = `${order}/${partsOf(pk).number}`
  const isPosted = story.postings.some(({ kind, status }) => kind === order && status === 'posted')
  // The machine of sales brings its order into the ERP before it decides anything.
  if (!isPosted && order === 'sales-order') return [first]
  const next = nextEventOf(story, nowMs)
  return next.kind === 'purchase-order' ? [first] : documentsOfNext(next, order)
}

/** The documents that a branch of the machine posts. */
export function documentsOfNext(next: NextEvent, order: 'sales-order' | 'purchase-order'): readonly string[] {
  switch (next.kind) {
    case 'goods-issue':
      return [`goods-issue/${next.number}`, `customer-invoice/${next.number}`]
    case 'goods-return':
      return [`goods-return/${next.number}`, `credit-note/goods-return/${next.number}`]
    case 'refund':
      return [`credit-note/refund/${next.number}`]
    case 'change':
      return [`${order}-amendment/${next.number}`]
    case 'cancellation':
      return [`${order}-cancellation/${next.number}`]
    case 'closing':
      return [`${order}-closing/${next.number}`]
    case 'incoming-payment':
    case 'payment-allocation':
    case 'outgoing-payment':
    case 'goods-receipt':
    case 'supplier-return':
    case 'supplier-invoice':
    case 'supplier-credit-note':
    case 'purchase-order':
    case 'supplier-payment':
    case 'supplier-payment-allocation':
      return [`${next.kind}/${next.number}`]
    case 'approval':
    case 'match':
    case 'refusal':
    case 'replacement':
    case 'set-aside':
    case 'deadline':
    case 'settled':
    case 'nothing-yet':
      return []
  }
}
