import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { requestOfMachines } from '../machine/commands.ts'
import { addReachedExits, exitsMissed } from '../machine/coverage.ts'
import { createMachines } from '../machine/machines.ts'
import type { MachineSettings, StatusChange } from '../machine/settings.ts'
import { seededRandom } from '../random.ts'
import { createVirtualTime } from '../virtual-time.ts'

type Handler = MachineSettings['invokeLambda']

function open(
  states: Record<string, unknown>,
  handler: Handler = async (_, payload) => ({ payload }),
  more: Partial<MachineSettings> = {},
) {
  const time = createVirtualTime(0)
  const changes: StatusChange[] = []
  const settings = {
    time,
    random: seededRandom(1),
    invokeLambda: handler,
    onStatusChange: (change: StatusChange) => void changes.push(change),
    ...more,
  }
  const machines = createMachines(settings)
  const [StartAt] = Object.keys(states)
  const machine = machines.define('orders', { QueryLanguage: 'JSONata', StartAt, States: states })
  const start = (input: unknown, name?: string) => machines.start(machine.arn, JSON.stringify(input), name)
  const run = async (input: unknown) => {
    const execution = start(input)
    await time.run()
    return execution
  }
  return {
    time,
    machines,
    machine,
    changes,
    start,
    run,
    send: (command: object) => requestOfMachines(machines, command)(),
  }
}

const invoke = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'step', Payload: '{% $states.input %}' },
}
const step = { ...invoke, Output: '{% $states.result.Payload %}', End: true }
const wait = {
  ...invoke,
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'await', Payload: { token: '{% $states.context.Task.Token %}' } },
  TimeoutSeconds: 60,
  End: true,
}

function failing(...names: string[]): Handler {
  let i = 0
  return async (_, payload) => {
    const name = names[i]
    i += 1
    if (name === undefined) return { payload }
    throw Object.assign(new Error(`${name} happened`), { name })
  }
}

