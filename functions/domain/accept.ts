/**
 * The accept table: who owns a case when an event for it arrives. Pure; functions/aws/case-store.ts holds the same
 * rows as condition expressions, so that a decision that has become stale writes nothing.
 */

export type CaseStatus = 'open' | 'failed' | 'rejected' | 'completed' | 'cancelled' | 'closed'

/** Which execution carries the case on. The epoch counts take-overs. */
export interface CaseOwner {
  readonly executionArn: string
  readonly epoch: number
  readonly redriveCount: number
}

/** As much of a case as accepting an event needs. */
export interface AcceptedCase {
  readonly status: CaseStatus
  readonly owner: CaseOwner
  readonly version: number
  readonly fingerprint: string
}

export type AcceptDecision =
  | { readonly do: 'create' }
  | { readonly do: 'resume' }
  /** Ask Step Functions about the owner: runs → `duplicate`; else ask again after a pause and take over. */
  | { readonly do: 'ask-owner' }
  | { readonly do: 'take-over' }
  | { readonly do: 'end'; readonly as: 'duplicate' | 'superseded' }
  | { readonly do: 'forward' }
  | { readonly do: 'conflict' }

/** The row for this case, this version and this content. */
export function decideAccept(
  existing: AcceptedCase | undefined,
  event: { readonly version: number; readonly fingerprint: string },
  executionArn: string,
): AcceptDecision {
  if (existing === undefined) return { do: 'create' }
  if (event.version < existing.version) return { do: 'end', as: 'superseded' }
  const sameContent = event.fingerprint === existing.fingerprint
  if (event.version === existing.version && !sameContent) return { do: 'conflict' }
  const owned = existing.owner.executionArn === executionArn
  switch (existing.status) {
    case 'completed':
    case 'cancelled':
    case 'closed':
      // A completed case takes nothing more; a newer version is for a person, who sees it in the dead letters.
      if (event.version > existing.version) return { do: 'conflict' }
      return { do: 'end', as: 'duplicate' }
    case 'failed':
    case 'rejected':
      return owned && event.version === existing.version ? { do: 'resume' } : { do: 'take-over' }
    case 'open':
      if (event.version > existing.version) return { do: 'forward' }
      return owned ? { do: 'resume' } : { do: 'ask-owner' }
  }
}

/** What Step Functions says of the owner; `unknown`: DescribeExecution knows no such execution (yet). */
export type OwnerStatus = 'RUNNING' | 'PENDING_REDRIVE' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'unknown'

/** Row three: an open case of another owner. DescribeExecution is eventually consistent, so an end is asked twice. */
export function decideOwner(status: OwnerStatus, askedBefore: boolean): 'duplicate' | 'ask-again' | 'take-over' {
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return 'duplicate'
  return askedBefore ? 'take-over' : 'ask-again'
}
