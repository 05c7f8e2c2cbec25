import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { CreateStateMachineCommand, DeleteStateMachineCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn'
import type { Message } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Drill, startDrill } from './drill.ts'
import { itLocally } from './places.ts'

let drill: Drill

beforeAll(async () => {
  drill = await startDrill({ POSTONCE_RULE_RETRY_SECONDS: '0.1', LAMBDA_ASYNC_RETRY_BASE_SECONDS: '0.1' })
})
afterAll(() => drill.stop())

const publish = (entry: PutEventsRequestEntry) =>
  drill.events.send(new PutEventsCommand({ Entries: [{ DetailType: 'Drill', Detail: '{}', ...entry }] }))
/** The bus is everybody's. */
const sourceOf = (name: string) => `${drill.prefix}-${name}`
const attribute = (message: Message, name: string) => message.MessageAttributes?.[name]?.StringValue
const done = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } } as const

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html (a resource that does not exist: no retry)
it('sends the event to the dead-letter queue of a target that no longer exists, at once', async () => {
  const deadLetters = await drill.createQueue()
  const machine = await drill.createMachine(done)
  const ruleArn = await drill.rule(
    { source: [sourceOf('gone')] },
    { Arn: machine, RoleArn: drill.roleArn, DeadLetterConfig: { Arn: deadLetters.arn } },
  )
  await drill.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: machine }))
  await publish({ Source: sourceOf('gone'), Detail: '{"number":"T1001"}' })
  const message = await drill.received(deadLetters.url)
  expect(JSON.parse(String(message.Body))).toMatchObject({
    source: sourceOf('gone'),
    'detail-type': 'Drill',
    detail: { number: 'T1001' },
  })
  expect(attribute(message, 'RULE_ARN')).toBe(ruleArn)
  expect(attribute(message, 'TARGET_ARN')).toBe(machine)
  expect(attribute(message, 'ERROR_CODE')).toBe('NO_RESOURCE')
  expect(attribute(message, 'ERROR_MESSAGE')).toContain(machine)
  expect(attribute(message, 'RETRY_ATTEMPTS')).toBe('0')
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html (262,144 bytes), eb-rule-dlq.html
it('sends an event that is too large to start an execution to the dead-letter queue', async ({ task: { meta } }) => {
  const deadLetters = await drill.createQueue()
  const machine = await drill.createMachine(done)
  await drill.rule(
    { source: [sourceOf('large')] },
    { Arn: machine, RoleArn: drill.roleArn, DeadLetterConfig: { Arn: deadLetters.arn } },
  )
  await publish({ Source: sourceOf('large'), Detail: JSON.stringify({ kib: 293, text: 'ä'.repeat(150_000) }) })
  const message = await drill.received(deadLetters.url)
  meta.seen = Object.entries(message.MessageAttributes ?? {})
    .map(([key, { StringValue }]) => `${key}=${StringValue}`)
    .join(' ')
  expect(attribute(message, 'ERROR_CODE')).toBe('INVALID_PARAMETER')
  // Not a byte more than it has: one that just fits into the queue would not fit any longer.
  expect(message.Body).toBe(JSON.stringify(JSON.parse(String(message.Body))))
  expect(JSON.parse(String(message.Body)).detail.text).toHaveLength(150_000)
  const { executions } = await drill.sfn.send(new ListExecutionsCommand({ stateMachineArn: machine }))
  expect(executions).toEqual([])
})

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
itLocally('retries a throttled target as often as its policy says, and then gives up', async () => {
  const deadLetters = await drill.createQueue()
  const { stateMachineArn } = await drill.sfn.send(
    new CreateStateMachineCommand({
      name: drill.newName(),
      roleArn: drill.roleArn,
      definition: JSON.stringify(done),
      tags: [{ key: 'local-cloud:throttle-start', value: 'yes' }],
    }),
  )
  await drill.rule(
    { source: ['throttled'] },
    {
      Arn: String(stateMachineArn),
      DeadLetterConfig: { Arn: deadLetters.arn },
      RetryPolicy: { MaximumRetryAttempts: 3 },
    },
  )
  await publish({ Source: 'throttled' })
  const message = await drill.received(deadLetters.url)
  expect(attribute(message, 'ERROR_CODE')).toBe('THROTTLING')
  expect(attribute(message, 'RETRY_ATTEMPTS')).toBe('3')
  expect(attribute(message, 'EXHAUSTED_RETRY_CONDITION')).toBe('MaximumRetryAttempts')
})

for (const service of ['lambda', 'sqs', 'sns']) {
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  it(`knows a missing ${service} target`, async () => {
    const deadLetters = await drill.createQueue()
    const missing = drill.newName()
    const Arn = drill.arn(service, service === 'lambda' ? `function:${missing}` : missing)
    await drill.rule({ source: [sourceOf(service)] }, { Arn, DeadLetterConfig: { Arn: deadLetters.arn } })
    await publish({ Source: sourceOf(service) })
    const message = await drill.received(deadLetters.url)
    expect(attribute(message, 'ERROR_CODE')).toBe('NO_RESOURCE')
    expect(attribute(message, 'TARGET_ARN')).toBe(Arn)
  })
}

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
itLocally('leaves a function that throws to Lambda, which invokes it twice more', async () => {
  const calls = await drill.createQueue()
  const Arn = await drill.createFunction(
    `await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST',
       headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
       body: JSON.stringify({ QueueUrl: '${calls.url}', MessageBody: event.id }) });
     throw new Error('no')`,
  )
  await drill.rule({ source: ['function'] }, { Arn })
  await publish({ Source: 'function' })
  const ids: unknown[] = []
  while (ids.length < 3) ids.push((await drill.received(calls.url)).Body)
  expect(new Set(ids).size).toBe(1)
})

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
it('refuses an event whose detail is not a JSON object', async () => {
  const answer = await drill.eventually(async () => publish({ Source: 'malformed', Detail: 'no json' }))
  expect(answer).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] })
})
