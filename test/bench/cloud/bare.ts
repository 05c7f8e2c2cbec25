import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda'
import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn'
import * as z from 'zod'
import { stepFunctions } from '#aws/clients/step-functions.ts'
import { readHistory } from '../../cloud/launcher/agreement/history.ts'
import { zip } from '../../cloud/launcher/zip.ts'

const Definition = z.object({ States: z.record(z.string(), z.looseObject({ Resource: z.string().optional() })) })
const roleArn = 'arn:aws:iam::000000000000:role/bare'
const lambda = new LambdaClient({})

/** What the bare machine says of an execution when it is through. */
export const bareCompleted = 'BareCompleted'

/**
 * A machine of the same shape as an order took, one state after the other: as many Lambdas, publications and other
 * states, without anything in them. What waited for a token is a Lambda like the others.
 */
export async function createBareMachine(
  stateMachineArn: string,
  bus: string,
): Promise<{ arn: string; states: number }> {
  const path = await pathOfOne(stateMachineArn)
  const { definition = '' } = await stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn }))
  const { States } = Definition.parse(JSON.parse(definition))
  const functions = new Map<string, string>()
  const states: [string, object][] = []
  for (const [n, state] of path.entries()) {
    const { Type, Resource } = States[state] ?? {}
    const [name, Next] = [`S${n}`, `S${n + 1}`]
    if (Type !== 'Task') states.push([name, { Type: 'Pass', Next }])
    else if (Resource?.includes('events:putEvents')) states.push([name, { ...publish(bus, 'BareSaid'), Next }])
    else {
      const FunctionName = functions.get(state) ?? (await createBareFunction(`bare-${functions.size}`))
      functions.set(state, FunctionName)
      states.push([name, { ...invoke(FunctionName), Next }])
    }
  }
  states.push([`S${path.length}`, { ...publish(bus, bareCompleted), End: true }])
  const machine = { QueryLanguage: 'JSONata', StartAt: 'S0', States: Object.fromEntries(states) }
  const created = await stepFunctions.send(
    new CreateStateMachineCommand({ name: 'bare', roleArn, definition: JSON.stringify(machine) }),
  )
  return { arn: String(created.stateMachineArn), states: path.length }
}

/** The states that one order went through. */
async function pathOfOne(stateMachineArn: string): Promise<readonly string[]> {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED', maxResults: 1 }),
  )
  const executionArn = executions[0]?.executionArn
  const { events = [] } = await stepFunctions.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))
  return readHistory(events).visits.map(({ state }) => state)
}

async function createBareFunction(FunctionName: string): Promise<string> {
  const ZipFile = zip('index.mjs', 'export const handler = async (event) => event')
  const settings = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: roleArn, Timeout: 30 } as const
  const { State } = await lambda.send(new CreateFunctionCommand({ FunctionName, ...settings, Code: { ZipFile } }))
  if (State !== 'Active') await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName })
  return FunctionName
}

function invoke(FunctionName: string) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName, Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
  }
}

function publish(bus: string, detailType: string) {
  const metadata = {
    id: '{% $states.input.id %}',
    correlationId: '{% $states.input.id %}',
    occurredAt: '{% $states.context.State.EnteredTime %}',
  }
  const entry = { EventBusName: bus, Source: 'postonce', DetailType: detailType, Detail: { metadata, data: {} } }
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::events:putEvents',
    Arguments: { Entries: [entry] },
    Output: '{% $states.input %}',
  }
}
