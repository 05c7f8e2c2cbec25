import { DescribeExecutionCommand } from '@aws-sdk/client-sfn'
import * as z from 'zod'
import type { OwnerStatus } from '#domain/accept.ts'
import { nobody } from './case-store.ts'
import { stepFunctions } from './clients/step-functions.ts'

const Status = z.enum(['RUNNING', 'PENDING_REDRIVE', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'])
const DoesNotExist = z.object({ name: z.literal('ExecutionDoesNotExist') })

/** What Step Functions says of an execution; eventually consistent, so a new one may be `unknown` for a while. */
export async function readOwnerStatus(executionArn: string): Promise<OwnerStatus> {
  if (executionArn === nobody) return 'unknown'
  try {
    const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }))
    return Status.parse(status)
  } catch (error) {
    if (DoesNotExist.safeParse(error).success) return 'unknown'
    throw error
  }
}
