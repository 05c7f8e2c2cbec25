import { completeMachine, lambdasOf, readMachine } from '../../../../lib/state-machine.ts'
import { parseJson } from '../../../simulation/json.ts'
import { fails, type Line, returns, wakes } from './story.ts'

/** What the stories of a process are made of. */
export type Life = {
  /** As in a title. */
  readonly process: string
  /** The machine as it is deployed; in a hurry, where it is its time that runs out. */
  machine(functionArn: string, options?: { readonly isHasty?: boolean }): object
  readonly input: unknown
  readonly accept: Line
  /** What comes between accept and the first document. */
  readonly toCreate: readonly Line[]
  readonly create: Line
  /** What comes between the first document and PickNextEvent. */
  readonly afterCreate: readonly Line[]
  /** Where the case goes on when the ERP was busy for its first document. */
  readonly afterBusy: readonly Line[]
  /** What PickNextEvent may give, and what the branch then calls until PickNextEvent is asked again. */
  readonly branches: readonly (readonly [kind: string, ...Line[]])[]
  /** The steps whose refusal is told by an event of its own, and the kinds that lead to them. */
  readonly refusable: readonly (readonly [kind: string, state: string])[]
  readonly refusals: readonly string[]
}

/** Short, so that a story of retries takes seconds; the shapes are those of production. */
const times = {
  clientTimeoutSeconds: 1,
  lambdaTimeoutSeconds: 1,
  leaseSeconds: 1,
  settleSeconds: 1,
  skewSeconds: 0,
  deadlineSeconds: 40,
  parkedSeconds: 60,
  silentSeconds: 60,
}

/** How long AwaitEvent waits in a hurry. */
export const hastySeconds = 3

/** The process as it is deployed, with one Lambda for every step; in a hurry, where it is `hastyState` whose time runs out. */
export function machineOf(process: string, hastyState: string): Life['machine'] {
  return (functionArn, { isHasty = false } = {}) => {
    const machine = readMachine(process)
    const complete = completeMachine(machine, isHasty ? { ...times, deadlineSeconds: hastySeconds } : times)
    const hastyStates = [hastyState, ...Object.keys(complete.States).filter((name) => name.startsWith('SleepUntilErp'))]
    if (isHasty) for (const name of hastyStates) Object.assign(Object(complete.States[name]), { TimeoutSeconds: 3 })
    let text = JSON.stringify(complete).replaceAll(placeholder('BusName'), 'default')
    for (const name of lambdasOf(machine)) text = text.replaceAll(placeholder(name), functionArn)
    return Object(parseJson(text))
  }
}

function placeholder(name: string): string {
  return `\${${name}}`
}

export const pick = (kind: string, more: object = {}): Line => ['PickNextEvent', returns({ kind, ...more })]
/** A machine with a deadline of its own does not read how long. */
export const nothingYet = (waitSeconds = times.deadlineSeconds): Line => pick('nothing-yet', { waitSeconds })
/** Somebody wakes the execution without a word, so that PickNextEvent decides. */
export const woken: Line = ['AwaitEvent', wakes(0)]
export const settled = pick('settled', { as: 'completed' })
export const superseded = (state: string): Line => [state, fails('SupersededError')]
export const posted = (state: string, document = 'D1'): Line => [state, returns({ outcome: 'posted', document })]
export const refused = (state: string): Line => [state, returns({ outcome: 'refused', code: 'goods-left' })]
