import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand, type Target } from '@aws-sdk/client-eventbridge'
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda'
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { inject } from 'vitest'
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../../bin/local/cloud/local-cloud.ts'
import { type DrillTarget, tagKey } from './target.ts'
import { zip } from './zip.ts'

/** Either what was prepared for the checks, or a local cloud of this drill's own. */
export async function startDrill(env: Record<string, string> = {}): Promise<Drill> {
  const target = inject('drillTarget')
  return target === undefined ? startLocalDrill(env) : { ...createDrill(target), stop: async () => {} }
}

/** A real local cloud with what every drill needs of it. */
export async function startLocalDrill(env: Record<string, string> = {}, options: LocalCloudOptions = {}) {
  const cloud: LocalCloud = await startLocalCloud({ ...options, env })
  const drill = createDrill(ownCloud, {
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  return { ...drill, cloud, stop: () => cloud.stop() }
}

const ownCloud: DrillTarget = {
  place: 'local cloud',
  region: 'us-east-1',
  accountId: '000000000000',
  prefix: 'drill',
  roleArn: 'arn:aws:iam::000000000000:role/drill',
  patienceSeconds: 60,
  ruleSettleSeconds: 0,
  pollMs: 25,
  maxAttempts: 1,
}

/** Where to find a cloud that the ordinary settings of the SDK do not name. */
interface Access {
  readonly endpoint: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

function createDrill(target: DrillTarget, access?: Access) {
  const { region, roleArn, patienceSeconds, pollMs } = target
  const config = { ...access, region, maxAttempts: target.maxAttempts }
  const sfn = new SFNClient(config)
  const lambda = new LambdaClient(config)
  const sqs = new SQSClient(config)
  const events = new EventBridgeClient(config)
  const dynamodb = new DynamoDBClient(config)
  const cloudwatch = new CloudWatchClient(config)
  const cloudformation = new CloudFormationClient(config)
  const tags = [{ Key: tagKey, Value: target.prefix }]
  // The files run beside one another in one account.
  const own = randomBytes(3).toString('hex')
  let count = 0

  /** A name that nothing else has, which begins with the prefix. */
  const newName = () => `${target.prefix}-${own}-${++count}`

  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${target.accountId}:${resource}`

  /** Looks again and again until there is something, for as long as the place deserves. */
  const eventually = <T>(look: () => Promise<T | undefined>, seconds = patienceSeconds): Promise<T> =>
    poll(look, seconds, pollMs)

  /** The body of an async handler, with `event` and `context`; whatever else it needs it imports itself. */
  async function createFunction(body: string, settings: { timeoutSeconds?: number; preamble?: string } = {}) {
    const code = `${settings.preamble ?? ''}\nexport const handler = async (event, context) => { ${body} }`
    const FunctionName = newName()
    const command = new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: roleArn,
      Timeout: settings.timeoutSeconds ?? 10,
      Code: { ZipFile: zip('index.mjs', code) },
      Tags: { [tagKey]: target.prefix },
      ...(target.logGroup !== undefined && { LoggingConfig: { LogGroup: target.logGroup } }),
    })
    // A new role may not be known everywhere yet.
    const answer = await eventually(() => lambda.send(command).catch(onlyIf('InvalidParameterValueException', 'role')))
    if (answer.State !== 'Active')
      await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60, minDelay: 1 }, { FunctionName })
    return String(answer.FunctionArn)
  }

  async function createMachine(definition: object) {
    const command = new CreateStateMachineCommand({
      name: newName(),
      roleArn,
      definition: JSON.stringify({ QueryLanguage: 'JSONata', ...definition }),
      tags: [{ key: tagKey, value: target.prefix }],
    })
    const answer = await eventually(() => sfn.send(command).catch(onlyIf('AccessDeniedException', 'assume')))
    return String(answer.stateMachineArn)
  }

  /** A machine of one Task. */
  function createTask(resource: string, task: object) {
    return createMachine({
      StartAt: 'Step',
      States: { Step: { Type: 'Task', Resource: resource, End: true, ...task } },
    })
  }

  async function start(stateMachineArn: string, input: unknown = {}, name?: string) {
    const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name })
    return String((await sfn.send(command)).executionArn)
  }

  const describe = (executionArn: string) => sfn.send(new DescribeExecutionCommand({ executionArn }))

  function ended(executionArn: string): Promise<DescribeExecutionOutput> {
    return eventually(async () => {
      const execution = await describe(executionArn).catch(onlyIf('ExecutionDoesNotExist'))
      return execution === undefined || execution.status === 'RUNNING' ? undefined : execution
    })
  }

  async function run(stateMachineArn: string, input: unknown = {}) {
    return ended(await start(stateMachineArn, input))
  }

  async function history(executionArn: string): Promise<HistoryEvent[]> {
    return (await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events ?? []
  }

  /** All of it, of an execution that has ended; on AWS its last events may come later than its status. */
  async function wholeHistory(executionArn: string): Promise<HistoryEvent[]> {
    const { redriveCount = 0 } = await describe(executionArn)
    return eventually(async () => {
      const events = await history(executionArn)
      const ends = events.filter(({ type }) => /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(String(type)))
      return ends.length > redriveCount ? events : undefined
    })
  }

  /** What happened, by name; the local cloud leaves out that a task was handed over. */
  async function types(executionArn: string) {
    const all = (await wholeHistory(executionArn)).map((event) => event.type)
    return all.filter((type) => type !== 'TaskStarted' && type !== 'TaskSubmitted')
  }

  /** Waits until the execution has come to an event of that type. */
  function reached(executionArn: string, type: string, times = 1): Promise<HistoryEvent> {
    return eventually(async () => {
      const events = await history(executionArn).catch(onlyIf('ExecutionDoesNotExist'))
      return events?.filter((event) => event.type === type)[times - 1]
    })
  }

  async function createQueue(attributes: Record<string, string> = {}) {
    const name = newName()
    const queueArn = arn('sqs', name)
    const command = new CreateQueueCommand({
      QueueName: name,
      Attributes: { ...attributes, Policy: JSON.stringify(rulesMaySend(queueArn, target)) },
      tags: { [tagKey]: target.prefix },
    })
    return { name, url: String((await sqs.send(command)).QueueUrl), arn: queueArn }
  }

  function received(queueUrl: string): Promise<Message> {
    return eventually(async () => {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
      })
      return (await sqs.send(command)).Messages?.[0]
    })
  }

  async function rule(pattern: object, fields: Omit<Target, 'Id' | 'Arn'> & { Arn: string }) {
    const name = newName()
    const answer = await events.send(
      new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern), Tags: tags }),
    )
    await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'target', ...fields }] }))
    // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html ("a short period of time")
    await sleep(target.ruleSettleSeconds * 1000)
    return String(answer.RuleArn)
  }

  /** The token of a machine whose waiting state sends it to a queue. */
  async function tokenFrom(queueUrl: string): Promise<string> {
    return String((await received(queueUrl)).Body)
  }

  /** The token that a waiting state gave to its task. */
  async function tokenOf(executionArn: string, times = 1): Promise<string> {
    const { taskScheduledEventDetails } = await reached(executionArn, 'TaskScheduled', times)
    const { Payload } = JSON.parse(String(taskScheduledEventDetails?.parameters))
    return String(Payload.token)
  }

  return {
    ...target,
    sfn,
    lambda,
    sqs,
    events,
    dynamodb,
    cloudwatch,
    cloudformation,
    createFunction,
    createMachine,
    createTask,
    createQueue,
    start,
    describe,
    ended,
    run,
    history,
    wholeHistory,
    types,
    reached,
    received,
    rule,
    tokenFrom,
    tokenOf,
    newName,
    arn,
    tags,
    eventually,
  }
}

export type Drill = ReturnType<typeof createDrill> & { readonly stop: () => Promise<void> }

function rulesMaySend(queueArn: string, { region, accountId, prefix }: DrillTarget) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:events:${region}:${accountId}:rule/${prefix}-*` } },
      },
    ],
  }
}

/** Nothing, so that it is tried again, when the error is this one. */
function onlyIf(name: string, part = '') {
  return (error: unknown) => {
    if (error instanceof Error && error.name === name && error.message.includes(part)) return undefined
    throw error
  }
}

export const eventually = <T>(look: () => Promise<T | undefined>): Promise<T> =>
  poll(look, ownCloud.patienceSeconds, ownCloud.pollMs)

async function poll<T>(look: () => Promise<T | undefined>, seconds: number, pollMs: number): Promise<T> {
  const giveUpAtMs = Date.now() + seconds * 1000
  for (;;) {
    // A look that took long, or a machine that stood still, has said nothing yet: the last one begins when the time is over.
    const isLast = Date.now() > giveUpAtMs
    const found = await look()
    if (found !== undefined) return found
    if (isLast) throw new Error(`It did not happen within ${seconds} s.`)
    await sleep(pollMs)
  }
}
