import { RedriveExecutionCommand, SendTaskSuccessCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { DeleteMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Drill, startDrill } from './drill.ts'
import { itLocally } from './places.ts'
import { invoking, waiting } from './states.ts'

let drill: Drill

beforeAll(async () => {
  drill = await startDrill()
})
afterAll(() => drill.stop())

/** Redrives, and returns when DescribeExecution, which may lag behind, knows of it. */
async function redrive(executionArn: string, clientToken?: string) {
  const before = (await drill.describe(executionArn)).redriveDate?.getTime()
  const answer = await drill.sfn.send(new RedriveExecutionCommand({ executionArn, clientToken }))
  if (answer.redriveDate?.getTime() === before) return answer
  await drill.eventually(async () => {
    return (await drill.describe(executionArn)).redriveDate?.getTime() === before ? undefined : true
  })
  return answer
}
const notRedrivable = expect.objectContaining({ name: 'ExecutionNotRedrivable' })

/** Two steps before one that fails until the redrive count reaches what the input asks for. */
async function createMachine(fields: object = {}) {
  const counting = await drill.createFunction('return { ...event, steps: (event.steps ?? 0) + 1 }')
  const failing = await drill.createFunction(
    `if (event.redriveCount < event.succeedsAt) throw Object.assign(new Error('not yet'), { name: 'NotYet' });
     return event`,
  )
  return drill.createMachine({
    StartAt: 'First',
    States: {
      First: invoking(counting, { End: undefined, Next: 'Second', Assign: { kept: 'from before' } }),
      Second: invoking(counting, { End: undefined, Next: 'Third' }),
      Third: invoking(failing, {
        Arguments: {
          FunctionName: failing,
          Payload:
            '{% $merge([$states.input, { "redriveCount": $states.context.Execution.RedriveCount, "kept": $kept }]) %}',
        },
        ...fields,
      }),
    },
  })
}

// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
it('resumes at the state that failed, with its input and variables, and reruns none before it', async () => {
  const executionArn = await drill.start(await createMachine(), { succeedsAt: 1 })
  expect(await drill.ended(executionArn)).toMatchObject({
    status: 'FAILED',
    error: 'NotYet',
    redriveCount: 0,
    redriveStatus: 'REDRIVABLE',
  })
  const { redriveDate } = await redrive(executionArn)
  const execution = await drill.ended(executionArn)
  expect(execution).toMatchObject({
    status: 'SUCCEEDED',
    redriveCount: 1,
    redriveDate,
    redriveStatus: 'NOT_REDRIVABLE',
  })
  expect(execution.error).toBeUndefined()
  expect(JSON.parse(String(execution.output))).toEqual({
    succeedsAt: 1,
    steps: 2,
    redriveCount: 1,
    kept: 'from before',
  })
  const types = await drill.types(executionArn)
  expect(types.filter((type) => type === 'TaskScheduled')).toHaveLength(4)
  expect(types.slice(types.indexOf('ExecutionFailed'))).toEqual([
    'ExecutionFailed',
    'ExecutionRedriven',
    'TaskScheduled',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ])
})

// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html (retry attempts start anew)
it('starts the retries anew', async () => {
  const Retry = [{ ErrorEquals: ['NotYet'], IntervalSeconds: 1, MaxAttempts: 1 }]
  const executionArn = await drill.start(await createMachine({ Retry }), { succeedsAt: 9 })
  await drill.ended(executionArn)
  await redrive(executionArn)
  await drill.ended(executionArn)
  const types = await drill.types(executionArn)
  expect(types.filter((type) => type === 'TaskFailed')).toHaveLength(4)
})

// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
it('says on the bus that it runs again and how it ended, with its redrive count', async () => {
  const queue = await drill.createQueue()
  const machine = await createMachine()
  await drill.rule({ source: ['aws.states'], detail: { stateMachineArn: [machine] } }, { Arn: queue.arn })
  const executionArn = await drill.start(machine, { succeedsAt: 2 })
  await drill.ended(executionArn)
  await redrive(executionArn)
  await drill.ended(executionArn)
  // Neither the bus nor the queue promises an order.
  const changes: unknown[][] = []
  while (changes.length < 4) {
    const { Body, ReceiptHandle } = await drill.received(queue.url)
    const { status, redriveCount, redriveStatus, error } = JSON.parse(String(Body)).detail
    changes.push([status, redriveCount, redriveStatus, error])
    await drill.sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }))
  }
  expect(changes.map(String).sort()).toEqual(
    [
      ['FAILED', 0, 'REDRIVABLE', 'NotYet'],
      ['FAILED', 1, 'REDRIVABLE', 'NotYet'],
      ['RUNNING', 0, 'NOT_REDRIVABLE', null],
      ['RUNNING', 1, 'NOT_REDRIVABLE', null],
    ].map(String),
  )
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
it('refuses what runs or has succeeded, and answers the same client token once', async () => {
  const machine = await createMachine()
  const succeeded = await drill.start(machine, { succeedsAt: 0 })
  await drill.ended(succeeded)
  await expect(redrive(succeeded)).rejects.toThrow(notRedrivable)
  const failed = await drill.start(machine, { succeedsAt: 9 })
  await drill.ended(failed)
  const first = await redrive(failed, 'token-1')
  await drill.ended(failed)
  expect((await redrive(failed, 'token-1')).redriveDate).toEqual(first.redriveDate)
  expect((await drill.describe(failed)).redriveCount).toBe(1)
  const missing = new RedriveExecutionCommand({ executionArn: `${failed}x` })
  await expect(drill.sfn.send(missing)).rejects.toThrow(expect.objectContaining({ name: 'ExecutionDoesNotExist' }))
})

