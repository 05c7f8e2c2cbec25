import type { Machine, State } from './state-machine.ts'

/**
 * Where a step finds its ERP account busy, the machine waits until the time that the error names, however long: no
 * attempt is burnt, and a day without the ERP is 1,063 to 1,666 events of the history of 25,000. Then PickNextEvent decides anew,
 * since a cancellation may have come meanwhile; a case that is not in the ERP yet goes back to the step that brings it there.
 */
export function awaitErp(machine: Machine): Machine {
  const opening = machine.States[machine.StartAt]?.Next
  const waits = new Map<string, State>()
  const states = Object.entries(machine.States).map(([name, state]) => {
    if (!isToldToWait(name, state)) return [name, state] as const
    const back = opening === name ? name : 'PickNextEvent'
    const wait = back === 'PickNextEvent' ? 'AwaitErp' : `AwaitErpFor${name}`
    waits.set(wait, waitFor(back))
    return [
      name,
      { ...state, Catch: [{ ErrorEquals: ['ErpBusyError'], Output: busyCase, Next: wait }, ...(state.Catch ?? [])] },
    ] as const
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

function waitFor(back: string): State {
  return {
    Type: 'Wait',
    Comment: 'The ERP account is busy, down, paused or in maintenance, or its books are closed.',
    Timestamp: '{% $states.input.case.busy.until %}',
    Next: back,
  }
}

/** Keys only, and what the message of ErpBusyError (functions/domain/errors.ts) says: until when, and since when. */
const said = '$parse($states.errorOutput.Cause).errorMessage'
const timeAfter = (words: string) => `$substringBefore($substringAfter(${said}, '${words} '), 'Z') & 'Z'`
const busyCase = {
  case: `{% $merge([$states.input.case, { 'busy': { 'until': ${timeAfter('until')}, 'since': ${timeAfter('asked since')} } }]) %}`,
}