describe('a machine in this process', () => {
  it('walks from state to state with input, output, variables and choices', async () => {
    const { run } = open({
      Begin: { Type: 'Pass', Assign: { key: '{% $states.input.key %}', count: 1 }, Output: { n: 1 }, Next: 'Count' },
      Count: { Type: 'Pass', Assign: { count: '{% $count + 1 %}' }, Output: '{% $count %}', Next: 'Pick' },
      Pick: { Type: 'Choice', Choices: [{ Condition: '{% $count < 4 %}', Next: 'Count' }], Default: 'Wait' },
      Wait: { Type: 'Wait', Seconds: '{% $count %}', Next: 'Step' },
      Step: {
        ...invoke,
        Arguments: { FunctionName: 'step', Payload: { key: '{% $key %}' } },
        Output: '{% $states.result.Payload.key %}',
        End: true,
      },
    })
    const execution = await run({ key: 'T1' })
    expect(execution.now).toMatchObject({ status: 'SUCCEEDED', output: '"T1"', stopMs: 4000 })
    expect(execution.visits.map(({ state }) => state)).toEqual([
      'Begin',
      'Count',
      'Pick',
      'Count',
      'Pick',
      'Count',
      'Pick',
      'Wait',
      'Step',
    ])
    expect(execution.visits[5]?.output).toBe(3)
  })

  it('shows its context, with the retries and the redrives', async () => {
    const context = '{% $states.context %}'
    const seen: unknown[] = []
    const { run } = open(
      { Step: { ...step, Arguments: { FunctionName: 'step', Payload: context } } },
      async (_, payload) => {
        seen.push(payload)
        return { payload }
      },
    )
    const { arn, name } = await run({ a: 1 })
    expect(seen).toMatchObject([
      {
        Execution: { Id: arn, Name: name, Input: { a: 1 }, StartTime: '1970-01-01T00:00:00.000Z', RedriveCount: 0 },
        State: { Name: 'Step', EnteredTime: '1970-01-01T00:00:00.000Z', RetryCount: 0 },
        StateMachine: { Name: 'orders' },
      },
    ])
  })

  it.each([
    [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10 }, 3, 2 + 6 + 10],
    [{ ErrorEquals: ['Other', 'Busy'] }, 3, 1 + 2 + 4],
    [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }, 1, 1],
    [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 1 }, 2, 10],
  ])('retries by %j', async (retrier, failures, seconds) => {
    const { run } = open({ Step: { ...step, Retry: [retrier] } }, failing(...Array(failures).fill('Busy')))
    const execution = await run({})
    expect(execution.now).toMatchObject({ status: 'SUCCEEDED', stopMs: seconds * 1000 })
    expect(execution.visits[0]?.attempts).toBe(failures + 1)
  })

  it('draws a full jitter between nothing and the whole delay', async () => {
    const Retry = [
      { ErrorEquals: ['Busy'], IntervalSeconds: 100, BackoffRate: 1, MaxAttempts: 9, JitterStrategy: 'FULL' },
    ]
    const { run } = open({ Step: { ...step, Retry } }, failing(...Array(9).fill('Busy')))
    const { stopMs = 0 } = (await run({})).now
    expect(stopMs).toBeGreaterThan(100_000)
    expect(stopMs).toBeLessThan(800_000)
  })

  it('counts each retrier of its own and fails when the first that matches is used up', async () => {
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['B'], MaxAttempts: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 9 },
    ]
    const { run } = open({ Step: { ...step, Retry } }, failing('A', 'B', 'A'))
    const execution = await run({})
    expect(execution.now).toMatchObject({ status: 'FAILED', error: 'A' })
    expect(JSON.parse(execution.now.cause ?? '')).toEqual({ errorType: 'A', errorMessage: 'A happened', trace: [] })
    expect(execution.visits[0]?.exits).toEqual(['retry 0', 'retry 1', 'failed'])
  })

  it('catches an error with what it was, and keeps what the catcher assigns', async () => {
    const Catch = [
      { ErrorEquals: ['Other'], Next: 'End' },
      {
        ErrorEquals: ['States.ALL'],
        Assign: { why: '{% $states.errorOutput.Error %}' },
        Output: '{% $states.input.key %}',
        Next: 'End',
      },
    ]
    const { run } = open(
      { Step: { ...step, Catch }, End: { Type: 'Pass', Output: '{% $why & $states.input %}', End: true } },
      failing('Superseded'),
    )
    const execution = await run({ key: 'T1' })
    expect(execution.now).toMatchObject({ status: 'SUCCEEDED', output: '"SupersededT1"' })
    expect(execution.visits[0]).toMatchObject({ error: 'Superseded', exits: ['catch 1'] })
  })

  it.each(['States.Timeout', 'States.ALL'])(
    'ends a task whose time is over as States.Timeout, which %s matches',
    async (name) => {
      const { run } = open(
        {
          Step: {
            ...step,
            TimeoutSeconds: 30,
            Catch: [
              { ErrorEquals: ['States.TaskFailed'], Next: 'End' },
              { ErrorEquals: [name], Next: 'Caught' },
            ],
          },
          Caught: { Type: 'Pass', End: true },
          End: { Type: 'Fail' },
        },
        () => new Promise(() => undefined),
      )
      expect((await run({})).now).toMatchObject({
        status: 'SUCCEEDED',
        stopMs: 30_000,
        output: JSON.stringify({ Error: 'States.Timeout', Cause: '' }),
      })
    },
  )

  it.each([
    [
      'an expression without a result',
      { Type: 'Pass', Output: '{% $states.input.nothing %}', End: true },
      'States.QueryEvaluationError',
    ],
    ['an expression that breaks', { Type: 'Pass', Output: '{% 1 + "a" %}', End: true }, 'States.QueryEvaluationError'],
    ['$eval', { Type: 'Pass', Output: '{% $eval("1") %}', End: true }, 'States.QueryEvaluationError'],
    [
      'a condition that is no boolean',
      { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'A' }] },
      'States.QueryEvaluationError',
    ],
    [
      'an expression that gives a function',
      { Type: 'Pass', Output: '{% $sum %}', End: true },
      'States.QueryEvaluationError',
    ],
    ['a day instead of a moment', { Type: 'Wait', Timestamp: '2026-01-01', End: true }, 'States.QueryEvaluationError'],
    [
      'a moment without offset',
      { Type: 'Wait', Timestamp: '2026-01-01T00:00:00', End: true },
      'States.QueryEvaluationError',
    ],
    ['a number instead of a moment', { Type: 'Wait', Timestamp: '{% 5 %}', End: true }, 'States.QueryEvaluationError'],
    ['a Fail state whose error is no text', { Type: 'Fail', Error: '{% 5 %}' }, 'States.QueryEvaluationError'],
    ['no choice', { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'A' }] }, 'States.NoChoiceMatched'],
    ['too much data', { Type: 'Pass', Output: "{% $pad('', 262145, 'x') %}", End: true }, 'States.DataLimitExceeded'],
    ['a Fail state', { Type: 'Fail', Error: 'Refused', Cause: 'credit' }, 'Refused'],
  ])('fails by %s', async (_, A, error) => {
    expect((await open({ A }).run({})).now).toMatchObject({ status: 'FAILED', error })
  })

  it('fails without a word where a Fail state says nothing', async () => {
    const { now } = await open({ A: { Type: 'Fail' } }).run({})
    expect(now.status).toBe('FAILED')
    expect(now).not.toHaveProperty('error')
    expect(now).not.toHaveProperty('cause')
  })

  it.each([
    ['a field', { A: { ...step, HeartbeatSeconds: 3 } }, 'HeartbeatSeconds'],
    ['a type of state', { A: { Type: 'Parallel', Branches: [], End: true } }, 'Parallel'],
    ['a field of a retrier', { A: { ...step, Retry: [{ ErrorEquals: ['A'], Times: 2 }] } }, 'Times'],
    [
      'States.ALL before another',
      { A: { ...step, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] } },
      'last',
    ],
    ['a next state that is not there', { A: { Type: 'Pass', Next: 'B' } }, 'B'],
    ['a state without a way out', { A: { Type: 'Pass' } }, 'Next or End'],
    ['JSONPath', { A: { Type: 'Pass', InputPath: '$', End: true } }, 'InputPath'],
    ['an expression that does not parse', { A: { Type: 'Pass', Output: '{% 1 + %}', End: true } }, 'parse'],
  ])('refuses a definition with %s that it does not know', (_, states, message) => {
    expect(() => open(states)).toThrow(message)
  })

  it('stops the clock for a resource that it does not know', async () => {
    const { run } = open({
      A: { ...step, Resource: 'arn:aws:states:::http:invoke', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'A' }] },
    })
    await expect(run({})).rejects.toThrow('http:invoke')
  })

  it('calls what stands behind a resource', async () => {
    const seen: unknown[] = []
    const putEvents = async (parameters: unknown) => {
      seen.push(parameters)
      return { FailedEntryCount: 0 }
    }
    const { run } = open(
      {
        A: {
          Type: 'Task',
          Resource: 'arn:aws:states:::events:putEvents',
          Arguments: { Entries: [{ Source: 'postonce' }] },
          End: true,
        },
      },
      undefined,
      { integrations: { 'arn:aws:states:::events:putEvents': putEvents } },
    )
    expect((await run({})).now.output).toBe('{"FailedEntryCount":0}')
    expect(seen).toEqual([{ Entries: [{ Source: 'postonce' }] }])
  })
})

