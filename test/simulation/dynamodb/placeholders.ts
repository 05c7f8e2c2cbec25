import { isRecord } from '../json.ts'
import type { Attribute, Item } from './attribute.ts'
import { validationError } from './errors.ts'
import type { Parsed, Path } from './expression.ts'

/** What `#name` and `:value` stand for in one request. */
export type Placeholders = { readonly names: Readonly<Record<string, string>>; readonly values: Item }

/** Both kinds must be defined where used and used where defined, as DynamoDB demands. */
export function readPlaceholders(
  names: unknown,
  values: unknown,
  used: readonly Parsed<unknown>[],
  copyIn: (values: object) => Item,
): Placeholders {
  const placeholders = { names: readNames(names), values: readValues(values, copyIn) }
  checkUse('names', placeholders.names, used)
  checkUse('values', placeholders.values, used)
  return placeholders
}

function checkUse(kind: 'names' | 'values', defined: object, used: readonly Parsed<unknown>[]): void {
  const names = Object.keys(defined)
  const word = kind === 'names' ? 'ExpressionAttributeNames' : 'ExpressionAttributeValues'
  if (used.length === 0 && names.length > 0) {
    throw validationError(`${word} can only be specified when using expressions`)
  }
  for (const expression of used) {
    for (const name of expression[kind]) if (!Object.hasOwn(defined, name)) throw notDefined(kind, name)
  }
  const unused = names.filter((name) => !used.some((expression) => expression[kind].has(name)))
  if (unused.length > 0)
    throw validationError(`Value provided in ${word} unused in expressions: keys: {${unused.join(', ')}}`)
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

function readValues(values: unknown, copyIn: (values: object) => Item): Item {
  if (values === undefined) return {}
  if (!isRecord(values) || Object.keys(values).length === 0)
    throw validationError('ExpressionAttributeValues must not be empty')
  for (const name of Object.keys(values)) {
    if (!name.startsWith(':')) throw validationError(`ExpressionAttributeValues contains invalid key: "${name}"`)
  }
  return copyIn(values)
}

export function valueFor(name: string, { values }: Placeholders): Attribute {
  const value = values[name]
  if (value === undefined) throw notDefined('values', name)
  return value
}

export function stepsOf(path: Path, { names }: Placeholders): readonly (string | number)[] {
  if (!path.hasPlaceholder) return path.steps
  return path.steps.map((step) => (typeof step === 'string' && step.startsWith('#') ? (names[step] ?? step) : step))
}
