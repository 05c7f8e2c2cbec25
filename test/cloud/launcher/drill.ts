import { crc32 } from 'node:zlib'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand, type Target } from '@aws-sdk/client-eventbridge'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
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
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../../bin/local/cloud/local-cloud.ts'

const role = 'arn:aws:iam::000000000000:role/drill'

/** A real local cloud with what every drill needs of it. */
export async function startDrill(env: Record<string, string> = {}, options: LocalCloudOptions = {}) {
  const cloud: LocalCloud = await startLocalCloud({ ...options, env })
  const config = {
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  }
  const sfn = new SFNClient(config)
  const lambda = new LambdaClient(config)
  const sqs = new SQSClient(config)
  const events = new EventBridgeClient(config)
  const dynamodb = new DynamoDBClient(config)
  const cloudwatch = new CloudWatchClient(config)
  let count = 0

  /** The body of an async handler, with `event` and `context`; whatever else it needs it imports itself. */
  async function createFunction(body: string, settings: { timeoutSeconds?: number; preamble?: string } = {}) {
    const code = `${settings.preamble ?? ''}\nexport const handler = async (event, context) => { ${body} }`
    const answer = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: `drill-${++count}`,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: role,
        Timeout: settings.timeoutSeconds ?? 10,
        Code: { ZipFile: zip('index.mjs', code) },
      }),
    )
    return String(answer.FunctionArn)
  }

  async function createMachine(definition: object) {
    const answer = await sfn.send(
      new CreateStateMachineCommand({
        name: `drill-${++count}`,
        roleArn: role,
        definition: JSON.stringify({ QueryLanguage: 'JSONata', ...definition }),
      }),
    )
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
      const execution = await describe(executionArn)
      return execution.status === 'RUNNING' ? undefined : execution
    })
  }

  async function run(stateMachineArn: string, input: unknown = {}) {
    return ended(await start(stateMachineArn, input))
  }

  async function history(executionArn: string): Promise<HistoryEvent[]> {
    return (await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events ?? []
  }

  async function createQueue(attributes: Record<string, string> = {}) {
    const name = `drill-${++count}`
    const url = String((await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))).QueueUrl)
    return { name, url, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` }
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

  async function rule(pattern: object, target: Omit<Target, 'Id' | 'Arn'> & { Arn: string }) {
    const name = `drill-${++count}`
    const answer = await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }))
    await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'target', ...target }] }))
    return String(answer.RuleArn)
  }

  /** The token of a machine whose waiting state sends it to a queue. */
  async function tokenFrom(queueUrl: string): Promise<string> {
    return String((await received(queueUrl)).Body)
  }

  return {
    cloud,
    sfn,
    lambda,
    sqs,
    events,
    dynamodb,
    cloudwatch,
    createFunction,
    createMachine,
    createTask,
    createQueue,
    start,
    describe,
    ended,
    run,
    history,
    received,
    rule,
    tokenFrom,
    stop: () => cloud.stop(),
  }
}

export type Drill = Awaited<ReturnType<typeof startDrill>>

/** A task state that waits, its token sent to a queue. */
export function waiting(queueUrl: string, fields: object = {}) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Arguments: { QueueUrl: queueUrl, MessageBody: '{% $states.context.Task.Token %}' },
    End: true,
    ...fields,
  }
}

export function invoking(functionArn: string, fields: object = {}) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: functionArn, Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    End: true,
    ...fields,
  }
}

export async function eventually<T>(look: () => Promise<T | undefined>, seconds = 15): Promise<T> {
  const giveUpAtMs = Date.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > giveUpAtMs) throw new Error(`It did not happen within ${seconds} s.`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** A zip archive of one stored file. */
export function zip(name: string, text: string): Buffer {
  const content = Buffer.from(text)
  const fileName = Buffer.from(name)
  const header = Buffer.alloc(26)
  header.writeUInt16LE(20, 0)
  header.writeUInt32LE(crc32(content), 10)
  header.writeUInt32LE(content.length, 14)
  header.writeUInt32LE(content.length, 18)
  header.writeUInt16LE(fileName.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), header, fileName, content])
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), header, Buffer.alloc(14), fileName])
  central.writeUInt32LE(0o644 * 0x10000, 38)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}
