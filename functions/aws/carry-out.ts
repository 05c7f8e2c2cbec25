import type { AuditFacts } from '#domain/audit/entry.ts'
import type { Decision } from '#domain/decision.ts'
import { type Choice, knowableAtMs } from '#domain/inbox.ts'
import { sortKey } from '#domain/keys.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { adoptedPart } from './adopt.ts'
import { answerParts } from './answer.ts'
import type { AuditFact } from './audit.ts'
import { type CaseItem, caseList, nobody } from './case-store.ts'
import { clock, isoOf } from './clock.ts'
import type { Background } from './inbox-ground.ts'
import { decidedPart, factOf, type InboxItem, type StoredDecision } from './inbox-store.ts'
import { postingTimes } from './posting-times.ts'
import type { SignalItem } from './signal-store.ts'
import type { Key, Part } from './table.ts'

export type CarriedOut =
  | { readonly parts: readonly Part[]; readonly fact: AuditFact }
  /** Why it cannot be done. */
  | { readonly code: string; readonly message: string }

/** A transaction has 100 parts at most; a case with more signals than that is no case that a person closes. */
const maxSignals = 90

/**
 * The one transaction that carries a decision out: the question is decided, what was chosen is written, and the audit
 * entry says who, what, why, before and after. Each part is conditional on what the person saw.
 * @param document that is adopted
 */
export function partsOf(
  item: InboxItem,
  background: Background,
  decision: Decision,
  stored: StoredDecision,
  document: PostedDocument | undefined,
): CarriedOut {
  const { story, posting } = background
  if (posting?.leaseEndsAtMs !== undefined && clock.nowMs() < posting.leaseEndsAtMs + postingTimes().skewMs) {
    return { code: 'IN_PROGRESS', message: `an attempt is at work on it until ${isoOf(posting.leaseEndsAtMs)}` }
  }
  if (decision.choice === 'not-posted') {
    const fromMs = knowableAtMs(posting?.sentAtMs, postingTimes())
    if (clock.nowMs() < fromMs) {
      return { code: 'TOO_EARLY', message: `the ERP may show it as late as ${isoOf(fromMs)}: look again then` }
    }
  }
  const underWay = story?.postings.find(({ status }) => status === 'claimed' || status === 'in-doubt')
  if (item.ground.waitingCase && decision.choice === 'close-case' && underWay !== undefined) {
    return {
      code: 'IN_PROGRESS',
      message: `${underWay.kind} ${underWay.number} is under way: decide again when it is through`,
    }
  }
  const signals = consumedBy(decision.choice, background)
  if (signals.length > maxSignals) {
    return { code: 'TOO_MANY_SIGNALS', message: `${signals.length} signals wait for the case: decide them first` }
  }
  return {
    parts: [
      decidedPart(item, stored),
      ...casePart(item, background, stored),
      ...postingPart(item, background, decision.choice, document, stored.id),
      ...signals.map((one) => consumed(one, stored)),
      ...(document && item.posting ? adoptedPart(item.pk, item.posting, document.id) : []),
    ],
    fact: decided(item, background, stored, document),
  }
}

/** Each signal that waits is set aside with its case; a single one with the question that is about it. */
function consumedBy(choice: Choice, { story, signal }: Background): readonly SignalItem[] {
  if (choice === 'close-case') return (story?.signals ?? []).filter((one) => one.consumedAtMs === undefined)
  return choice === 'ignore' && signal !== undefined && signal.consumedAtMs === undefined ? [signal] : []
}

/** Consumed, and why it is not carried out: the books go on without it. */
function consumed({ pk, sk }: SignalItem, { choice, reason }: StoredDecision): Part {
  const code = choice === 'close-case' ? 'CASE_CLOSED' : 'IGNORED'
  return {
    key: { pk, sk },
    update:
      'SET consumedAtMs = :now, refusal = if_not_exists(refusal, :refusal) REMOVE listKey, listedAtMs, parkedUntilMs',
    condition: 'attribute_exists(pk) AND attribute_not_exists(consumedAtMs)',
    values: { ':now': clock.nowMs(), ':refusal': { code, message: reason } },
  }
}

/** The case still stands still for the same failure, or is still not there; closing it ends it. */
function casePart({ pk, ground }: InboxItem, { story }: Background, decision: StoredDecision): readonly Part[] {
  const { choice } = decision
  const key = { pk, sk: sortKey.case }
  const names = { '#owner': 'owner', '#status': 'status' }
  if (ground.execution !== undefined && story !== undefined) {
    const condition =
      '#owner.executionArn = :arn AND #owner.redriveCount <= :redrives AND #status IN (:failed, :rejected) AND signalCount = :count'
    const values = {
      ':arn': ground.execution.arn,
      ':redrives': ground.execution.redriveCount,
      ':failed': 'failed',
      ':rejected': 'rejected',
      ':count': story.case.signalCount,
    }
    if (choice !== 'close-case') return [{ check: key, condition, names, values }]
    const closed = {
      ':closed': 'closed',
      ':list': caseList(story.case.process, 'closed'),
      ':now': clock.nowMs(),
      ':yes': true,
    }
    const update = 'SET #status = :closed, isClosedByPerson = :yes, listKey = :list, listedAtMs = :now'
    return [{ key, update, condition, names, values: { ...values, ...closed } }]
  }
  if (ground.asks !== undefined && story !== undefined) return answerParts(story.case, ground.asks, decision)
  if (ground.waitingCase && story !== undefined) return waitingCasePart(key, story.case, choice)
  if (!ground.parkedSignal) return []
  if (story === undefined) return [{ check: key, condition: 'attribute_not_exists(pk)' }]
  const values = { ':status': story.case.status }
  return [{ check: key, condition: '#status = :status', names: { '#status': 'status' }, values }]
}

