import type { Question as Asked } from '#domain/next-event/situation.ts'
import { type Repair, repairs } from '#domain/reconciliation/difference.ts'
import type { CaseStatus } from './accept.ts'
import type { ErrorClass, Owner } from './errors.ts'
import { canonicalJson } from './fingerprint.ts'
import { compareDecimals } from './money.ts'
import type { PostingStatus, PostingTimes } from './posting.ts'

/**
 * The inbox: what needs a person, and what that person may decide. Pure; functions/aws/inbox-store.ts holds the same
 * rules as condition expressions, so that a decision on ground that has changed writes nothing.
 */

export const inboxOwners = [
  'sales',
  'finance',
  'warehouse',
  'purchasing',
  'integration',
] as const satisfies readonly Owner[]

export const inboxKinds = [
  /** Sent, and neither the ERP nor a repeat tells whether it was applied. */
  'doubt',
  /** Something else stands in the ERP under the same key, or it stands there twice. */
  'conflict',
  /** A rule of the ERP or of the hub says no, and the case stands still. */
  'refusal',
  /** An event for a case that nobody has submitted, that is rejected, or that a person has closed. */
  'orphan-signal',
  /** A newer version or other content of an order that the hub did not take. */
  'refused-change',
  'refused-cancellation',
  /** The deadline is over, and the case still waits for something. */
  'overdue',
  /** A purchase that the buyer's policy lets nobody order alone. */
  'approval',
  /** A supplier's document that is not as ordered and received. */
  'variance',
  /** The books do not agree on a document. */
  'difference',
] as const
export type InboxKind = (typeof inboxKinds)[number]

export const choices = [
  'adopt',
  'not-posted',
  'post-again',
  'ignore',
  'close-case',
  'approve',
  'reject',
  'accept',
  'dispute',
  'wait',
  'replay',
  'cancel',
  'adjust',
] as const
export type Choice = (typeof choices)[number]

/** What each choice does, in words for whoever decides. */
export const meaningOf: Readonly<Record<Choice, string>> = {
  adopt: 'the document with this number (or id) in the ERP is the one: the posting is posted with it, the case goes on',
  'not-posted': 'somebody has looked in the ERP, and it is not there: the doubt ends, the case goes on and posts it',
  'post-again': 'the cause is mended: the case goes on and tries again',
  ignore:
    'it is set aside with the reason, and nothing of it undone; a case that stood still for it goes on without it',
  'close-case': 'the case ends as closed with the reason; what waited for it is set aside',
  approve: 'it is ordered as it stands; a later version is asked about anew',
  reject: 'it is not ordered, or stays as it was ordered; whoever asked for it is told the reason',
  accept: 'it is posted and paid as the supplier wrote it, although it differs',
  dispute: 'it is never posted, and no longer holds up other payments; that it is disputed is told, with the reason',
  wait: 'nothing is posted now; it is matched anew, and asked about again, when goods, a return or another document come',
  replay: repairs.replay,
  cancel: repairs.cancel,
  adjust: repairs.adjust,
}

const choicesOfKind: Readonly<Record<InboxKind, readonly Choice[]>> = {
  doubt: ['adopt', 'not-posted', 'post-again', 'close-case'],
  conflict: ['adopt', 'post-again', 'close-case'],
  refusal: ['post-again', 'adopt', 'ignore', 'close-case'],
  'orphan-signal': ['ignore'],
  'refused-change': ['ignore'],
  'refused-cancellation': ['ignore'],
  overdue: ['ignore', 'close-case'],
  approval: ['approve', 'reject'],
  variance: ['accept', 'dispute', 'wait'],
  difference: ['replay', 'adopt', 'cancel', 'adjust', 'ignore'],
}

/** What a question is about, as far as it decides what may be chosen. */
export interface Subject {
  readonly code?: string | undefined
  /** How the posting stands; none when the failure came before its first claim. */
  readonly posting?: PostingStatus | undefined
  readonly hasSignal: boolean
  /** False for a supplier's document that the order has no lines for, or in another currency: no ERP could book it. */
  readonly isBookable?: boolean | undefined
  /** Of a difference: what can be done about one of its class. */
  readonly repairs?: readonly Repair[] | undefined
}

