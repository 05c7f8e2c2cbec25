import {
  type CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { App, CfnOutput, DefaultStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CompositePrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { createAlarmTopic } from '../../lib/alarm.ts'
import { createKey } from '../../lib/hub-key.ts'
import { createDeadLetters, createQueue } from '../../lib/queue.ts'
import { temporaryFolder } from '../../lib/temporary-folder.ts'
import { tagKey } from '../cloud/launcher/target.ts'

/** What the checks find ready: the hub's own key, topic and dead letters, and one role for all that they create. */
export const Fixture = z.object({
  RoleArn: z.string(),
  LogGroupName: z.string(),
  AlarmTopicArn: z.string(),
  ToldQueueUrl: z.string(),
  DeadLettersArn: z.string(),
  DeadLettersUrl: z.string(),
})
export type Fixture = z.output<typeof Fixture>

/** Creates the stack of that name, or says which of its resources could not be created, and why. */
export async function deployFixture(
  client: CloudFormationClient,
  prefix: string,
  abortSignal?: AbortSignal,
): Promise<Fixture> {
  await client.send(
    new CreateStackCommand({
      StackName: prefix,
      TemplateBody: JSON.stringify(fixtureTemplate(prefix)),
      Capabilities: ['CAPABILITY_IAM'],
      Tags: [{ Key: tagKey, Value: prefix }],
    }),
  )
  try {
    const patience = { client, minDelay: 1, maxDelay: 5, maxWaitTime: 300, ...(abortSignal && { abortSignal }) }
    await waitUntilStackCreateComplete(patience, { StackName: prefix })
  } catch (cause) {
    throw new Error(`The stack ${prefix} could not be created. ${await reasons(client, prefix)}`, { cause })
  }
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: prefix }))
  const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue])
  return parse(Fixture, Object.fromEntries(outputs), `The outputs of the stack ${prefix}`)
}

async function reasons(client: CloudFormationClient, StackName: string): Promise<string> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }))
  const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
  return failed.map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`).join('; ')
}

/** The template, made of the constructs that the hub's stack is made of, so that their policies are what is checked. */
export function fixtureTemplate(prefix: string): unknown {
  const app = new App({ analyticsReporting: false, outdir: temporaryFolder('account') })
  const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false })
  const stack = new Stack(app, 'Fixture', { stackName: prefix, synthesizer })
  const key = createKey(stack, RemovalPolicy.DESTROY)
  // The alias belongs to the hub that may be deployed here as well; seven days are the least that KMS keeps a key for.
  key.node.tryRemoveChild('Alias')
  if (key.node.defaultChild instanceof CfnKey) key.node.defaultChild.pendingWindowInDays = 7
  const deadLetters = createDeadLetters(stack, key)
  const alarms = createAlarmTopic(stack, 'Alarms', key, undefined)
  const told = createQueue(stack, 'Told', key, deadLetters)
  alarms.addSubscription(new SqsSubscription(told))
  const logs = new LogGroup(stack, 'Logs', { retention: RetentionDays.ONE_DAY, removalPolicy: RemovalPolicy.DESTROY })
  const role = createRole(stack, prefix)
  logs.grantWrite(role)
  const outputs: Fixture = {
    RoleArn: role.roleArn,
    LogGroupName: logs.logGroupName,
    AlarmTopicArn: alarms.topicArn,
    ToldQueueUrl: told.queueUrl,
    DeadLettersArn: deadLetters.queueArn,
    DeadLettersUrl: deadLetters.queueUrl,
  }
  for (const [name, value] of Object.entries(outputs))
    new CfnOutput(stack, `${name}Output`, { value }).overrideLogicalId(name)
  return app.synth().getStackByName(prefix).template
}

/** May do to what begins with the prefix what the machines, rules and functions of the checks do, and nothing else. */
function createRole(stack: Stack, prefix: string): Role {
  const services = ['states', 'lambda', 'events'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`))
  const role = new Role(stack, 'Role', { assumedBy: new CompositePrincipal(...services) })
  const own = (service: string, resource: string) =>
    `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${resource}`
  for (const [action, resource] of [
    ['lambda:InvokeFunction', own('lambda', `function:${prefix}-*`)],
    ['sqs:SendMessage', own('sqs', `${prefix}-*`)],
    ['dynamodb:PutItem', own('dynamodb', `table/${prefix}-*`)],
    ['states:StartExecution', own('states', `stateMachine:${prefix}-*`)],
    ['events:PutEvents', own('events', 'event-bus/default')],
  ] as const) {
    role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }))
  }
  return role
}
