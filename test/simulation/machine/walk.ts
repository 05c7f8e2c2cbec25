import { byteLength } from '../json.ts'
import { EndlessError, SimulationError } from '../simulation-error.ts'
import type { State } from './definition.ts'
import { delayMs } from './error-handling.ts'
import type { Execution, Place, Run, Visit } from './execution.ts'
import type { Exit } from './parts.ts'
import type { MachineSettings } from './settings.ts'
import { matches, StateError } from './state-error.ts'
import { attemptTask, waitsForToken } from './task.ts'
import type { Bindings, Library } from './template.ts'
import { maximumBytes, type Tokens } from './tokens.ts'

export type Walker = { readonly settings: MachineSettings; readonly tokens: Tokens; readonly library: Library }

type Left = { readonly next: string | undefined; readonly place: Omit<Place, 'state'> }

/** From a place to the end of the machine; gives back the output or throws the StateError that nobody caught. */
export async function walk(walker: Walker, execution: Execution, run: Run): Promise<unknown> {
  for (;;) {
    await pause(walker, run, walker.settings.transitionMs?.() ?? 0)
    const { state: name, input } = execution.place
    const state = execution.machine.definition.states.get(name)
    if (state === undefined) throw new SimulationError(`There is no state ${name}`)
    const visit: Visit = {
      state: name,
      type: state.type,
      enteredAtMs: walker.settings.time.nowMs(),
      redrive: execution.now.redriveCount,
      input,
      attempts: 0,
      exits: [],
    }
    execution.visits.push(visit)
    if (execution.visits.length > maximumVisits) throw new EndlessError(`${execution.arn} never ends`)
    try {
      const left = await leave(walker, execution, run, state, visit)
      if (run.isOver) return undefined
      checkSize(left.place.input, name)
      visit.output = left.place.input
      if (left.next === undefined) return left.place.input
      execution.place = { state: left.next, ...left.place }
    } catch (error) {
      if (error instanceof StateError) {
        visit.error = error.error
        visit.exits.push('failed')
      }
      throw error
    }
  }
}

/** About the 25,000 history events that an execution may have. */
const maximumVisits = 5000

/** An execution that is over stays where it is: nothing after it happens. */
export function pause({ settings }: Walker, run: Run, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    if (run.isOver) return
    const cancel = settings.time.after(milliseconds, () => {
      run.cleanups.delete(cancel)
      if (!run.isOver) resolve()
    })
    run.cleanups.add(cancel)
  })
}

async function leave(walker: Walker, execution: Execution, run: Run, state: State, visit: Visit): Promise<Left> {
  if (state.type === 'Task') return runTask(walker, execution, run, state, visit)
  visit.attempts = 1
  const bindings = bind(walker, execution, visit)
  if (state.type === 'Choice') return choose(execution, state, visit, bindings)
  if (state.type === 'Fail') {
    const [error, cause] = [await state.error?.(bindings), await state.cause?.(bindings)]
    throw new StateError(words(state.name, error), words(state.name, cause))
  }
  if (state.type === 'Wait') await pause(walker, run, await waitMs(walker, state, bindings))
  visit.exits.push('next')
  return exitBy(execution, state, state.next, execution.place.input, bindings)
}

async function choose(
  execution: Execution,
  state: State & { type: 'Choice' },
  visit: Visit,
  bindings: Bindings,
): Promise<Left> {
  for (const [i, choice] of state.choices.entries()) {
    const isMet = await choice.condition(bindings)
    if (typeof isMet !== 'boolean') {
      throw new StateError(
        'States.QueryEvaluationError',
        `Condition ${i} of ${state.name} gave ${JSON.stringify(isMet)}, no boolean`,
      )
    }
    if (!isMet) continue
    visit.exits.push(`choice ${i}`)
    return exitBy(execution, choice, choice.next, execution.place.input, bindings)
  }
  if (state.next === undefined) throw new StateError('States.NoChoiceMatched', `No choice of ${state.name} matched`)
  visit.exits.push('default')
  return exitBy(execution, state, state.next, execution.place.input, bindings)
}

async function waitMs({ settings }: Walker, state: State & { type: 'Wait' }, bindings: Bindings): Promise<number> {
  if (state.seconds !== undefined) {
    const seconds = await state.seconds(bindings)
    if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0) return seconds * 1000
    throw new StateError('States.QueryEvaluationError', `Seconds of ${state.name} are ${JSON.stringify(seconds)}`)
  }
  const timestamp = await state.timestamp?.(bindings)
  const untilMs = typeof timestamp === 'string' && moment.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  if (Number.isNaN(untilMs)) throw new StateError('States.QueryEvaluationError', `Timestamp of ${state.name} is none`)
  return Math.max(0, untilMs - settings.time.nowMs())
}

/** docs.aws.amazon.com/step-functions/latest/dg/state-wait.html: a day and a time with T, and an offset. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** What a Fail state says of itself, which may be nothing. */
function words(state: string, value: unknown): string {
  if (value === undefined || typeof value === 'string') return value ?? ''
  throw new StateError('States.QueryEvaluationError', `Error and Cause of ${state} are texts`)
}

