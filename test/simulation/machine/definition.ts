import { isRecord, type JsonRecord, refuseUnknownFields } from '../json.ts'
import { notKnown, SimulationError } from '../simulation-error.ts'
import { type Catcher, type Retrier, readCatchers, readRetriers } from './error-handling.ts'
import { type Exit, readExit, template, text } from './parts.ts'
import { compileTemplate, type Template } from './template.ts'

/** A state machine's definition, understood completely or refused. */
export type Definition = {
  readonly startAt: string
  readonly timeoutSeconds: number | undefined
  readonly states: ReadonlyMap<string, State>
}

export type Choice = Exit & { readonly condition: Template; readonly next: string }

export type State = { readonly name: string; readonly next: string | undefined } & Exit &
  (
    | { readonly type: 'Pass' | 'Succeed' }
    | {
        readonly type: 'Task'
        readonly resource: string
        readonly arguments?: Template
        readonly timeoutSeconds: Template
        readonly retry: readonly Retrier[]
        readonly catch: readonly Catcher[]
      }
    | { readonly type: 'Choice'; readonly choices: readonly Choice[] }
    | { readonly type: 'Wait'; readonly seconds?: Template; readonly timestamp?: Template }
    | { readonly type: 'Fail'; readonly error?: Template; readonly cause?: Template }
  )

const common = ['Type', 'Comment', 'QueryLanguage']
const fields: Readonly<Record<string, readonly string[]>> = {
  Pass: ['Next', 'End', 'Assign', 'Output'],
  Task: ['Next', 'End', 'Assign', 'Output', 'Resource', 'Arguments', 'TimeoutSeconds', 'Retry', 'Catch'],
  Choice: ['Choices', 'Default', 'Assign', 'Output'],
  Wait: ['Next', 'End', 'Assign', 'Output', 'Seconds', 'Timestamp'],
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
}

export function readDefinition(value: unknown): Definition {
  if (!isRecord(value)) throw new SimulationError('A definition is an object')
  refuseUnknownFields(
    'Definition',
    value,
    new Set(['Comment', 'StartAt', 'States', 'QueryLanguage', 'TimeoutSeconds', 'Version']),
  )
  if (value.QueryLanguage !== 'JSONata') throw notKnown(`QueryLanguage ${String(value.QueryLanguage)}`)
  if (!isRecord(value.States)) throw new SimulationError('A definition has States')
  const states = new Map(Object.entries(value.States).map(([name, state]) => [name, readState(name, state)]))
  const startAt = text(value, 'StartAt', 'Definition')
  for (const next of [startAt, ...[...states.values()].flatMap(targetsOf)]) {
    if (!states.has(next)) throw new SimulationError(`There is no state ${next}`)
  }
  return {
    startAt,
    states,
    timeoutSeconds: typeof value.TimeoutSeconds === 'number' ? value.TimeoutSeconds : undefined,
  }
}

function targetsOf(state: State): string[] {
  const targets = state.next === undefined ? [] : [state.next]
  if (state.type === 'Choice') return [...targets, ...state.choices.map(({ next }) => next)]
  return state.type === 'Task' ? [...targets, ...state.catch.map(({ next }) => next)] : targets
}

function readState(name: string, value: unknown): State {
  if (!isRecord(value)) throw new SimulationError(`State ${name} is no object`)
  const type = text(value, 'Type', name)
  const known = fields[type]
  if (known === undefined) throw notKnown(`State ${name} of type ${type}`)
  refuseUnknownFields(`State ${name}`, value, new Set([...common, ...known]))
  if (value.QueryLanguage !== undefined && value.QueryLanguage !== 'JSONata') throw notKnown(`QueryLanguage of ${name}`)
  const exit = { name, next: readNext(name, type, value), ...readExit(name, value) }
  if (type === 'Pass' || type === 'Succeed') return { type, ...exit }
  if (type === 'Fail')
    return { type, ...exit, ...template(name, value, 'Error', 'error'), ...template(name, value, 'Cause', 'cause') }
  if (type === 'Choice') return { type, ...exit, choices: readChoices(name, value.Choices) }
  if (type === 'Wait') {
    if ((value.Seconds === undefined) === (value.Timestamp === undefined))
      throw new SimulationError(`${name} waits for Seconds or a Timestamp`)
    return {
      type,
      ...exit,
      ...template(name, value, 'Seconds', 'seconds'),
      ...template(name, value, 'Timestamp', 'timestamp'),
    }
  }
  return {
    type: 'Task',
    ...exit,
    ...template(name, value, 'Arguments', 'arguments'),
    resource: text(value, 'Resource', name),
    timeoutSeconds: compileTemplate(value.TimeoutSeconds ?? 99_999_999, `${name}.TimeoutSeconds`),
    retry: readRetriers(name, value.Retry),
    catch: readCatchers(name, value.Catch),
  }
}

function readNext(name: string, type: string, value: JsonRecord): string | undefined {
  if (type === 'Succeed' || type === 'Fail') return undefined
  if (type === 'Choice') return value.Default === undefined ? undefined : text(value, 'Default', name)
  if ((value.Next === undefined) === (value.End !== true))
    throw new SimulationError(`State ${name} needs either Next or End`)
  return value.Next === undefined ? undefined : text(value, 'Next', name)
}

function readChoices(name: string, value: unknown): Choice[] {
  if (!Array.isArray(value) || value.length === 0) throw new SimulationError(`State ${name} needs Choices`)
  return value.map((choice: unknown, i) => {
    const where = `${name}.Choices[${i}]`
    if (!isRecord(choice)) throw new SimulationError(`${where} is no object`)
    refuseUnknownFields(where, choice, new Set(['Condition', 'Next', 'Assign', 'Output', 'Comment']))
    return {
      condition: compileTemplate(choice.Condition, `${where}.Condition`),
      next: text(choice, 'Next', where),
      ...readExit(where, choice),
    }
  })
}
