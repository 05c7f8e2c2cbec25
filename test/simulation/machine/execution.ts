import { byteLength } from '../json.ts'
import type { Definition } from './definition.ts'

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

export type Machine = { readonly name: string; readonly arn: string; readonly definition: Definition }

/** One state that was entered, with every attempt at it; for paths, coverage and comparison with the local cloud. */
export type Visit = {
  readonly state: string
  readonly type: string
  readonly enteredAtMs: number
  readonly redrive: number
  readonly input: unknown
  output?: unknown
  error?: string
  attempts: number
  /** The ways it left, one for each retry and one for the end: `retry 0`, `catch 1`, `choice 2`, `default`, `next`, `failed`. */
  readonly exits: string[]
}

/** What is shown of an execution at one moment. */
export type Snapshot = {
  readonly status: Status
  readonly stopMs?: number
  readonly output?: string
  readonly error?: string
  readonly cause?: string
  readonly redriveCount: number
  readonly redriveMs?: number
}

export type Execution = {
  readonly arn: string
  readonly name: string
  readonly machine: Machine
  readonly input: string
  readonly startMs: number
  readonly visits: Visit[]
  now: Snapshot
  /** What DescribeExecution shows from when on. */
  readonly shown: { readonly fromMs: number; readonly snapshot: Snapshot }[]
  run: Run
  /** Where a redrive goes on: the state entered last, with its input and variables. */
  place: Place
}

export type Place = {
  readonly state: string
  readonly input: unknown
  readonly variables: Readonly<Record<string, unknown>>
}

/** One stretch from start or redrive to an end. What still comes back after it is over finds nobody. */
export type Run = { isOver: boolean; readonly cleanups: Set<() => void> }

export function startRun(): Run {
  return { isOver: false, cleanups: new Set() }
}

export function endRun(run: Run): void {
  run.isOver = true
  for (const cleanup of run.cleanups) cleanup()
  run.cleanups.clear()
}

/** docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html (redriveStatusReason). */
export function redriveRefusal({ status }: Snapshot): string | undefined {
  return status === 'RUNNING' || status === 'SUCCEEDED' ? `Execution is ${status} and cannot be redriven` : undefined
}

/** docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html; large inputs and outputs are left out. */
export function statusDetail({ arn, name, machine, input, startMs, now }: Execution): Record<string, unknown> {
  const refusal = redriveRefusal(now)
  const isSmall = byteLength(input) + byteLength(now.output ?? '') <= 248 * 1024
  const shownInput = isSmall || byteLength(input) <= 248 * 1024
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    name,
    status: now.status,
    startDate: startMs,
    stopDate: now.stopMs ?? null,
    input: shownInput ? input : null,
    inputDetails: { included: shownInput },
    output: isSmall ? (now.output ?? null) : null,
    outputDetails: now.output === undefined ? null : { included: isSmall },
    error: now.error ?? null,
    cause: now.cause ?? null,
    redriveCount: now.redriveCount,
    redriveDate: now.redriveMs ?? null,
    redriveStatus: refusal === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    redriveStatusReason: refusal ?? null,
  }
}
