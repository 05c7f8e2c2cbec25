import * as z from 'zod'
import { PoisonMessageError } from './errors.ts'

/**
 * A decimal as text, never a float: `12`, `-0.15`, `1234.5000`. No exponent, at most 18 digits before
 * the point and 30 after it: some sources publish their floats as they are, `0.15000000596046448`.
 */
export const Decimal = z
  .string()
  .regex(
    /^-?\d{1,18}(\.\d{1,30})?$/,
    'must be a decimal as text, such as "12" or "9.80", of at most 18 digits before the point and 30 after it',
  )
export const NonNegativeDecimal = Decimal.refine((text) => !text.startsWith('-'), 'must not be negative')
export const PositiveDecimal = NonNegativeDecimal.refine((text) => /[1-9]/.test(text), 'must be more than zero')

/** ISO 8601 date without a time: `2026-11-24`. */
export const IsoDate = z.iso.date()
/** ISO 8601 timestamp with an offset. */
export const IsoTimestamp = z.iso.datetime({ offset: true })
/** ISO 4217 alphabetic code. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')
/** A document's own number or a system's own id. `#` and control characters would break keys. */
export const Identifier = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[^#\p{Cc}]+$/u, 'must not contain # or control characters')

/** Each line of an order is named by a number of its own. */
export function hasUniqueLineNumbers({ lines }: { readonly lines: readonly { readonly number: string }[] }): boolean {
  return new Set(lines.map(({ number }) => number)).size === lines.length
}

/** What is wrong with an order that has a number twice. */
export const uniqueLineNumbers = {
  path: ['lines'],
  message: 'must have line numbers that are unique within the order',
}

/**
 * Parses what crosses a border, once.
 * @throws PoisonMessageError that names each field, the value that was there and the rule it breaks.
 */
export function parse<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = schema.safeParse(value, { error: inWords })
  if (result.success) return result.data
  const violations = violationsIn(result.error.issues, value)
  const said = violations.slice(0, 10).map(({ field, rule, was }) => `${field || '(whole)'} ${rule} (was ${was})`)
  const more = violations.length > 10 ? `; and ${violations.length - 10} more` : ''
  throw new PoisonMessageError(`${what} is not valid: ${said.join('; ')}${more}`)
}

/** A field that breaks a rule. */
export interface Violation {
  /** `lines[0].quantity`; empty where the whole is meant. */
  readonly field: string
  readonly rule: string
  /** The value as JSON, or `missing`. */
  readonly was: string
  /** The schema has no such field. */
  readonly isUnknown: boolean
}

/** Every rule of a schema that a value breaks; nothing, when it is valid. */
export function violationsOf(schema: z.ZodType, value: unknown): readonly Violation[] {
  const result = schema.safeParse(value, { error: inWords })
  return result.success ? [] : violationsIn(result.error.issues, value)
}

function violationsIn(issues: readonly z.core.$ZodIssue[], value: unknown): readonly Violation[] {
  return firstOfEachField(issues.flatMap(byField)).map(({ path, message }) => {
    const field = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
    const was = show(valueAt(value, path))
    return { field: field.replace(/^\./, ''), rule: message, was, isUnknown: message === unknownField }
  })
}

const unknownField = 'is a field that is not known here'

/** What zod says of types and lengths, as the rest of what is refused is said. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'must be there' : `must be ${kinds[issue.expected] ?? issue.expected}`
    case 'too_small':
      if (issue.origin === 'string') return issue.minimum === 1 ? 'must not be empty' : undefined
      if (issue.origin === 'array') return `must have at least ${issue.minimum}`
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`
      if (issue.origin === 'array') return `must have at most ${issue.maximum}`
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'invalid_format':
      return issue.format === 'date' ? 'must be a date such as 2026-11-24' : undefined
    default:
      return undefined
  }
}
const kinds: Readonly<Record<string, string>> = {
  ...{ string: 'text', boolean: 'true or false', number: 'a number', int: 'a whole number' },
  ...{ array: 'a list [ … ]', object: 'an object { … }', record: 'an object { … }' },
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>

/** Fields that nobody knows are told one by one, each with its own value, instead of together with all that stands beside them. */
function byField(issue: z.core.$ZodIssue): readonly Issue[] {
  if (issue.code !== 'unrecognized_keys') return [issue]
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownField }))
}

/** What is not even a decimal is not told as well that it is not above zero. */
function firstOfEachField(issues: readonly Issue[]): readonly Issue[] {
  const byPath = Map.groupBy(issues, ({ path }) => JSON.stringify(path.map(String)))
  return [...byPath.values()].flatMap(([first]) => first ?? [])
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Reflect.get(at, key)
  }
  return at
}

function show(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
