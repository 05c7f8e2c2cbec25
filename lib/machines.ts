import { Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { machinePrefix, processNames } from '#domain/processes.ts'
import type { Environment } from './environment.ts'
import type { HubFunction } from './hub-function.ts'

/** What the ARN of every machine begins with. By name, since a machine stands in a stack that refers to the hub's. */
export function machinesArn(scope: IConstruct): string {
  return `${placeOf(scope)}:stateMachine:${machinePrefix}`
}

/** ARNs of the machines of these processes; of all processes without any. */
export function machineArns(scope: IConstruct, processes: readonly string[] = processNames): string[] {
  return processes.map((process) => `${machinesArn(scope)}${process}`)
}

/** Lets a function ask about any execution of these processes; of all processes without any. */
export function allowDescribe(
  target: HubFunction,
  { region = '<AWS::Region>', account = '<AWS::AccountId>' }: Environment,
  processes: readonly string[] = processNames,
): void {
  const executions = processes.map((process) => `execution:${machinePrefix}${process}:*`)
  target.allow(
    ['states:DescribeExecution'],
    executions.map((name) => `${placeOf(target)}:${name}`),
  )
  for (const name of executions) {
    Validations.of(target).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:${region}:${account}:${name}]`,
      reason: 'Asks about any execution of a machine; their names are drawn when they start.',
    })
  }
}

function placeOf(scope: IConstruct): string {
  const { partition, region, account } = Stack.of(scope)
  return `arn:${partition}:states:${region}:${account}`
}