/** The choices that a question of this kind allows. */
export function choicesOf(kind: InboxKind, subject: Subject): readonly Choice[] {
  const { code, posting, hasSignal, isBookable, repairs: ofClass } = subject
  return choicesOfKind[kind].filter((choice) => {
    if (ofClass !== undefined) return ofClass.some((repair) => repair === choice)
    if (choice === 'adopt') return posting !== undefined && posting !== 'posted'
    if (choice === 'not-posted') return posting === 'in-doubt'
    // A repeat of what the ERP can neither refuse nor find would only ask again.
    if (choice === 'post-again') return code !== 'IN_DOUBT'
    if (choice === 'accept') return isBookable !== false
    if (choice === 'ignore') return kind !== 'refusal' || (hasSignal && posting !== 'in-doubt')
    return true
  })
}

/** The kind of question that a failure asks; undefined: none that a decision could answer, it is redriven instead. */
export function kindOfFailure(
  errorClass: ErrorClass,
  code: string,
  posting: PostingStatus | undefined,
): InboxKind | undefined {
  if (errorClass !== 'business') return undefined
  if (code === 'CONFLICT') return 'conflict'
  return code === 'IN_DOUBT' || posting === 'in-doubt' ? 'doubt' : 'refusal'
}

/** How a posting stood when its question was asked. */
export interface PostingGround {
  readonly status: PostingStatus
  readonly fence: number
  readonly claimId?: string | undefined
}

/** What a question stands on. It is answered by itself when this no longer holds. */
export interface Ground {
  /** The failure of this execution stopped the case. */
  readonly execution?: { readonly arn: string; readonly redriveCount: number } | undefined
  readonly posting?: PostingGround | undefined
  /** A signal that waits for its case. */
  readonly parkedSignal?: boolean | undefined
  /** A case that waits. */
  readonly waitingCase?: boolean | undefined
  /** What the case itself asks. */
  readonly asks?: Asked | undefined
  /** A difference of the books, as it was said. */
  readonly difference?: { readonly key: string; readonly content: string } | undefined
}

/** The same things as they stand now. */
export interface Present {
  readonly case?:
    | {
        readonly status: CaseStatus
        readonly owner: { readonly executionArn: string; readonly redriveCount: number }
      }
    | undefined
  readonly posting?: PostingGround | undefined
  readonly signal?: { readonly isConsumed: boolean } | undefined
  readonly asks?: readonly Asked[] | undefined
  readonly difference?: { readonly status: string; readonly content: string } | undefined
}

/** What has changed since the question was asked, in words; undefined when it still stands. */
export function changeOf(ground: Ground, present: Present): string | undefined {
  const { execution, posting } = ground
  if (execution !== undefined) {
    const { status, owner } = present.case ?? {}
    if (status !== 'failed' && status !== 'rejected') return `the case is ${status ?? 'gone'} by now`
    if (owner?.executionArn !== execution.arn || owner.redriveCount > execution.redriveCount) {
      return 'the case has gone on since and failed again'
    }
    const now = present.posting
    const isSame = now?.status === posting?.status && now?.fence === posting?.fence && now?.claimId === posting?.claimId
    if (!isSame) return `the posting is ${now?.status ?? 'absent'} by now`
  }
  if (ground.waitingCase && present.case?.status !== 'open')
    return `the case is ${present.case?.status ?? 'gone'} by now`
  if (ground.parkedSignal) {
    if (present.signal === undefined || present.signal.isConsumed) return 'the signal has been taken up'
    if (present.case?.status === 'open') return 'its case has come'
  }
  if (ground.difference !== undefined) {
    if (present.difference?.status !== 'open') return `the difference is ${present.difference?.status ?? 'gone'} by now`
    if (present.difference.content !== ground.difference.content) return 'something else is said about it by now'
  }
  return changeOfAsked(ground, present)
}