describe('a state that waits for its token', () => {
  function waiting(more: Record<string, unknown> = {}, handler?: (token: string) => void) {
    const tokens: string[] = []
    const machine = open({ Await: { ...wait, ...more } }, async (_, payload) => {
      const token = String(Reflect.get(Object(payload), 'token'))
      tokens.push(token)
      handler?.(token)
      return { payload: null }
    })
    return { ...machine, tokens, token: (i = 0) => tokens[i] ?? '' }
  }

  it('goes on when it is answered, and refuses a second answer', async () => {
    const { time, start, send, token } = waiting()
    const execution = start({})
    await time.run({ untilMs: 1000 })
    send(new SendTaskSuccessCommand({ taskToken: token(), output: '{"woken":true}' }))
    expect(() => send(new SendTaskSuccessCommand({ taskToken: token(), output: '{}' }))).toThrow(
      expect.objectContaining({ name: 'TaskTimedOut' }),
    )
    await time.run()
    expect(execution.now).toMatchObject({ status: 'SUCCEEDED', output: '{"woken":true}', stopMs: 1000 })
  })

  it('fails when it is answered so, and refuses what is no JSON without closing', async () => {
    const { time, start, send, token } = waiting()
    const execution = start({})
    await time.run({ untilMs: 1000 })
    expect(() => send(new SendTaskSuccessCommand({ taskToken: token(), output: 'no json' }))).toThrow(
      expect.objectContaining({ name: 'InvalidOutput' }),
    )
    send(new SendTaskFailureCommand({ taskToken: token(), error: 'Refused', cause: 'by hand' }))
    await time.run()
    expect(execution.now).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'by hand' })
  })

  it('takes an answer that is faster than its Lambda', async () => {
    const machine = waiting({}, (taskToken) => machine.send(new SendTaskSuccessCommand({ taskToken, output: '1' })))
    expect((await machine.run({})).now).toMatchObject({ status: 'SUCCEEDED', output: '1' })
  })

  it('ends by its time, and its token answers TaskTimedOut from then on', async () => {
    const { run, send, token } = waiting()
    expect((await run({})).now).toMatchObject({ status: 'FAILED', error: 'States.Timeout', stopMs: 60_000 })
    const answer = (taskToken: string) => () => send(new SendTaskSuccessCommand({ taskToken, output: '{}' }))
    expect(answer(token())).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }))
    expect(answer('of another account')).toThrow(expect.objectContaining({ name: 'TaskDoesNotExist' }))
  })

  it("fails by its Lambda's error and takes a new token for the retry", async () => {
    let calls = 0
    const { time, start, tokens, send, token } = waiting({ Retry: [{ ErrorEquals: ['Busy'] }] }, () => {
      calls += 1
      if (calls === 1) throw Object.assign(new Error(), { name: 'Busy' })
    })
    const execution = start({})
    await time.run({ untilMs: 2000 })
    expect(new Set(tokens).size).toBe(2)
    expect(() => send(new SendTaskSuccessCommand({ taskToken: token(0), output: '{}' }))).toThrow(
      expect.objectContaining({ name: 'TaskTimedOut' }),
    )
    send(new SendTaskSuccessCommand({ taskToken: token(1), output: '{}' }))
    await time.run()
    expect(execution.now.status).toBe('SUCCEEDED')
  })

  it('is over when its execution is stopped, and so is its token', async () => {
    const { time, start, send, token, changes } = waiting()
    const execution = start({})
    await time.run({ untilMs: 1000 })
    send(new StopExecutionCommand({ executionArn: execution.arn, error: 'Stopped', cause: 'by hand' }))
    expect(() => send(new SendTaskSuccessCommand({ taskToken: token(), output: '{}' }))).toThrow(
      expect.objectContaining({ name: 'TaskTimedOut' }),
    )
    expect(await time.run()).toBe(0)
    expect(execution.now).toMatchObject({ status: 'ABORTED', error: 'Stopped', stopMs: 1000 })
    expect(changes.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'ABORTED'])
  })
})

