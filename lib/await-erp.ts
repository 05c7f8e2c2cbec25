import type { Machine, State } from './state-machine.ts'

/**
 * Where a step finds its ERP account busy, the machine waits until the time that the error names: no attempt is burnt. Where
 * the account is down, or paused, for longer than a minute, it sleeps until WatchErp wakes it: a day without the ERP is some
 * dozens of the 25,000 events that a history may have. Then PickNextEvent decides anew, since a cancellation may have come
 * meanwhile; a case that is not in the ERP yet goes back to the step that brings it there.
 * @param retries of a Lambda whose Task waits for a token
 */
export function awaitErp(machine: Machine, retries: readonly object[]): Machine {
  const opening = machine.States[machine.StartAt]?.Next
  const waits = new Map<string, State>()
  const states = Object.entries(machine.States).map(([name, state]) => {
    if (!isToldToWait(name, state)) return [name, state] as const
    const back = opening === name ? name : 'PickNextEvent'
    const suffix = back === 'PickNextEvent' ? '' : `For${name}`
    const [wait, sleep] = [`AwaitErp${suffix}`, `SleepUntilErp${suffix}`]
    waits.set(wait, waitFor(back))
    waits.set(sleep, sleepUntilWoken(back, retries))
    const Catch = [
      { ErrorEquals: ['ErpBusyError'], Output: busyCase, Next: wait },
      { ErrorEquals: ['ErpStandstillError'], Output: busyCase, Next: sleep },
      ...(state.Catch ?? []),
    ]
    return [name, { ...state, Arguments: sayingThatItCanSleep(name, state), Catch }] as const
  })
  return { ...machine, States: { ...Object.fromEntries(states), ...Object.fromEntries(waits) } }
}

/** Steps that decide, compare or wait never call the ERP; every other one brings something there. */
export const withoutErp = /^(Accept|PickNextEvent$|AwaitEvent$|Match)/

/** Who owns a case and calls the ERP, or decides that it is called. */
function isToldToWait(name: string, { Catch = [] }: State): boolean {
  const isStep = Catch.some(({ ErrorEquals }) => ErrorEquals.includes('SupersededError'))
  return isStep && (name === 'PickNextEvent' || !withoutErp.test(name))
}

/** An execution keeps the machine that it began with, and an older one knows no ErpStandstillError. */
function sayingThatItCanSleep(name: string, { Arguments }: State) {
  if (Arguments?.Payload === undefined)
    throw new Error(`The state ${name} has no Payload to tell its step in what it can do`)
  return { ...Arguments, Payload: { ...Arguments.Payload, canSleep: true } }
}

function waitFor(back: string): State {
  return {
    Type: 'Wait',
    Comment: 'The ERP account is busy, in maintenance, or its books are closed, or it is down or paused for a moment.',
    Timestamp: '{% $states.input.case.busy.until %}',
    Next: back,
  }
}

/** Should nobody wake it, it looks for itself. */
const looksAfterSeconds = 6 * 3600

function sleepUntilWoken(back: string, retries: readonly object[]): State {
  return {
    Type: 'Task',
    Comment: 'The ERP account is down or paused. WatchErp answers the token when it takes calls again.',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: {
      FunctionName: placeholder('AwaitEvent'),
      Payload: {
        execution: "{% $states.context.Execution.{ 'arn': Id, 'redriveCount': RedriveCount } %}",
        case: '{% $states.input.case %}',
        token: '{% $states.context.Task.Token %}',
        asleepSince: '{% $states.input.case.busy.since %}',
      },
    },
    Output: woken,
    TimeoutSeconds: looksAfterSeconds,
    Retry: retries,
    Catch: [
      { ErrorEquals: ['States.Timeout'], Output: waitedUntil(endOfSleep), Next: back },
      { ErrorEquals: ['SupersededError'], Next: 'NothingToDo' },
    ],
    Next: back,
  }
}

const placeholder = (name: string) => `\${${name}}`

/** Keys only, and that. */
const caseWith = (more: string) => ({ case: `{% $merge([$states.input.case, ${more}]) %}` })

/** It has waited up to then, and goes on asking since it first did (functions/aws/middleware/own-case.ts). */
const busyWith = (more: string) => caseWith(`{ 'busy': $merge([$states.input.case.busy, ${more}]) }`)
const waitedUntil = (time: string) => busyWith(`{ 'until': ${time} }`)
/** … and says when, should it sleep again (functions/aws/erp-budget/sleepers.ts). */
const woken = busyWith("{ 'until': $states.result.at, 'woken': $states.result.at }")
const endOfSleep = `$fromMillis($toMillis($states.context.State.EnteredTime) + ${looksAfterSeconds * 1000})`

/** What the message of ErpBusyError (functions/domain/errors.ts) says: until when, and since when. */
const said = '$parse($states.errorOutput.Cause).errorMessage'
const timeAfter = (words: string) => `$substringBefore($substringAfter(${said}, '${words} '), 'Z') & 'Z'`
const busyCase = busyWith(`{ 'until': ${timeAfter('until')}, 'since': ${timeAfter('asked since')} }`)
