import type { CaseStatus, OwnerStatus } from './accept.ts'

/** What decides how something that failed goes on. */
export interface RedriveFacts {
  /** The case; undefined where its order was never accepted. */
  readonly case?: { readonly status: CaseStatus; readonly executionArn: string } | undefined
  /** The execution that somebody named, if one was. */
  readonly named?: string | undefined
  /** The execution that owns the case, or else the named one, as Step Functions knows it. */
  readonly execution: {
    readonly arn: string
    readonly status: OwnerStatus
    readonly isRedrivable: boolean
    /** Why not, in the words of Step Functions. */
    readonly reason?: string | undefined
  }
  /** Whether the original event is to be run again, so that it is mapped and checked anew. */
  readonly fromStart: boolean
}

export type RedriveDecision =
  /** The execution goes on at the state that failed. */
  | { readonly do: 'redrive'; readonly why: string }
  /** A new execution takes the case over and goes on where its postings are. */
  | { readonly do: 'take-over'; readonly why: string }
  /** A new execution with the original event, which is mapped and checked as of today. */
  | { readonly do: 'run-again'; readonly why: string }
  | { readonly do: 'nothing'; readonly why: string }

const endedWell: readonly CaseStatus[] = ['completed', 'cancelled', 'closed']

/** How it goes on. Only the execution that owns the case counts; any other of the same case is left alone. */
export function decideRedrive({ case: theCase, named, execution, fromStart }: RedriveFacts): RedriveDecision {
  if (theCase !== undefined && endedWell.includes(theCase.status)) {
    return { do: 'nothing', why: `the case is ${theCase.status}` }
  }
  if (execution.status === 'RUNNING' || execution.status === 'PENDING_REDRIVE') {
    return { do: 'nothing', why: 'it runs, or waits for its next event' }
  }
  if (theCase !== undefined && named !== undefined && named !== theCase.executionArn) {
    return { do: 'nothing', why: `another execution owns the case: ${theCase.executionArn}` }
  }
  if (execution.status === 'SUCCEEDED' && theCase === undefined) return { do: 'nothing', why: 'it has succeeded' }
  if (fromStart) return { do: 'run-again', why: 'the original event is mapped and checked anew' }
  if (execution.isRedrivable) return { do: 'redrive', why: 'it goes on at the state that failed' }
  const why = `no redrive is possible: ${execution.reason ?? `the execution is ${execution.status}`}`
  return theCase === undefined ? { do: 'run-again', why } : { do: 'take-over', why }
}
