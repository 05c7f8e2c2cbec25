import { createHash } from 'node:crypto'
import jsonata from 'jsonata'
import { isRecord, throughJson } from '../json.ts'
import { SimulationError } from '../simulation-error.ts'
import { compileShortcut, type Shortcut } from './shortcut.ts'
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
    return (bindings) => {
      const values: Record<string, unknown> = {}
      const late: Promise<void>[] = []
      for (const [name, field] of fields) {
        const value = field(bindings)
        values[name] = value
        if (value instanceof Promise)
          late.push(
            value.then((known) => {
              values[name] = known
            }),
          )
      }
      return late.length === 0 ? values : Promise.all(late).then(() => values)
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

type Compiled = {
  readonly expression: jsonata.Expression
  readonly needsLibrary: boolean
  readonly shortcut: Shortcut | undefined
}

const compiled = new Map<string, Compiled>()

function compileExpression(text: string, field: string): Template {
  const source = text.slice(2, -2).trim()
  const expression = compile(source)
  const read = (result: unknown) => {
    if (result !== undefined && !isFunction(result)) return throughJson(result)
    const nothing = result === undefined ? 'nothing (undefined)' : 'an unsupported result type'
    throw queryError(`The JSONata expression '${text}' specified for the field '${field}' returned ${nothing}.`)
  }
  return (bindings) => {
    const { variables } = bindings
    const isShadowed = 'exists' in variables || 'not' in variables || 'states' in variables
    const short = isShadowed ? undefined : expression.shortcut?.(bindings.states)
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
    const parsed = jsonata(source)
    const made = { expression: parsed, needsLibrary, shortcut: compileShortcut(parsed.ast()) }
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