async function runTask(
  walker: Walker,
  execution: Execution,
  run: Run,
  state: State & { type: 'Task' },
  visit: Visit,
): Promise<Left> {
  const retries = state.retry.map(() => 0)
  for (;;) {
    try {
      const left = await attempt(walker, execution, run, state, visit)
      visit.exits.push('next')
      return left
    } catch (error) {
      if (!(error instanceof StateError)) throw error
      const i = state.retry.findIndex(({ errorEquals }) => matches(errorEquals, error.error))
      const retrier = state.retry[i]
      const used = retries[i] ?? 0
      if (retrier === undefined || used >= retrier.maxAttempts)
        return catchError(walker, execution, state, visit, error)
      retries[i] = used + 1
      visit.exits.push(`retry ${i}`)
      await pause(walker, run, delayMs(retrier, used + 1, walker.settings.random))
    }
  }
}

async function attempt(
  walker: Walker,
  execution: Execution,
  run: Run,
  state: State & { type: 'Task' },
  visit: Visit,
): Promise<Left> {
  visit.attempts += 1
  const taskToken = waitsForToken(state.resource) ? walker.settings.random.uuid() : undefined
  const bindings = bind(walker, execution, visit, taskToken === undefined ? {} : { Task: { Token: taskToken } })
  const parameters = await state.arguments?.(bindings)
  checkSize(parameters, state.name)
  const timeoutSeconds = await state.timeoutSeconds(bindings)
  if (typeof timeoutSeconds !== 'number')
    throw new StateError('States.QueryEvaluationError', `TimeoutSeconds of ${state.name} is none`)
  const info = { execution, state: state.name, attempt: visit.attempts, taskToken }
  const result = await attemptTask(walker.settings, walker.tokens, run, {
    resource: state.resource,
    parameters,
    timeoutSeconds,
    info,
  })
  checkSize(result, state.name)
  return exitBy(execution, state, state.next, result, withResult(bindings, { result }))
}

async function catchError(
  walker: Walker,
  execution: Execution,
  state: State & { type: 'Task' },
  visit: Visit,
  error: StateError,
): Promise<Left> {
  const i = state.catch.findIndex(({ errorEquals }) => matches(errorEquals, error.error))
  const catcher = state.catch[i]
  if (catcher === undefined) throw error
  visit.error = error.error
  visit.exits.push(`catch ${i}`)
  const errorOutput = { Error: error.error, Cause: error.stateCause }
  const bindings = withResult(bind(walker, execution, visit), { errorOutput })
  return exitBy(execution, catcher, catcher.next, errorOutput, bindings)
}

/** Output and Assign see the variables as they were. */
async function exitBy(
  execution: Execution,
  exit: Exit,
  next: string | undefined,
  otherwise: unknown,
  bindings: Bindings,
): Promise<Left> {
  const { variables } = execution.place
  const output = exit.output === undefined ? otherwise : await exit.output(bindings)
  const assigned = exit.assign === undefined ? undefined : await exit.assign(bindings)
  if (assigned === undefined) return { next, place: { input: output, variables } }
  checkSize(assigned, 'Assign')
  return { next, place: { input: output, variables: Object.assign({}, variables, assigned) } }
}

function bind(
  { library, settings }: Walker,
  execution: Execution,
  visit: Visit,
  more: Readonly<Record<string, unknown>> = {},
): Bindings {
  const { place, machine, now } = execution
  const context = {
    Execution: {
      Id: execution.arn,
      Input: execution.visits[0]?.input,
      Name: execution.name,
      RoleArn: `arn:aws:iam::${settings.account ?? '000000000000'}:role/${machine.name}`,
      get StartTime() {
        return new Date(execution.startMs).toISOString()
      },
      RedriveCount: now.redriveCount,
      ...(now.redriveMs !== undefined && { RedriveTime: new Date(now.redriveMs).toISOString() }),
    },
    State: {
      get EnteredTime() {
        return new Date(visit.enteredAtMs).toISOString()
      },
      Name: visit.state,
      RetryCount: Math.max(0, visit.attempts - 1),
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
    ...more,
  }
  return { library, variables: place.variables, states: { input: place.input, context } }
}

function withResult(bindings: Bindings, more: Readonly<Record<string, unknown>>): Bindings {
  return { ...bindings, states: { ...bindings.states, ...more } }
}

function checkSize(value: unknown, where: string): void {
  if (bytesAtMost(value) <= maximumBytes || byteLength(JSON.stringify(value)) <= maximumBytes) return
  throw new StateError('States.DataLimitExceeded', `${where} passes on more than ${maximumBytes} bytes`)
}

/** No fewer bytes than the value has as JSON, found without writing it: six for each character that may be escaped. */
function bytesAtMost(value: unknown): number {
  if (typeof value === 'string') return 2 + 6 * value.length
  if (typeof value !== 'object' || value === null) return 24
  let sum = 2
  for (const [name, element] of Object.entries(value)) sum += 4 + 6 * name.length + bytesAtMost(element)
  return sum
}