/** Closing a case that waits takes it from its execution, which ends when it is woken. */
function waitingCasePart(key: Key, seen: CaseItem, choice: Choice): readonly Part[] {
  const condition = '#status = :open AND #owner.epoch = :epoch AND signalCount = :count'
  const names = { '#owner': 'owner', '#status': 'status' }
  const values = { ':open': 'open', ':epoch': seen.owner.epoch, ':count': seen.signalCount }
  if (choice !== 'close-case') return [{ check: key, condition, names, values }]
  const update = 'SET #status = :closed, #owner = :nobody, isClosedByPerson = :yes, listKey = :list, listedAtMs = :now'
  const closed = {
    ':closed': 'closed',
    ':nobody': { executionArn: nobody, epoch: seen.owner.epoch + 1, redriveCount: 0 },
    ':yes': true,
    ':list': caseList(seen.process, 'closed'),
    ':now': clock.nowMs(),
  }
  return [{ key, update, condition, names, values: { ...values, ...closed } }]
}

/** The posting as the person saw it, or what the decision makes of it. A new claimId shuts out whoever had the last one. */
function postingPart(
  item: InboxItem,
  { posting }: Background,
  choice: Choice,
  document: PostedDocument | undefined,
  id: string,
): readonly Part[] {
  if (item.posting === undefined || item.ground.execution === undefined) return []
  const key = { pk: item.pk, sk: sortKey.posting(item.posting) }
  if (posting === undefined) return [{ check: key, condition: 'attribute_not_exists(pk)' }]
  const claim = posting.claimId === undefined ? 'attribute_not_exists(claimId)' : 'claimId = :seenClaim'
  const seen = {
    condition: `#status = :seenStatus AND fence = :seenFence AND ${claim}`,
    names: { '#status': 'status' },
    values: {
      ':seenStatus': posting.status,
      ':seenFence': posting.fence,
      ...(posting.claimId !== undefined && { ':seenClaim': posting.claimId }),
    },
  }
  const more = (values: Record<string, unknown>) => ({ ...seen, values: { ...seen.values, ...values } })
  if (document !== undefined) {
    const update =
      'SET #status = :posted, document = :document, postedAtMs = :now, fence = fence + :one, claimId = :id REMOVE leaseEndsAtMs, sentAtMs, intent, applied, refusal, standing, seen'
    const values = { ':posted': 'posted', ':document': document, ':now': clock.nowMs(), ':one': 1, ':id': id }
    return [{ key, update, ...more(values) }]
  }
  if (choice !== 'not-posted') return [{ check: key, ...seen }]
  // What earlier operations have applied stays known; without any there is no posting.
  if ((posting.applied?.operations ?? 0) === 0) return [{ remove: key, ...seen }]
  const update =
    'SET #status = :claimed, fence = fence + :one, claimId = :id REMOVE leaseEndsAtMs, sentAtMs, intent, refusal'
  return [{ key, update, ...more({ ':claimed': 'claimed', ':one': 1, ':id': id }) }]
}

function decided(
  item: InboxItem,
  { story, posting }: Background,
  decision: StoredDecision,
  document: PostedDocument | undefined,
): AuditFact {
  const fact = factOf(item, decision)
  const before = { ...fact.before, case: story?.case.status ?? 'none', ...(posting && { posting: posting.status }) }
  return { ...fact, stage: 'decided', document, before, after: { inbox: 'decided', ...afterOf[decision.choice] } }
}

const afterOf: Readonly<Record<Choice, AuditFacts>> = {
  adopt: { posting: 'posted', case: 'goes on' },
  'not-posted': { posting: 'as before it was sent', case: 'goes on' },
  'post-again': { case: 'goes on' },
  ignore: { signal: 'set aside' },
  'close-case': { case: 'closed' },
  approve: { approval: 'given', case: 'goes on' },
  reject: { approval: 'declined' },
  accept: { document: 'accepted as it is', case: 'goes on' },
  dispute: { document: 'disputed' },
  wait: { document: 'waits' },
  replay: { difference: 'repaired' },
  cancel: { difference: 'repaired' },
  adjust: { difference: 'to be adjusted' },
}
