import { DescribeExecutionCommand } from '@aws-sdk/client-sfn'
import * as z from 'zod'
import type { OwnerStatus } from '#domain/accept.ts'
import { nobody } from './case-store.ts'
import { stepFunctions } from './clients/step-functions.ts'

const Execution = z.object({
  status: z.enum(['RUNNING', 'PENDING_REDRIVE', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  redriveStatus: z.string().optional(),
  redriveStatusReason: z.string().optional(),
  input: z.string().optional(),
})
const DoesNotExist = z.object({ name: z.literal('ExecutionDoesNotExist') })

/** How an execution stands, whether it can be redriven, and what it began with. */
export interface DescribedExecution {
  readonly arn: string
  readonly status: OwnerStatus
  readonly isRedrivable: boolean
  readonly reason?: string | undefined
  /** Undefined when Step Functions no longer knows it, 90 days after its end. */
  readonly input?: unknown
}

/**
 * Asks Step Functions about an execution.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
export async function describeExecution(arn: string): Promise<DescribedExecution> {
  const unknown = { arn, status: 'unknown', isRedrivable: false, reason: 'Step Functions does not know it' } as const
  if (arn === nobody) return unknown
  try {
    const described = Execution.parse(await stepFunctions.send(new DescribeExecutionCommand({ executionArn: arn })))
    return {
      arn,
      status: described.status,
      isRedrivable: described.redriveStatus === 'REDRIVABLE',
      reason: described.redriveStatusReason,
      input: described.input === undefined ? undefined : JSON.parse(described.input),
    }
  } catch (error) {
    if (DoesNotExist.safeParse(error).success) return unknown
    throw error
  }
}

/** The machine of an execution: `…:execution:NAME:ID` is one of `…:stateMachine:NAME`. */
export function machineOf(executionArn: string): string {
  const [arn = '', partition = '', service = '', region = '', account = '', , machine = ''] = executionArn.split(':')
  return [arn, partition, service, region, account, 'stateMachine', machine].join(':')
}
