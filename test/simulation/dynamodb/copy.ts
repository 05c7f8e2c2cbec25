import { type Attribute, type Item, isList, isSet } from './attribute.ts'

/** Copies what a caller hands in and refuses what the DocumentClient, set to its defaults, refuses to marshal. */
export function copyIn(value: unknown): Attribute {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return checkedNumber(value)
    case 'undefined':
      throw new Error('Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.')
    case 'object':
      break
    default:
      throw unsupported(value)
  }
  if (value === null) return null
  if (Array.isArray(value)) return value.map(copyIn)
  if (value instanceof Set) return copySetIn(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && value.constructor?.name !== 'Object') throw unsupported(value)
  return copyItemIn(value)
}

export function copyItemIn(value: object): Item {
  const item: Record<string, Attribute> = {}
  for (const [name, attribute] of Object.entries(value)) {
    if (typeof attribute !== 'function') item[name] = copyIn(attribute)
  }
  return item
}

/** What removeUndefinedValues leaves, at any depth. */
export function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.filter((element) => element !== undefined).map(withoutUndefined)
  if (value instanceof Set) return new Set([...value].filter((element) => element !== undefined))
  if (value.constructor?.name !== 'Object') return value
  const left: Record<string, unknown> = {}
  for (const [name, element] of Object.entries(value)) {
    if (element !== undefined) left[name] = withoutUndefined(element)
  }
  return left
}

function copySetIn(value: ReadonlySet<unknown>): Attribute {
  if (value.size === 0) throw new Error('Pass a non-empty set, or options.convertEmptyValues=true.')
  const elements = new Set<string | number>()
  for (const element of value) {
    const copy = copyIn(element)
    if (typeof copy !== 'string' && typeof copy !== 'number') throw unsupported(element)
    elements.add(copy)
  }
  if (new Set([...elements].map((element) => typeof element)).size > 1)
    throw new Error('A set holds values of one type')
  return elements
}

function checkedNumber(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`)
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new Error(`Number ${value} is greater than MAX_SAFE_INTEGER.`)
  return Object.is(value, -0) ? 0 : value
}

function unsupported(value: unknown): Error {
  return new Error(
    `Unsupported type passed: ${String(value)}. Pass options.convertClassInstanceToMap=true to marshall it.`,
  )
}

/** A copy that its holder may change; a set is a new set. */
export type Mutable = string | number | boolean | null | Set<string | number> | Mutable[] | { [name: string]: Mutable }
export type MutableItem = { [name: string]: Mutable }

export function copyOut(value: Attribute): Mutable {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(copyOut)
  if (isSet(value)) return new Set(value)
  return copyItemOut(value)
}

export function copyItemOut(item: Item): MutableItem {
  const copy: MutableItem = {}
  for (const name in item) {
    const value = item[name]
    if (value !== undefined) copy[name] = copyOut(value)
  }
  return copy
}
