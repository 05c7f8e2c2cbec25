import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { notKnown } from '../simulation-error.ts'
import { type Execution, redriveRefusal, type Snapshot } from './execution.ts'
import type { Machines } from './machines.ts'

/** One request of the SFN client. The SDK's repeat of a lost answer is a second call. */
export function requestOfMachines(machines: Machines, command: object): () => unknown {
  if (command instanceof StartExecutionCommand) {
    const { stateMachineArn, input = '{}', name } = command.input
    return () => {
      const { arn, startMs } = machines.start(stateMachineArn ?? '', input, name)
      return answer({ executionArn: arn, startDate: new Date(startMs) })
    }
  }
  if (command instanceof DescribeExecutionCommand) {
    const { executionArn = '' } = command.input
    return () => {
      const { execution, snapshot } = machines.describe(executionArn)
      return answer(description(execution, snapshot))
    }
  }
  if (command instanceof StopExecutionCommand) {
    const { executionArn = '', error, cause } = command.input
    return () => answer({ stopDate: new Date(machines.stop(executionArn, error, cause).now.stopMs ?? 0) })
  }
  if (command instanceof RedriveExecutionCommand) {
    const { executionArn = '' } = command.input
    return () => answer({ redriveDate: new Date(machines.redrive(executionArn).now.redriveMs ?? 0) })
  }
  if (command instanceof SendTaskSuccessCommand) {
    const { taskToken, output } = command.input
    return () => {
      machines.tokens.succeed(taskToken, output)
      return answer({})
    }
  }
  if (command instanceof SendTaskFailureCommand) {
    const { taskToken, error, cause } = command.input
    return () => {
      machines.tokens.fail(taskToken, error, cause)
      return answer({})
    }
  }
  throw notKnown(`Step Functions' ${command.constructor.name}`)
}

function description({ arn, name, machine, input, startMs }: Execution, now: Snapshot): Record<string, unknown> {
  const refusal = redriveRefusal(now)
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    status: now.status,
    startDate: new Date(startMs),
    input,
    inputDetails: { included: true },
    redriveCount: now.redriveCount,
    redriveStatus: refusal === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(refusal !== undefined && { redriveStatusReason: refusal }),
    ...(now.stopMs !== undefined && { stopDate: new Date(now.stopMs) }),
    ...(now.redriveMs !== undefined && { redriveDate: new Date(now.redriveMs) }),
    ...(now.output !== undefined && { output: now.output, outputDetails: { included: true } }),
    ...(now.error !== undefined && { error: now.error }),
    ...(now.cause !== undefined && { cause: now.cause }),
  }
}

function answer(output: Record<string, unknown>): Record<string, unknown> {
  return { $metadata: { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 }, ...output }
}
