import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import type { ProcessName } from '#domain/processes.ts'
import { stepFunctions } from './clients/step-functions.ts'
import { required } from './environment.ts'

/** Starts the machine of a process anew; the accept table makes any number of starts safe. */
export async function startExecution(process: ProcessName, input: unknown): Promise<void> {
  await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: `${required('STATE_MACHINES')}${process}`,
      input: JSON.stringify(input),
    }),
  )
}
