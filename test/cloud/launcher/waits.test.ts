import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Drill, startDrill } from './drill.ts'
import { waiting } from './states.ts'

let drill: Drill

beforeAll(async () => {
  drill = await startDrill()
})
afterAll(() => drill.stop())

const succeed = (taskToken: string, output: unknown = {}) =>
  drill.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))
const timedOut = expect.objectContaining({ name: 'TaskTimedOut' })
const caught = { Type: 'Pass', Output: 'caught', End: true } as const

/** A machine whose waiting state sends its token to a queue. */
async function createWait(fields: object = {}) {
  const queue = await drill.createQueue()
  return { queue, machine: await createMachine(waiting(queue.url, fields)) }
}

/** A machine whose waiting state hands its token to a Lambda, which then does what `body` says. */
async function createLambdaWait(body: string, fields: object = {}) {
  return createMachine({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: {
      FunctionName: await drill.createFunction(body),
      Payload: { token: '{% $states.context.Task.Token %}' },
    },
    End: true,
    ...fields,
  })
}

/** AWS refuses a machine with a state that nothing leads to. */
function createMachine(Wait: object) {
  const States = 'Catch' in Wait ? { Wait, Caught: caught } : { Wait }
  return drill.createMachine({ StartAt: 'Wait', States })
}

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
it('goes on with what the answer says', async () => {
  const { queue, machine } = await createWait()
  const executionArn = await drill.start(machine)
  await succeed(await drill.tokenFrom(queue.url), { woken: true })
  expect((await drill.ended(executionArn)).output).toBe('{"woken":true}')
})

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
it('fails, and may be caught, when the Lambda that was given the token throws', async () => {
  const fails = `throw Object.assign(new Error('no table'), { name: 'RetryableError' })`
  const machine = await createLambdaWait(fails)
  expect(await drill.run(machine)).toMatchObject({ status: 'FAILED', error: 'RetryableError' })
  const catching = await createLambdaWait(fails, { Catch: [{ ErrorEquals: ['RetryableError'], Next: 'Caught' }] })
  expect((await drill.run(catching)).output).toBe('"caught"')
})

// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
it('gives a retry a token of its own, and the one before is closed', async () => {
  const machine = await createLambdaWait(`throw Object.assign(new Error('busy'), { name: 'Busy' })`, {
    Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 1 }],
  })
  const { executionArn } = await drill.run(machine)
  const tokens = await Promise.all([1, 2].map((time) => drill.tokenOf(String(executionArn), time)))
  expect(tokens[0]).not.toBe(tokens[1])
  for (const token of tokens) await expect(succeed(token)).rejects.toThrow(timedOut)
})

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
it('takes an answer that comes while the Lambda that was given the token still runs', async () => {
  const machine = await createLambdaWait('await new Promise((done) => setTimeout(done, 3_000))')
  const executionArn = await drill.start(machine)
  await succeed(await drill.tokenOf(executionArn), { early: true })
  expect((await drill.ended(executionArn)).output).toBe('{"early":true}')
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html (TaskTimedOut: already closed)
it('refuses a second answer, which changes nothing', async () => {
  const { queue, machine } = await createWait()
  const executionArn = await drill.start(machine)
  const taskToken = await drill.tokenFrom(queue.url)
  const answers = await Promise.allSettled([succeed(taskToken, 1), succeed(taskToken, 2), succeed(taskToken, 3)])
  expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1)
  await expect(succeed(taskToken, 4)).rejects.toThrow(timedOut)
  expect((await drill.ended(executionArn)).output).toBe('1')
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html (TaskTimedOut)
it('answers TaskTimedOut to the token of an execution that was stopped, and InvalidToken to what is no token', async () => {
  const { queue, machine } = await createWait()
  const executionArn = await drill.start(machine)
  const taskToken = await drill.tokenFrom(queue.url)
  await drill.sfn.send(new StopExecutionCommand({ executionArn }))
  await drill.ended(executionArn)
  await expect(succeed(taskToken)).rejects.toThrow(timedOut)
  await expect(drill.sfn.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toThrow(timedOut)
  await expect(drill.sfn.send(new SendTaskFailureCommand({ taskToken }))).rejects.toThrow(timedOut)
  await expect(succeed('nonsense')).rejects.toThrow(expect.objectContaining({ name: 'InvalidToken' }))
})

// https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html (TimeoutSeconds), concepts-error-handling.html
it('times out after TimeoutSeconds, which may be caught by States.Timeout, and its token answers TaskTimedOut', async () => {
  const { queue, machine } = await createWait({
    TimeoutSeconds: 2,
    Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Caught' }],
  })
  const execution = await drill.run(machine)
  expect(execution.output).toBe('"caught"')
  await expect(succeed(await drill.tokenFrom(queue.url))).rejects.toThrow(timedOut)
  expect(await drill.types(String(execution.executionArn))).toContain('TaskTimedOut')
})

// https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html (TimeoutSeconds)
it('times out when the machine itself does, and its token answers TaskTimedOut', async () => {
  const queue = await drill.createQueue()
  const States = { Wait: waiting(queue.url) }
  const machine = await drill.createMachine({ TimeoutSeconds: 5, StartAt: 'Wait', States })
  expect((await drill.run(machine)).status).toBe('TIMED_OUT')
  await expect(succeed(await drill.tokenFrom(queue.url))).rejects.toThrow(timedOut)
})

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#wait-token-hearbeat
it('fails with States.HeartbeatTimeout when no heartbeat comes, and lives on while they do', async () => {
  const { queue, machine } = await createWait({ HeartbeatSeconds: 5 })
  const executionArn = await drill.start(machine)
  const taskToken = await drill.tokenFrom(queue.url)
  for (let beat = 0; beat < 4; beat += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await drill.sfn.send(new SendTaskHeartbeatCommand({ taskToken }))
  }
  expect(await drill.ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' })
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
it('fails with the error that the answer names', async () => {
  const { queue, machine } = await createWait()
  const executionArn = await drill.start(machine)
  const taskToken = await drill.tokenFrom(queue.url)
  await drill.sfn.send(new SendTaskFailureCommand({ taskToken, error: 'Rejected', cause: 'by a person' }))
  expect(await drill.ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'Rejected', cause: 'by a person' })
})
