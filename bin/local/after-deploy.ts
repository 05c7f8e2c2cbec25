import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { CreateArchiveCommand, DescribeEventBusCommand } from '@aws-sdk/client-eventbridge'
import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda'
import * as z from 'zod'
import { dynamo } from '#aws/clients/dynamo.ts'
import { events } from '#aws/clients/events.ts'
import { processNames } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'
import { stackOf } from '../../lib/stack-of.ts'

const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.looseObject({}).default({}) })),
})
const Table = z.object({ TimeToLiveSpecification: z.object({ AttributeName: z.string() }) })
const Reserved = z.object({ ReservedConcurrentExecutions: z.int() })

/** What the local cloud's CloudFormation drops, by stack: the template's own values, which this script sets by API. */
export interface DroppedSettings {
  readonly timeToLive: readonly { readonly stack: string; readonly logicalId: string; readonly attribute: string }[]
  readonly concurrency: readonly { readonly stack: string; readonly logicalId: string; readonly reserved: number }[]
}

/** Reads the settings from the synthesized templates, so that they cannot differ from what an account gets. */
export function readDroppedSettings(assembly: string): DroppedSettings {
  const resources = readdirSync(assembly)
    .filter((file) => file.endsWith('.template.json'))
    .flatMap((file) => {
      const template = parse(Template, JSON.parse(readFileSync(join(assembly, file), 'utf8')), file)
      const stack = file.replace('.template.json', '')
      return Object.entries(template.Resources).map(([logicalId, resource]) => ({ stack, logicalId, ...resource }))
    })
  return {
    timeToLive: resources.flatMap(({ stack, logicalId, Type, Properties }) => {
      const table = Type === 'AWS::DynamoDB::Table' ? Table.safeParse(Properties) : undefined
      return table?.success ? [{ stack, logicalId, attribute: table.data.TimeToLiveSpecification.AttributeName }] : []
    }),
    concurrency: resources.flatMap(({ stack, logicalId, Type, Properties }) => {
      const reserved = Type === 'AWS::Lambda::Function' ? Reserved.safeParse(Properties) : undefined
      return reserved?.success ? [{ stack, logicalId, reserved: reserved.data.ReservedConcurrentExecutions }] : []
    }),
  }
}

/** Sets through the API what CloudFormation dropped, and creates the archive, which it refuses. */
export async function applyDroppedSettings(assembly: string, endpoint: string, bus: string): Promise<void> {
  const settings = readDroppedSettings(assembly)
  const connection = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  const physicalId = await physicalIds(new CloudFormationClient(connection))
  for (const { stack, logicalId, attribute } of settings.timeToLive) {
    await dynamo.send(
      new UpdateTimeToLiveCommand({
        TableName: physicalId(stack, logicalId),
        TimeToLiveSpecification: { AttributeName: attribute, Enabled: true },
      }),
    )
  }
  const lambda = new LambdaClient(connection)
  for (const { stack, logicalId, reserved } of settings.concurrency) {
    await lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: physicalId(stack, logicalId),
        ReservedConcurrentExecutions: reserved,
      }),
    )
  }
  const { Arn } = await events.send(new DescribeEventBusCommand({ Name: bus }))
  await events.send(
    new CreateArchiveCommand({
      ArchiveName: 'postonce',
      EventSourceArn: Arn,
      EventPattern: JSON.stringify({ source: [{ 'anything-but': 'postonce' }] }),
    }),
  )
}

async function physicalIds(cloudFormation: CloudFormationClient) {
  const ids = new Map<string, string>()
  for (const StackName of ['PostonceHub', ...processNames.map(stackOf)]) {
    const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName }))
    for (const { LogicalResourceId, PhysicalResourceId = '' } of StackResources) {
      ids.set(`${StackName}/${LogicalResourceId}`, PhysicalResourceId)
    }
  }
  return (stack: string, logicalId: string) => {
    const id = ids.get(`${stack}/${logicalId}`)
    if (id === undefined) throw new Error(`The local cloud has no resource ${logicalId} in stack ${stack}`)
    return id
  }
}
