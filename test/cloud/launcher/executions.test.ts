import { CreateTableCommand, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import { StartExecutionCommand, StopExecutionCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Drill, startDrill } from './drill.ts'
import { itLocally } from './places.ts'
import { invoking, waiting } from './states.ts'

let drill: Drill

beforeAll(async () => {
  drill = await startDrill()
})
afterAll(() => drill.stop())

const pass = { Type: 'Pass', End: true } as const
const failing = (name: string) => drill.createFunction(`throw Object.assign(new Error('${name}'), { name: '${name}' })`)
const bytes = (count: number) => ({ text: 'x'.repeat(count - '{"text":""}'.length) })

describe('an execution', () => {
  // https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
  it('ends TIMED_OUT when its machine has run out of time', async () => {
    const machine = await drill.createMachine({
      TimeoutSeconds: 1,
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 20, End: true } },
    })
    const execution = await drill.run(machine)
    expect(execution.status).toBe('TIMED_OUT')
    const history = await drill.wholeHistory(String(execution.executionArn))
    expect(history.at(-1)?.type).toBe('ExecutionTimedOut')
  })

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
  it('stays ABORTED, and schedules nothing more, when its Lambda fails after it was stopped', async () => {
    const arn = await drill.createFunction(
      `await new Promise((done) => setTimeout(done, 1_500)); throw new Error('late')`,
    )
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 5 }]
    const machine = await drill.createMachine({ StartAt: 'Step', States: { Step: invoking(arn, { Retry }) } })
    const executionArn = await drill.start(machine)
    await drill.reached(executionArn, 'TaskScheduled')
    await drill.sfn.send(new StopExecutionCommand({ executionArn, error: 'Operator', cause: 'enough' }))
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(await drill.ended(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Operator', cause: 'enough' })
    const types = await drill.types(executionArn)
    expect(types.filter((type) => type === 'TaskScheduled')).toHaveLength(1)
    expect(types.at(-1)).toBe('ExecutionAborted')
  })

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
  it('is the same execution when it is started again with its name and input while it runs', async () => {
    const { url } = await drill.createQueue()
    const machine = await drill.createMachine({ StartAt: 'Wait', States: { Wait: waiting(url) } })
    const first = await drill.start(machine, { order: 1 }, 'order-1')
    expect(await drill.start(machine, { order: 1 }, 'order-1')).toBe(first)
    // The console's New execution.
    expect(await drill.start(machine, { order: 1 }, 'order-1-again')).not.toBe(first)
    await expect(drill.start(machine, { order: 2 }, 'order-1')).rejects.toThrow(
      expect.objectContaining({ name: 'ExecutionAlreadyExists' }),
    )
    await drill.sfn.send(new StopExecutionCommand({ executionArn: first }))
    await drill.ended(first)
    await expect(drill.start(machine, { order: 1 }, 'order-1')).rejects.toThrow(
      expect.objectContaining({ name: 'ExecutionAlreadyExists' }),
    )
  })

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
  it('is refused when its input is larger than 262,144 bytes of UTF-8, its name invalid or its input no JSON', async () => {
    const machine = await drill.createMachine({ StartAt: 'Done', States: { Done: pass } })
    await expect(drill.start(machine, bytes(262_144))).resolves.toBeDefined()
    await expect(drill.start(machine, bytes(262_145))).rejects.toThrow('262144')
    await expect(drill.start(machine, { text: 'é'.repeat(140_000) })).rejects.toThrow('262144')
    await expect(drill.start(machine, {}, 'vendure/1')).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidName' }),
    )
    await expect(drill.sfn.send(new StartExecutionCommand({ stateMachineArn: machine, input: '{' }))).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidExecutionInput' }),
    )
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
  it('fails with States.DataLimitExceeded, which States.ALL does not catch, when a result is too large', async () => {
    const arn = await drill.createFunction(`return { text: 'x'.repeat(262_144) }`)
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }]
    const States = { Step: invoking(arn, { Catch }), Caught: pass }
    expect(await drill.run(await drill.createMachine({ StartAt: 'Step', States }))).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    })
  })

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
  it('goes on with the definition it started with when the machine is updated under it', async () => {
    const machine = await drill.createMachine({
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 3, Next: 'Done' }, Done: { ...pass, Output: 'old' } },
    })
    const executionArn = await drill.start(machine)
    await drill.reached(executionArn, 'WaitStateEntered')
    const definition = { QueryLanguage: 'JSONata', StartAt: 'Done', States: { Done: { ...pass, Output: 'new' } } }
    await drill.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: machine, definition: JSON.stringify(definition) }),
    )
    expect((await drill.ended(executionArn)).output).toBe('"old"')
    // https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html (eventually consistent)
    await drill.eventually(async () => ((await drill.run(machine)).output === '"new"' ? true : undefined))
  })

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html (eventually consistent)
  it('is described as it is within seconds, though not at once', async ({ task: { meta } }) => {
    const { url } = await drill.createQueue()
    const executionArn = await drill.start(
      await drill.createMachine({ StartAt: 'Wait', States: { Wait: waiting(url) } }),
    )
    const startedAtMs = Date.now()
    const known = await drill.eventually(() => drill.describe(executionArn).catch(doesNotExist), 10)
    expect(known.status).toBe('RUNNING')
    const knownAtMs = Date.now()
    await drill.sfn.send(new StopExecutionCommand({ executionArn }))
    const stoppedAtMs = Date.now()
    expect((await drill.ended(executionArn)).status).toBe('ABORTED')
    const endedMs = Date.now() - stoppedAtMs
    meta.seen = `known after ${knownAtMs - startedAtMs} ms, its end after ${endedMs} ms`
    expect(endedMs).toBeLessThan(10_000)
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
  it('has its redrive count in the context object', async () => {
    const machine = await drill.createMachine({
      StartAt: 'Done',
      States: { Done: { ...pass, Output: '{% $states.context.Execution.RedriveCount %}' } },
    })
    expect((await drill.run(machine)).output).toBe('0')
  })
})

