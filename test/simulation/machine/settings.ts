import type { Random } from '../random.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { Execution } from './execution.ts'

/** Which attempt asks; the token where it waits for one. */
export type TaskAttempt = {
  readonly execution: Execution
  readonly state: string
  readonly attempt: number
  readonly taskToken: string | undefined
}

/** What stands behind a Resource. What it throws becomes the state's error by its name. */
export type Integration = (parameters: unknown, info: TaskAttempt) => Promise<unknown>

export type StatusChange = {
  readonly source: 'aws.states'
  readonly 'detail-type': 'Step Functions Execution Status Change'
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

export type MachineSettings = {
  readonly time: VirtualTime
  readonly random: Random
  invokeLambda(functionName: string, payload: unknown, info: TaskAttempt): Promise<{ readonly payload: unknown }>
  /** By Resource, without `.waitForTaskToken`; lambda:invoke is there already. */
  readonly integrations?: Readonly<Record<string, Integration>>
  onStatusChange?(change: StatusChange): void
  /** From one state to the next. */
  transitionMs?(): number
  /** How late DescribeExecution sees a change. */
  describeLagMs?(): number
  closedTokenIsForgotten?(): boolean
  readonly region?: string
  readonly account?: string
}