describe('an execution', () => {
  const input = '{"a":1}'

  it('starts once for a name while it runs with the same input', async () => {
    const { machine, send, time, machines } = open({ Wait: { Type: 'Wait', Seconds: 10, End: true } })
    const start = (text = input) =>
      send(new StartExecutionCommand({ stateMachineArn: machine.arn, input: text, name: 'T1' }))
    const first = start()
    expect(start()).toEqual(first)
    expect(() => start('{}')).toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }))
    await time.run()
    expect(() => start()).toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }))
    expect(machines.executions()).toHaveLength(1)
  })

  it.each([
    ['StateMachineDoesNotExist', { stateMachineArn: 'none', input }],
    ['InvalidExecutionInput', { input: 'none' }],
    ['InvalidName', { input, name: 'a/b' }],
    ['ValidationException', { input: JSON.stringify('x'.repeat(262_143)) }],
  ])('refuses a start with %s', (name, parameters) => {
    const { machine, send } = open({ A: { Type: 'Pass', End: true } })
    const command = new StartExecutionCommand({ stateMachineArn: machine.arn, ...parameters })
    expect(() => send(command)).toThrow(expect.objectContaining({ name }))
  })

  it('is described as it was a while ago', async () => {
    const { send, start, time } = open({ Wait: { Type: 'Wait', Seconds: 10, End: true } }, undefined, {
      describeLagMs: () => 500,
    })
    const { arn: executionArn } = start({})
    const describeExecution = () => send(new DescribeExecutionCommand({ executionArn }))
    expect(describeExecution).toThrow(expect.objectContaining({ name: 'ExecutionDoesNotExist' }))
    await time.run({ untilMs: 10_100 })
    expect(describeExecution()).toMatchObject({ status: 'RUNNING', startDate: new Date(0), redriveCount: 0 })
    await time.run({ untilMs: 10_500 })
    expect(describeExecution()).toMatchObject({ status: 'SUCCEEDED', stopDate: new Date(10_000), output: '{}' })
  })

  it('redrives at the state that failed, with its input, its variables and fresh retries', async () => {
    const { send, run, time, changes } = open(
      {
        Begin: { Type: 'Pass', Assign: { v: 7 }, Output: 'kept', Next: 'Step' },
        Step: {
          ...step,
          Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
          Output: '{% $states.result.Payload & $v & $states.context.Execution.RedriveCount %}',
        },
      },
      failing('Busy', 'Busy', 'Busy'),
    )
    const { arn: executionArn, visits, ...execution } = await run({})
    expect(execution.now.status).toBe('FAILED')
    send(new RedriveExecutionCommand({ executionArn }))
    await time.run()
    expect(send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'SUCCEEDED',
      output: '"kept71"',
      redriveCount: 1,
    })
    expect(visits.map(({ state, redrive, attempts }) => [state, redrive, attempts])).toEqual([
      ['Begin', 0, 1],
      ['Step', 0, 2],
      ['Step', 1, 2],
    ])
    expect(() => send(new RedriveExecutionCommand({ executionArn }))).toThrow(
      expect.objectContaining({ name: 'ExecutionNotRedrivable' }),
    )
    expect(changes.map(({ detail }) => [detail.status, detail.redriveCount])).toEqual([
      ['RUNNING', 0],
      ['FAILED', 0],
      ['RUNNING', 1],
      ['SUCCEEDED', 1],
    ])
    expect(changes[1]).toMatchObject({
      source: 'aws.states',
      resources: [executionArn],
      detail: { executionArn, input: '{}', output: null, error: 'Busy', stopDate: 1000 },
    })
  })

  it('can be redriven for a fortnight', async () => {
    const { send, run, time } = open({ Step: step }, failing('Busy'))
    const { arn: executionArn } = await run({})
    await time.run({ untilMs: 15 * 86_400_000 })
    expect(() => send(new RedriveExecutionCommand({ executionArn }))).toThrow(
      expect.objectContaining({ name: 'ExecutionNotRedrivable' }),
    )
  })

  it('times out as a whole', async () => {
    const { machines, time } = open({ A: { Type: 'Pass', End: true } })
    const machine = machines.define('slow', {
      QueryLanguage: 'JSONata',
      StartAt: 'Wait',
      TimeoutSeconds: 5,
      States: { Wait: { Type: 'Wait', Seconds: 10, End: true } },
    })
    const execution = machines.start(machine.arn, '{}')
    await time.run()
    expect(execution.now).toMatchObject({ status: 'TIMED_OUT', stopMs: 5000 })
  })

  it('tells which ways out of its states nobody took', async () => {
    const { run, machine } = open(
      {
        Step: {
          ...step,
          Retry: [{ ErrorEquals: ['Busy'] }, { ErrorEquals: ['Other'] }],
          Catch: [{ ErrorEquals: ['Other'], Next: 'Lost' }],
        },
        Lost: { Type: 'Fail' },
      },
      failing('Busy'),
    )
    const reached = new Set<string>()
    addReachedExits(reached, [await run({})])
    expect(exitsMissed(machine.definition, reached)).toEqual(['Step retry 1', 'Step catch 0', 'Lost failed'])
  })
})