function doesNotExist(error: unknown): undefined {
  if (!(error instanceof Error) || error.name !== 'ExecutionDoesNotExist') throw error
}

/** How long the machine waited before each retry. */
async function pausesOf(executionArn: string): Promise<number[]> {
  const history = await drill.wholeHistory(executionArn)
  const at = (type: string) => history.filter((event) => event.type === type).map((event) => Number(event.timestamp))
  const failed = at('TaskFailed')
  return at('TaskScheduled')
    .slice(1)
    .map((scheduledAtMs, index) => scheduledAtMs - Number(failed[index]))
}

describe('Retry', () => {
  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
  it('waits no longer than MaxDelaySeconds', async () => {
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, BackoffRate: 10, MaxDelaySeconds: 1, MaxAttempts: 2 }]
    const machine = await drill.createMachine({
      StartAt: 'Step',
      States: { Step: invoking(await failing('Busy'), { Retry }) },
    })
    const { error, executionArn } = await drill.run(machine)
    expect(error).toBe('Busy')
    const pauses = await pausesOf(String(executionArn))
    expect(pauses).toHaveLength(2)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(950)
    expect(Math.max(...pauses)).toBeLessThan(2_000)
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
  it('waits a random part of its interval when JitterStrategy is FULL', async () => {
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 1, JitterStrategy: 'FULL' }]
    const machine = await drill.createMachine({
      StartAt: 'Step',
      States: { Step: invoking(await failing('Busy'), { Retry }) },
    })
    const waits = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { executionArn } = await drill.run(machine)
        return Number((await pausesOf(String(executionArn)))[0])
      }),
    )
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(100)
    expect(Math.max(...waits)).toBeLessThan(1200)
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
  itLocally('picks the retrier by error name, and leaves States.Runtime to nobody', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }]
    const machine = await drill.createMachine({
      StartAt: 'Step',
      States: {
        Step: { Type: 'Task', Resource: 'arn:aws:states:::http:invoke', Arguments: {}, Catch, End: true },
        Caught: pass,
      },
    })
    expect(await drill.run(machine)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
  })
})

