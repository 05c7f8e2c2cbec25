import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { stepFunctions } from './clients/step-functions.ts'
import { required } from './environment.ts'

/** Starts the function's machine anew; the accept table makes any number of starts safe. */
export async function startExecution(input: unknown): Promise<void> {
  await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn: required('STATE_MACHINE_ARN'), input: JSON.stringify(input) }),
  )
}
