import * as z from 'zod'
import type { Refusal } from './errors.ts'

/**
 * The posting table: what an attempt does to the posting it meets, and what the ERP's answer makes of it. Pure; the
 * store (functions/aws/posting-store.ts) holds the same rows as condition expressions.
 */

/**
 * How doubt about an operation ends.
 *  - `natural-key`: the ERP itself refuses a second one, so a repeat is safe.
 *  - `if-unchanged`: sent with the stamp that was read before, so a repeat with the same stamp is safe.
 *  - `look-up`: found by our reference once the settle time is over.
 *  - `neither`: a person decides.
 */
export type Doubt = 'natural-key' | 'if-unchanged' | 'look-up' | 'neither'

/** What the hub remembers of a document in the ERP: keys, quantities and amounts, no personal data. */
export const PostedDocument = z.object({
  /** The ERP's own id, for its API. */
  id: z.string(),
  /** The number that people see. */
  number: z.string().optional(),
  amount: z.string().optional(),
  currency: z.string().optional(),
  /** Quantities by order line, where the document has lines. */
  lines: z
    .array(z.object({ line: z.string(), quantity: z.string() }))
    .readonly()
    .optional(),
})
export type PostedDocument = z.output<typeof PostedDocument>

/** The operation whose effect is not known yet. It is stored before it is sent. */
export interface Intent {
  readonly operation: string
  readonly doubt: Doubt
  /** The stamp that goes with it; a repeat in doubt sends this one, never a fresh one. */
  readonly stamp?: string | undefined
}

export type PostingStatus = 'claimed' | 'in-doubt' | 'posted' | 'refused'

/** What a posting that is refused half-way leaves in the ERP. */
export const StandingPart = z.object({
  /** As it is there: the document on its way, or what it was to change. */
  id: z.string(),
  number: z.string().optional(),
  /** What was done to it. */
  operations: z.array(z.string()).readonly(),
})
export type StandingPart = z.output<typeof StandingPart>

/** A posting as it is stored. `absent` is no item at all. */
export interface Posting {
  readonly status: PostingStatus
  /** Counts the claims. */
  readonly fence: number
  /** Who may write; drawn anew by every invocation. It stays when the claim is given back: then there is no lease. */
  readonly claimId?: string | undefined
  readonly leaseEndsAtMs?: number | undefined
  /** Since when something may be on its way. Present while in doubt. */
  readonly sentAtMs?: number | undefined
  readonly intent?: Intent | undefined
  /** Fingerprint of the canonical document with its version; binds once something was sent and not refused. */
  readonly fingerprint: string
  /** How many operations are known to be applied, and since when: a look that sees fewer does not see all yet. */
  readonly applied?: { readonly operations: number; readonly atMs: number } | undefined
  readonly document?: PostedDocument | undefined
  readonly refusal?: Refusal | undefined
  /** Of one that is refused. */
  readonly standing?: StandingPart | undefined
  /** The refusal was taken for the end of the request: no attempt, however late, claims it again. */
  readonly isFinal?: boolean | undefined
  /** An answer that came after a take-over. */
  readonly seen?: PostedDocument | undefined
}

/** Times of an attempt, in milliseconds; synth checks client timeout < Lambda timeout < lease. */
export interface PostingTimes {
  readonly leaseMs: number
  readonly settleMs: number
  readonly skewMs: number
  readonly clientTimeoutMs: number
}

/** What an attempt does with the posting that it meets. */
export type AttemptDecision =
  /** Claims what nobody has sent yet: first reads how far the document is, then does what is left. */
  | { readonly do: 'claim' }
  /** Claims what may be on its way; `sentAtMs` is when the doubt began. */
  | { readonly do: 'claim-doubt'; readonly sentAtMs: number }
  /** Another attempt is at work. */
  | { readonly do: 'wait'; readonly untilMs: number }
  /** Returns the document: a replay. */
  | { readonly do: 'replay'; readonly document: PostedDocument }
  /** The same key with other content: for a person. */
  | { readonly do: 'conflict' }
  /** Refused for good. */
  | { readonly do: 'refuse'; readonly refusal: Refusal }

/** Rows of the table that begin with what an attempt meets. */
export function decideAttempt(
  posting: Posting | undefined,
  fingerprint: string,
  nowMs: number,
  times: Pick<PostingTimes, 'skewMs'>,
): AttemptDecision {
  if (posting === undefined) return { do: 'claim' }
  const sameContent = posting.fingerprint === fingerprint
  if (posting.status === 'posted') {
    if (posting.document === undefined) throw new Error('A posting that is posted has no document')
    return sameContent ? { do: 'replay', document: posting.document } : { do: 'conflict' }
  }
  const freeAtMs = posting.leaseEndsAtMs === undefined ? 0 : posting.leaseEndsAtMs + times.skewMs
  if (nowMs < freeAtMs) return { do: 'wait', untilMs: freeAtMs }
  if (posting.status === 'refused' && posting.isFinal && posting.refusal)
    return { do: 'refuse', refusal: posting.refusal }
  if (posting.status === 'refused') return { do: 'claim' }
  if (!sameContent && posting.intent !== undefined) return { do: 'conflict' }
  if (posting.status === 'in-doubt') return { do: 'claim-doubt', sentAtMs: posting.sentAtMs ?? nowMs }
  // Claimed, and its lease is over. Nothing can be on its way without a stored intent, because the intent is written
  // under the claim before anything is sent, and the take-over changes the claim.
  if (posting.intent === undefined) return { do: 'claim' }
  // The old attempt may have sent up to its Lambda's end, which we did not see: the doubt begins now.
  return { do: 'claim-doubt', sentAtMs: nowMs }
}