describe('JSONata', () => {
  // https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
  it('assigns in a Catch from the error, and every Assign sees the values from before it', async () => {
    const machine = await drill.createMachine({
      StartAt: 'First',
      States: {
        First: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Step' },
        Step: invoking(await failing('Refused'), {
          Catch: [
            {
              ErrorEquals: ['Refused'],
              Assign: { a: '{% $b %}', b: '{% $a %}', error: '{% $states.errorOutput.Error %}' },
              Next: 'Done',
            },
          ],
        }),
        Done: { ...pass, Output: { a: '{% $a %}', b: '{% $b %}', error: '{% $error %}' } },
      },
    })
    expect(JSON.parse(String((await drill.run(machine)).output))).toEqual({ a: 2, b: 1, error: 'Refused' })
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
  it('waits until a Timestamp that an expression gives', async () => {
    const machine = await drill.createMachine({
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Timestamp: '{% $states.input.until %}', End: true } },
    })
    const untilMs = Date.now() + 2_000
    const { status, stopDate } = await drill.run(machine, { until: new Date(untilMs).toISOString() })
    expect(status).toBe('SUCCEEDED')
    expect(Number(stopDate)).toBeGreaterThanOrEqual(untilMs)
    expect(Number(stopDate)).toBeLessThan(untilMs + 2_000)
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html
  it('gives the Output of a Succeed state', async () => {
    const States = { Done: { Type: 'Succeed', Output: { answer: '{% 6 * 7 %}' } } }
    expect((await drill.run(await drill.createMachine({ StartAt: 'Done', States }))).output).toBe('{"answer":42}')
  })
})

describe('events:putEvents', () => {
  const putting = (entry: object, fields: object = {}) =>
    drill.createTask('arn:aws:states:::events:putEvents', { Arguments: { Entries: [entry] }, ...fields })

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
  it('publishes a Detail that is an object, and names the execution and its machine as resources', async () => {
    const queue = await drill.createQueue()
    const source = `${drill.prefix}-machine`
    await drill.rule({ source: [source] }, { Arn: queue.arn })
    const machine = await putting({
      Source: source,
      DetailType: 'SalesOrderCreated',
      Detail: { data: { number: '{% $states.input.number %}' } },
    })
    const executionArn = await drill.start(machine, { number: 'T1001' })
    const event = JSON.parse(String((await drill.received(queue.url)).Body))
    expect(event).toMatchObject({ 'detail-type': 'SalesOrderCreated', detail: { data: { number: 'T1001' } } })
    expect(event.resources).toEqual([executionArn, machine])
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
  it('fails with EventBridge.FailedEntry when an entry is not accepted', async () => {
    const machine = await putting({ Source: 'aws.mine', DetailType: 'X', Detail: {} })
    expect(await drill.run(machine)).toMatchObject({ status: 'FAILED', error: 'EventBridge.FailedEntry' })
  })
})

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
it('names a failed condition of the DynamoDB integration as AWS does', async () => {
  const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'S' }] as const
  const TableName = drill.newName()
  await drill.dynamodb.send(
    new CreateTableCommand({
      TableName,
      Tags: drill.tags,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...AttributeDefinitions],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  )
  await waitUntilTableExists({ client: drill.dynamodb, maxWaitTime: 60, minDelay: 1 }, { TableName })
  await drill.dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' } } }))
  const machine = await drill.createTask('arn:aws:states:::dynamodb:putItem', {
    Arguments: { TableName, Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' },
  })
  expect((await drill.run(machine)).error).toBe('DynamoDB.ConditionalCheckFailedException')
})
