import { isRecord } from '../json.ts'
import type { Attribute, Item } from './attribute.ts'
import { copyItemIn } from './copy.ts'
import { validationError } from './errors.ts'
import type { Parsed, Path } from './expression.ts'

/** What `#name` and `:value` stand for in one request. */
export type Placeholders = { readonly names: Readonly<Record<string, string>>; readonly values: Item }

/** Both kinds must be defined where used and used where defined, as DynamoDB demands. */
export function readPlaceholders(names: unknown, values: unknown, used: readonly Parsed<unknown>[]): Placeholders {
  const placeholders = { names: readNames(names), values: readValues(values) }
  for (const [kind, defined] of [['names', placeholders.names] as const, ['values', placeholders.values] as const]) {
    const word = kind === 'names' ? 'ExpressionAttributeNames' : 'ExpressionAttributeValues'
    if (used.length === 0 && Object.keys(defined).length > 0) {
      throw validationError(`${word} can only be specified when using expressions`)
    }
    for (const expression of used) {
      for (const name of expression[kind]) if (!Object.hasOwn(defined, name)) throw notDefined(kind, name)
    }
    const unused = Object.keys(defined).filter((name) => !used.some((expression) => expression[kind].has(name)))
    if (unused.length > 0)
      throw validationError(`Value provided in ${word} unused in expressions: keys: {${unused.join(', ')}}`)
  }
  return placeholders
}

function notDefined(kind: 'names' | 'values', name: string) {
  const what = kind === 'names' ? 'name' : 'value'
  return validationError(
    `An expression attribute ${what} used in expression is not defined; attribute ${what}: ${name}`,
  )
}

function readNames(names: unknown): Record<string, string> {
  if (names === undefined) return {}
  if (!isRecord(names) || Object.keys(names).length === 0)
    throw validationError('ExpressionAttributeNames must not be empty')
  const read: Record<string, string> = {}
  for (const [placeholder, name] of Object.entries(names)) {
    if (!placeholder.startsWith('#') || typeof name !== 'string') {
      throw validationError(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${placeholder}"`)
    }
    read[placeholder] = name
  }
  return read
}

function readValues(values: unknown): Item {
  if (values === undefined) return {}
  if (!isRecord(values) || Object.keys(values).length === 0)
    throw validationError('ExpressionAttributeValues must not be empty')
  for (const name of Object.keys(values)) {
    if (!name.startsWith(':')) throw validationError(`ExpressionAttributeValues contains invalid key: "${name}"`)
  }
  return copyItemIn(values)
}

export function valueFor(name: string, { values }: Placeholders): Attribute {
  const value = values[name]
  if (value === undefined) throw notDefined('values', name)
  return value
}

export function stepsOf(path: Path, { names }: Placeholders): readonly (string | number)[] {
  return path.steps.map((step) => (typeof step === 'string' && step.startsWith('#') ? (names[step] ?? step) : step))
}
