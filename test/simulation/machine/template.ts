import { createHash } from 'node:crypto'
import jsonata from 'jsonata'
import { isRecord, throughJson } from '../json.ts'
import { SimulationError } from '../simulation-error.ts'
import { StateError } from './state-error.ts'

/**
 * A value of the definition in which any string may be a `{% JSONata %}` expression. Gives a promise only where JSONata
 * was asked.
 */
export type Template = (bindings: Bindings) => unknown

/** What an expression sees: `$states`, the variables, and the functions that Step Functions adds. */
export type Bindings = {
  readonly states: Readonly<Record<string, unknown>>
  readonly variables: Readonly<Record<string, unknown>>
  readonly library: Library
}
export type Library = Readonly<Record<string, unknown>>

/** Compiled once. An expression without a result fails the state, as does one that breaks. */
export function compileTemplate(template: unknown, field: string): Template {
  if (typeof template === 'string' && isExpression(template)) return compileExpression(template, field)
  if (!holdsExpression(template)) return () => template
  if (Array.isArray(template)) {
    const elements = template.map((element) => compileTemplate(element, field))
    return async (bindings) => {
      const values: unknown[] = []
      for (const element of elements) values.push(await element(bindings))
      return values
    }
  }
  if (isRecord(template)) {
    const fields = Object.entries(template).map(([name, value]) => [name, compileTemplate(value, field)] as const)
    return async (bindings) => {
      const values: Record<string, unknown> = {}
      for (const [name, field] of fields) {
        const value = field(bindings)
        values[name] = value instanceof Promise ? await value : value
      }
      return values
    }
  }
  return () => template
}

function holdsExpression(template: unknown): boolean {
  if (typeof template === 'string') return isExpression(template)
  return typeof template === 'object' && template !== null && Object.values(template).some(holdsExpression)
}

export function isExpression(text: string): boolean {
  return text.startsWith('{%') && text.endsWith('%}')
}

/**
 * Most expressions name a value, compare one with a word, or make an object of some fields of one, and most of the time of
 * a history went into asking JSONata for that. Whatever is more than objects on the way, or a field that is none or a
 * list, is left to it: only there do its sequences begin.
 */
function compileShortcut(source: string): ((states: unknown) => unknown) | undefined {
  const [, path, more] = /^\$states((?:\.[A-Za-z]\w*)+)( = '[\w-]+'|\.\{[^{}]*\})?$/.exec(source) ?? []
  if (path === undefined) return undefined
  const names = path.slice(1).split('.')
  const at = (states: unknown) => names.reduce(fieldOf, states)
  if (more === undefined) return at
  if (more.startsWith('.')) {
    const fields = fieldsOf(more.slice(2, -1))
    return fields && ((states) => pick(at(states), fields))
  }
  const word = more.slice(4, -1)
  return (states) => {
    const value = at(states)
    return typeof value === 'string' ? value === word : undefined
  }
}

/** Undefined where JSONata has to say what it is. */
function fieldOf(value: unknown, name: string): unknown {
  if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined
  const field = value[name]
  return field === null || Array.isArray(field) ? undefined : field
}

/** `'arn': Id, 'redriveCount': RedriveCount`, each name once, and nothing else. */
function fieldsOf(text: string): readonly (readonly [string, string])[] | undefined {
  const parts = text.split(',').map((part) => /^\s*'(\w+)'\s*:\s*([A-Za-z]\w*)\s*$/.exec(part))
  const fields = parts.flatMap((part) => (part?.[1] && part[2] ? [[part[1], part[2]] as const] : []))
  const names = new Set(fields.map(([name]) => name))
  return names.size === parts.length ? fields : undefined
}

function pick(value: unknown, fields: readonly (readonly [string, string])[]): unknown {
  const picked: Record<string, unknown> = {}
  for (const [name, field] of fields) {
    const found = fieldOf(value, field)
    if (found === undefined) return undefined
    picked[name] = found
  }
  return picked
}

type Compiled = { readonly expression: jsonata.Expression; readonly needsLibrary: boolean }

const compiled = new Map<string, Compiled>()

function compileExpression(text: string, field: string): Template {
  const source = text.slice(2, -2).trim()
  const expression = compile(source)
  const shortcut = compileShortcut(source)
  const read = (result: unknown) => {
    if (result !== undefined && !isFunction(result)) return throughJson(result)
    const nothing = result === undefined ? 'nothing (undefined)' : 'an unsupported result type'
    throw queryError(`The JSONata expression '${text}' specified for the field '${field}' returned ${nothing}.`)
  }
  return (bindings) => {
    const short = shortcut?.(bindings.states)
    return short === undefined ? evaluate(expression, bindings, text, field).then(read) : read(short)
  }
}

/** A function of JSONata's own is an object that says so. */
function isFunction(value: unknown): boolean {
  return (
    typeof value === 'function' || (isRecord(value) && ('_jsonata_function' in value || '_jsonata_lambda' in value))
  )
}

function compile(source: string): Compiled {
  const known = compiled.get(source)
  if (known !== undefined) return known
  try {
    // Binding the library costs as much as a short expression does, so only those who name it get it.
    const needsLibrary = /\$(now|millis|uuid|random|parse|hash|range|partition|eval)\b/.test(source)
    const made = { expression: jsonata(source), needsLibrary }
    compiled.set(source, made)
    return made
  } catch (error) {
    throw new SimulationError(`The JSONata expression '${source}' does not parse: ${messageOf(error)}`)
  }
}

async function evaluate(
  { expression, needsLibrary }: Compiled,
  { states, variables, library }: Bindings,
  text: string,
  field: string,
): Promise<unknown> {
  try {
    const bound = needsLibrary ? { ...library, ...variables, states } : { ...variables, states }
    const result: unknown = await expression.evaluate(undefined, bound)
    return result
  } catch (error) {
    if (error instanceof SimulationError) throw error
    throw queryError(
      `The JSONata expression '${text}' specified for the field '${field}' threw an error: ${messageOf(error)}`,
    )
  }
}

/** The functions that Step Functions adds to JSONata, with time and chance of the simulation. $eval does not exist there. */
export function stepFunctionsLibrary(nowMs: () => number, random: { next(): number; uuid(): string }): Library {
  return {
    now: () => new Date(nowMs()).toISOString(),
    millis: nowMs,
    uuid: () => random.uuid(),
    random: () => random.next(),
    parse: (text: string): unknown => JSON.parse(text),
    hash: (value: unknown, algorithm = 'SHA-256') =>
      createHash(algorithm.replace('-', '').toLowerCase())
        .update(typeof value === 'string' ? value : JSON.stringify(value))
        .digest('hex'),
    range: (first: number, last: number, step: number) =>
      Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step),
    partition: (values: unknown[], size: number) =>
      Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size)),
    eval: () => {
      throw queryError('$eval is not supported')
    },
  }
}

function queryError(cause: string): StateError {
  return new StateError('States.QueryEvaluationError', cause)
}

function messageOf(error: unknown): string {
  return isRecord(error) && typeof error.message === 'string' ? error.message : String(error)
}
