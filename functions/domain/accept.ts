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

/** Who accepts: an execution, and how often it has been redriven. */
export type AcceptingRun = Pick<CaseOwner, 'executionArn' | 'redriveCount'>

/**
 * The row for this case, this version and this content. A Lambda may go on when the run that called it has ended: what it
 * accepts then is superseded by what was recorded of that run, or by its redrive.
 * @param isBound whether the sales order of the case has been brought into the ERP, at least in part: then its content
 *   cannot be replaced any more by submitting it again
 */
export function decideAccept(
  existing: AcceptedCase | undefined,
  event: { readonly version: number; readonly fingerprint: string },
  run: AcceptingRun,
  isBound: boolean,
): AcceptDecision {
  if (existing === undefined) return { do: 'create' }
  if (event.version < existing.version || isOver(run, existing)) return { do: 'end', as: 'superseded' }
  const isNewer = event.version > existing.version
  const isSame = !isNewer && event.fingerprint === existing.fingerprint
  const isOwned = existing.owner.executionArn === run.executionArn
  switch (existing.status) {
    case 'failed':
    case 'rejected':
      // It goes on when it is redriven, and takes the change up then.
      if (isNewer && isBound && existing.status === 'failed') return { do: 'forward' }
      // A mended order, or a mended mapping, takes the place of one that never reached the ERP.
      if (!isSame && isBound) return { do: 'conflict' }
      return isOwned ? { do: 'resume' } : { do: 'take-over' }
    case 'open':
      if (isOwned && !isNewer && (isSame || !isBound)) return { do: 'resume' }
      if (isNewer) return { do: 'forward' }
      return isSame ? { do: 'ask-owner' } : { do: 'conflict' }
    case 'completed':
    case 'cancelled':
    case 'closed':
      // A completed case takes nothing more; a newer version is for a person, who sees it in the dead letters.
      return isSame ? { do: 'end', as: 'duplicate' } : { do: 'conflict' }
  }
}

/** Whether this run of the owner has ended: it was redriven since, or its failure is recorded. */
function isOver({ executionArn, redriveCount }: AcceptingRun, { status, owner }: AcceptedCase): boolean {
  if (owner.executionArn !== executionArn) return false
  const isRecorded = status === 'failed' || status === 'rejected'
  return redriveCount < owner.redriveCount || (isRecorded && redriveCount === owner.redriveCount)
}

/** What Step Functions says of the owner; `unknown`: DescribeExecution knows no such execution (yet). */
export type OwnerStatus = 'RUNNING' | 'PENDING_REDRIVE' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'unknown'

/** Row three: an open case of another owner. DescribeExecution is eventually consistent, so an end is asked twice. */
export function decideOwner(status: OwnerStatus, askedBefore: boolean): 'duplicate' | 'ask-again' | 'take-over' {
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return 'duplicate'
  return askedBefore ? 'take-over' : 'ask-again'
}