/**
 * What a first look means that finds fewer operations done than are known to be applied. Where the ERP itself refuses a
 * second one, what is left is done again: somebody has undone it. Where only a look-up can tell, it is not shown yet
 * within the settle time, and sending it again would apply it twice; after that a person decides.
 * @param next how doubt about the operation ends that would be sent next
 */
export function decideFirstLook(
  done: number,
  applied: Posting['applied'],
  next: Doubt | undefined,
  nowMs: number,
  times: Pick<PostingTimes, 'settleMs' | 'skewMs'>,
): 'go-on' | 'wait' | 'conflict' {
  if (applied === undefined || done >= applied.operations) return 'go-on'
  if (next === 'natural-key' || next === 'if-unchanged') return 'go-on'
  return nowMs < applied.atMs + times.settleMs + times.skewMs ? 'wait' : 'conflict'
}

/** How an attempt that holds the claim on a doubt resolves it. */
export type DoubtDecision =
  /** Sends the same operation with the same stamp again, at once. */
  | { readonly do: 'repeat' }
  | { readonly do: 'look-up' }
  /** Looking now could miss what is still on its way. */
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'ask-a-person' }

/** Rows of the table that begin with `in doubt`. */
export function decideDoubt(
  doubt: Doubt,
  sentAtMs: number,
  nowMs: number,
  times: Pick<PostingTimes, 'settleMs' | 'skewMs'>,
): DoubtDecision {
  if (doubt === 'natural-key' || doubt === 'if-unchanged') return { do: 'repeat' }
  if (doubt === 'neither') return { do: 'ask-a-person' }
  const settledAtMs = sentAtMs + times.settleMs + times.skewMs
  return nowMs < settledAtMs ? { do: 'wait', untilMs: settledAtMs } : { do: 'look-up' }
}

/** What the ERP said to one operation (the connector port has the words with their details). */
export type OutcomeKind = 'answered' | 'exists' | 'changed' | 'refused' | 'not-applied' | 'no-answer'

/** What an answer makes of the posting. */
export type OutcomeDecision =
  /** Applied, or there already: read the document and go on from where it is. */
  | 'read-back'
  /** A rule says no and nothing is on its way: store the refusal. */
  | 'store-refusal'
  /** A rule says no to the repeat, but the first request may still be under way: keep the code, the doubt stays. */
  | 'keep-doubt-with-refusal'
  /** Give back what it was before: absent, or in doubt. */
  | 'give-back'
  /** Mark when it was sent, at once. */
  | 'mark-in-doubt'

/** Rows of the table that begin with `claimed` or with a repeat in doubt, by what the ERP said. */
export function decideOutcome(outcome: OutcomeKind, inDoubt: boolean): OutcomeDecision {
  switch (outcome) {
    case 'answered':
    case 'exists':
    case 'changed':
      return 'read-back'
    case 'refused':
      return inDoubt ? 'keep-doubt-with-refusal' : 'store-refusal'
    case 'not-applied':
      return 'give-back'
    case 'no-answer':
      return 'mark-in-doubt'
  }
}

/** What reading the document back after an operation means. */
export type ReadBackDecision =
  /** Everything is done and matches: store the document and its audit entry in one transaction. */
  | { readonly do: 'post' }
  | { readonly do: 'next'; readonly operation: number }
  | { readonly do: 'conflict'; readonly why: string }
  /** Applied, says the ERP, and does not show it yet: in doubt until it does. */
  | { readonly do: 'not-shown-yet' }
  /** In doubt, looked up, and not there: claim it anew by a write conditional on this claim, then send. */
  | { readonly do: 'send-anew' }

/**
 * Decides by what was found.
 * @param operation index of the operation that was just sent, repeated or looked up; -1 for a first look
 * @param said what the ERP said to it, or `looked-up`
 * @param inDoubt whether the operation was in doubt when it was sent
 */
export function decideReadBack(
  found: readonly { readonly done: number; readonly differences: readonly string[] }[],
  operations: number,
  operation: number,
  said: 'answered' | 'exists' | 'changed' | 'looked-up' | 'first-look',
  inDoubt: boolean,
): ReadBackDecision {
  const [document, second] = found
  if (second !== undefined) return { do: 'conflict', why: `${found.length} documents bear the same reference` }
  if (document === undefined) {
    if (said === 'first-look') return { do: 'next', operation: 0 }
    if (said === 'looked-up') return { do: 'send-anew' }
    return { do: 'not-shown-yet' }
  }
  if (document.differences.length > 0) return { do: 'conflict', why: document.differences.join('; ') }
  if (document.done >= operations) return { do: 'post' }
  if (document.done > operation) return { do: 'next', operation: document.done }
  if (said === 'looked-up') return { do: 'send-anew' }
  // A stamp that was sent without doubt and refused has applied nothing: the next one is read fresh. A stamp in doubt
  // is never replaced: a clerk may have undone what the lost request had done.
  if (said === 'changed' && !inDoubt) return { do: 'next', operation: document.done }
  if (said === 'changed') return { do: 'conflict', why: 'the document was changed by someone else in the meantime' }
  return { do: 'conflict', why: `the ERP said "${said}", but the document is not where that operation brings it` }
}

/** Whether enough of the lease is left to send once more: less than client timeout + skew sends nothing. */
export function maySend(leaseEndsAtMs: number, nowMs: number, times: Pick<PostingTimes, 'clientTimeoutMs' | 'skewMs'>) {
  return leaseEndsAtMs - nowMs >= times.clientTimeoutMs + times.skewMs
}