/** The case asks what it needs from its own facts; when they are others, it asks something else. */
function changeOfAsked({ asks }: Ground, present: Present): string | undefined {
  if (asks === undefined || present.asks?.some((one) => canonicalJson(one) === canonicalJson(asks))) return undefined
  if (present.case === undefined) return 'the case is gone by now'
  return asks.kind === 'approval'
    ? `version ${asks.version} is answered or replaced by now`
    : `${asks.signal.kind} ${asks.signal.number} is answered, or was matched anew since`
}

/** What somebody has decided, as it is stored with the question. */
export interface Decided {
  /** Of the event that brought it. */
  readonly id: string
  readonly choice: Choice
  readonly reason: string
  readonly by: string
  readonly document?: string | undefined
}

/** An amount that a decision is about. */
export interface AtStake {
  readonly amount?: string | undefined
  readonly currency?: string | undefined
}

/** As much of a question as a decision on it needs. */
export interface Question extends AtStake {
  readonly status: 'open' | 'proposed' | 'decided' | 'gone'
  readonly openedAtMs: number
  readonly choices: readonly Choice[]
  readonly proposal?: Decided | undefined
}

export type DecisionOutcome =
  | { readonly do: 'apply' }
  /** It needs a second person: stored until one says the same. */
  | { readonly do: 'propose' }
  | { readonly do: 'refuse'; readonly code: string; readonly message: string }

/** By these nothing is ordered or paid, so that one person may say so. */
const withholding: readonly Choice[] = ['reject', 'dispute', 'wait']

/** Amounts by currency above which two persons have to say the same. */
export type FourEyesAbove = Readonly<Record<string, string>>

/** Whether two persons have to decide. A currency without a limit, and what has no amount, needs one. */
export function needsSecondPerson({ amount, currency }: AtStake, fourEyesAbove: FourEyesAbove): boolean {
  const limit = currency === undefined ? undefined : fourEyesAbove[currency]
  return amount !== undefined && limit !== undefined && compareDecimals(amount.replace(/^-/, ''), limit) > 0
}

/**
 * What becomes of a decision.
 * @param decision `openedAtMs` tells which question the person had before him, should it have been asked again since
 * @param document that is to be adopted: what it is over may be more than what was asked about
 */
export function decideOn(
  question: Question,
  decision: Decided & { readonly openedAtMs: number },
  fourEyesAbove: FourEyesAbove,
  document: AtStake = {},
): DecisionOutcome {
  const { status, proposal } = question
  if (status === 'decided') return refuse('ALREADY_DECIDED', 'it has been decided already')
  if (status === 'gone') return refuse('NO_LONGER_OPEN', 'its cause has gone away by itself')
  if (decision.openedAtMs !== question.openedAtMs) return refuse('STALE', 'it was asked anew since; look at it again')
  if (!question.choices.includes(decision.choice)) {
    const allowed = question.choices.join(', ')
    return refuse('CHOICE_NOT_ALLOWED', `${decision.choice} is no choice here; there are ${allowed}`)
  }
  if (decision.choice === 'adopt' && decision.document === undefined) {
    return refuse('DOCUMENT_MISSING', 'adopt needs the number or id of the document in the ERP')
  }
  if (withholding.includes(decision.choice)) return { do: 'apply' }
  if (![question, document].some((one) => needsSecondPerson(one, fourEyesAbove))) return { do: 'apply' }
  const isSame = proposal?.choice === decision.choice && proposal.document === decision.document
  if (proposal === undefined || !isSame) return { do: 'propose' }
  if (proposal.by === decision.by) return refuse('SAME_PERSON', `${decision.by} has proposed it; another has to agree`)
  return { do: 'apply' }
}

/**
 * When somebody who looks in the ERP can know that a document is not there: what left the Lambda may take the settle time
 * to be seen, by a person as much as by a look-up.
 */
export function knowableAtMs(sentAtMs: number | undefined, times: Pick<PostingTimes, 'settleMs' | 'skewMs'>): number {
  return sentAtMs === undefined ? 0 : sentAtMs + times.settleMs + times.skewMs
}

function refuse(code: string, message: string): DecisionOutcome {
  return { do: 'refuse', code, message }
}
