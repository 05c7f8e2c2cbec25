import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { stepFunctions } from './clients/step-functions.ts'
import { required } from './environment.ts'

/**
 * Starts a machine anew, by default the function's; the accept table makes any number of starts safe.
 * @returns the new execution's ARN
 */
export async function startExecution(input: unknown, stateMachineArn?: string): Promise<string> {
  const { executionArn = '' } = await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: stateMachineArn ?? required('STATE_MACHINE_ARN'),
      input: JSON.stringify(input),
    }),
  )
  return executionArn
}