for (const [status, machineFields] of [
  ['ABORTED', {}],
  ['TIMED_OUT', { TimeoutSeconds: 5 }],
] as const) {
  // https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html (aborted and timed-out executions)
  it(`resumes what is ${status} while it waited, with a new token, and the machine has its whole time again`, async () => {
    const queue = await drill.createQueue()
    const machine = await drill.createMachine({
      ...machineFields,
      StartAt: 'Wait',
      States: { Wait: waiting(queue.url) },
    })
    const executionArn = await drill.start(machine)
    const before = await nextToken(queue.url)
    if (status === 'ABORTED') await drill.sfn.send(new StopExecutionCommand({ executionArn }))
    expect((await drill.ended(executionArn)).status).toBe(status)
    await redrive(executionArn)
    const taskToken = await nextToken(queue.url)
    expect(taskToken).not.toBe(before)
    await drill.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '1' }))
    expect(await drill.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 })
  })
}

// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html (one execution, one run of it)
it('is not disturbed by a Lambda of the run before that answers late', async () => {
  const slow = await drill.createFunction(
    `await new Promise((done) => setTimeout(done, event.redriveCount === 0 ? 1_500 : 3_000)); return event.redriveCount`,
  )
  const machine = await drill.createTask('arn:aws:states:::lambda:invoke', {
    Arguments: { FunctionName: slow, Payload: { redriveCount: '{% $states.context.Execution.RedriveCount %}' } },
    Output: '{% $states.result.Payload %}',
  })
  const executionArn = await drill.start(machine)
  await drill.reached(executionArn, 'TaskScheduled')
  await drill.sfn.send(new StopExecutionCommand({ executionArn }))
  await drill.ended(executionArn)
  await redrive(executionArn)
  expect((await drill.ended(executionArn)).output).toBe('1')
  const types = await drill.types(executionArn)
  expect(types.filter((type) => type === 'TaskSucceeded')).toHaveLength(1)
})

// AWS reruns the failed branches only; the local cloud refuses, rather than rerun what succeeded.
// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
itLocally('refuses to redrive a Parallel state', async () => {
  const Branches = [{ StartAt: 'No', States: { No: { Type: 'Fail', Error: 'No' } } }]
  const machine = await drill.createMachine({
    StartAt: 'All',
    States: { All: { Type: 'Parallel', Branches, End: true } },
  })
  const executionArn = await drill.start(machine)
  await drill.ended(executionArn)
  await expect(redrive(executionArn)).rejects.toThrow('Parallel')
})

async function nextToken(queueUrl: string): Promise<string> {
  const { Body, ReceiptHandle } = await drill.received(queueUrl)
  await drill.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }))
  return String(Body)
}
