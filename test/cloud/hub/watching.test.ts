import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import { flowCatalog } from '#domain/flow-catalog.ts'

it('watches each other schedule of the hub, and that the books are compared; on a laptop nobody expects events', async () => {
  const { StackResources = [] } = await new CloudFormationClient({}).send(
    new DescribeStackResourcesCommand({ StackName: 'PostonceHub' }),
  )
  const { PhysicalResourceId } =
    StackResources.find(({ LogicalResourceId = '' }) =>
      LogicalResourceId.startsWith('FlowWatchingWatchFlowsFunction'),
    ) ?? {}
  const { Payload, FunctionError } = await new LambdaClient({}).send(
    new InvokeCommand({ FunctionName: PhysicalResourceId, Payload: '{}' }),
  )
  expect(FunctionError).toBeUndefined()
  const schedules = flowCatalog.filter(({ channel, name }) => channel.kind === 'schedule' && name !== 'flow-watch')
  expect(JSON.parse(Buffer.from(Payload ?? []).toString('utf8'))).toEqual({ watched: schedules.length + 1 })
})
