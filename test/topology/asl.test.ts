import validate from 'asl-validator'
import jsonata from 'jsonata'
import { describe, expect, it } from 'vitest'
import { hubEvents } from '#domain/events.ts'
import { processNames } from '#domain/processes.ts'
import { readEnvironment, taskTimeoutSeconds } from '../../lib/environment.ts'
import { completeMachine, lambdasOf, readMachine } from '../../lib/state-machine.ts'
import { exitsOf, expressionsOf, outsideTheSubset, reachableFrom, states } from './asl.ts'

const { times } = readEnvironment('prod')

const busy = ['Lambda.TooManyRequestsException']
const perhapsApplied = [
  'PostingInProgressError',
  'OutcomeUnknownError',
  'States.Timeout',
  'Lambda.Unknown',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Runtime.ExitError',
  'Sandbox.Timedout',
]

describe.each(processNames)('%s.asl.json', (process) => {
  const machine = completeMachine(readMachine(process), times)
  const all = states(machine)
  const tasks = all.filter(([, { Type }]) => Type === 'Task')
  const lambdaTasks = tasks.filter(([, { Resource }]) => Resource?.includes(':lambda:invoke'))
  const publishTasks = tasks.filter(([, { Resource }]) => Resource?.includes(':events:putEvents'))
  const [, awaitEvent] = all.find(([name]) => name === 'AwaitEvent') ?? []

  describe('the file', () => {
    it('is valid Amazon States Language', () => {
      const { isValid, errorsText } = validate(structuredClone(machine))
      expect(isValid, errorsText('\n')).toBe(true)
    })

    it('stays in the subset that the local cloud runs as AWS does', () => {
      expect(outsideTheSubset(machine)).toEqual([])
    })

    it('has no state that cannot be reached and no way to a state that does not exist', () => {
      expect([...reachableFrom(machine)].sort()).toEqual(all.map(([name]) => name).sort())
    })

    it('has no task besides Lambdas and publications', () => {
      expect(lambdaTasks.length + publishTasks.length).toBe(tasks.length)
    })

    it.each(expressionsOf(machine))('%s is JSONata that parses, without $eval', (_where, expression) => {
      expect(() => jsonata(expression)).not.toThrow()
      expect(expression).not.toContain('$eval')
    })
  })

  describe('every Task', () => {
    it.each(tasks)('%s has a time-out, as a number unless it waits for a day', (name, { TimeoutSeconds }) => {
      if (name === 'AwaitEvent') {
        const usual = {
          'order-to-cash': times.deadlineSeconds,
          'procure-to-pay': '{% $states.input.next.waitSeconds %}',
        }
        expect(TimeoutSeconds).toBe(usual[process])
      } else if (isSleep(name)) expect(TimeoutSeconds).toBe(6 * 3600)
      else
        expect(TimeoutSeconds).toSatisfy(
          (value) => typeof value === 'number' && value > 0 && value <= taskTimeoutSeconds,
        )
    })

    it.each(lambdaTasks)('%s invokes the Lambda of its own name with the execution', (name, { Arguments }) => {
      const lambda = isSleep(name) ? 'AwaitEvent' : name
      expect(Arguments).toMatchObject({
        FunctionName: `\${${lambda}}`,
        Payload: { execution: "{% $states.context.Execution.{ 'arn': Id, 'redriveCount': RedriveCount } %}" },
      })
      expect(lambdasOf(machine)).toContain(lambda)
    })

    it.each(lambdaTasks)(
      '%s is repeated soon when nothing was applied, and only after lease and settle when it may have been',
      (name, { Retry }) => {
        expect(Retry).toEqual([
          expect.objectContaining({
            ErrorEquals: busy,
            JitterStrategy: 'FULL',
            MaxDelaySeconds: 30,
            MaxAttempts: 1000,
          }),
          expect.objectContaining({ ErrorEquals: ['RetryableError'], JitterStrategy: 'FULL', MaxDelaySeconds: 30 }),
          {
            // The deadline of a wait is an event, not a failure.
            ErrorEquals: perhapsApplied.filter((error) => !isWait(name) || error !== 'States.Timeout'),
            IntervalSeconds: expect.toSatisfy((value) => value >= Math.max(times.leaseSeconds, times.settleSeconds)),
            BackoffRate: 1,
            MaxAttempts: 10,
          },
        ])
      },
    )

    it.each(publishTasks)(
      '%s says something that the hub is known to say, under an id that is the same when repeated',
      (_name, { Arguments }) => {
        expect(Arguments).toMatchObject({
          Entries: [
            {
              EventBusName: expect.stringMatching(/^\$\{BusName\}$/),
              Source: 'postonce',
              DetailType: expect.toSatisfy((type) => hubEvents.includes(type)),
              Detail: expect.stringMatching(/'id': \$states\.input\.case\.key & '\/\w+/),
            },
          ],
        })
        expect(JSON.stringify(Arguments)).not.toMatch(/\$uuid|\$random|\$now|\$millis/)
      },
    )
  })

  describe('a failure', () => {
    it('is left uncaught, so that a redrive resumes at the state that failed; only the loss of the case and a busy ERP are caught', () => {
      const caught = tasks.map(
        ([name, { Catch = [] }]) => [name, Catch.flatMap(({ ErrorEquals }) => ErrorEquals)] as const,
      )
      for (const [name, errors] of caught) {
        expect([name, errors]).toEqual([name, expectedCatch(name)])
      }
    })

    it('that is a deadline goes back to PickNextEvent with keys only', () => {
      expect(awaitEvent?.Catch?.[0]).toEqual({
        ErrorEquals: ['States.Timeout'],
        Output: { case: '{% $states.input.case %}' },
        Next: 'PickNextEvent',
      })
    })

    it('to get a slot of the ERP waits until the time that it names, and then looks what there is to do', () => {
      for (const [name, { Catch = [] }] of tasks) {
        const caught = Catch.find(({ ErrorEquals }) => ErrorEquals?.includes('ErpBusyError'))
        if (caught === undefined) continue
        const isOpening = name === 'CreateSalesOrder'
        expect(caught).toMatchObject({ Next: isOpening ? 'AwaitErpForCreateSalesOrder' : 'AwaitErp' })
        expect(machine.States[String(caught.Next)]).toMatchObject({
          Type: 'Wait',
          Timestamp: '{% $states.input.case.busy.until %}',
          Next: isOpening ? 'CreateSalesOrder' : 'PickNextEvent',
        })
      }
    })

    it('since the ERP is down for long sleeps until it is woken, or for six hours, as a machine from before cannot', () => {
      for (const [name, { Arguments, Catch = [] }] of tasks) {
        const caught = Catch.find(({ ErrorEquals }) => ErrorEquals?.includes('ErpStandstillError'))
        // A step throws it to none but those that say so.
        expect([name, JSON.stringify(Arguments).includes('"canSleep":true')]).toEqual([name, caught !== undefined])
        if (caught === undefined) continue
        const isOpening = name === 'CreateSalesOrder'
        expect(caught).toMatchObject({ Next: isOpening ? 'SleepUntilErpForCreateSalesOrder' : 'SleepUntilErp' })
        const Next = isOpening ? 'CreateSalesOrder' : 'PickNextEvent'
        expect(machine.States[String(caught.Next)]).toMatchObject({
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Arguments: { Payload: { token: '{% $states.context.Task.Token %}' } },
          Catch: [{ ErrorEquals: ['States.Timeout'], Next }, { ErrorEquals: ['SupersededError'] }],
          Next,
        })
      }
    })

    it('that is the loss of the case ends well', () => {
      expect(exitsOf('NothingToDo', machine)).toEqual([])
      expect(all.find(([name]) => name === 'NothingToDo')?.[1]).toMatchObject({ Type: 'Pass', End: true })
    })
  })
})

const isSleep = (name: string) => name.startsWith('SleepUntilErp')
const isWait = (name: string) => name === 'AwaitEvent' || isSleep(name)

function expectedCatch(name: string): readonly string[] {
  if (isWait(name)) return ['States.Timeout', 'SupersededError']
  if (name.startsWith('Publish')) return []
  if (name.startsWith('Accept')) return ['OwnerUnclearError', 'SupersededError']
  return name.startsWith('Match') ? ['SupersededError'] : ['ErpBusyError', 'ErpStandstillError', 'SupersededError']
}
