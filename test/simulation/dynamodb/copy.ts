import { type Attribute, type Item, isList, isSet } from './attribute.ts'

/**
 * Copies what a caller hands in and refuses what the DocumentClient refuses to marshal.
 * @param dropsUndefined as its removeUndefinedValues, at any depth
 */
export function copyIn(value: unknown, dropsUndefined: boolean): Attribute {
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
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = dropsUndefined ? value.filter((element) => element !== undefined) : value
    return elements.map((element) => copyIn(element, dropsUndefined))
  }
  if (value instanceof Set) return copySetIn(value, dropsUndefined)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && value.constructor?.name !== 'Object') throw unsupported(value)
  return copyItemIn(value, dropsUndefined)
}

export function copyItemIn(value: object, dropsUndefined: boolean): Item {
  const item: Record<string, Attribute> = {}
  for (const name of Object.keys(value)) {
    const attribute: unknown = Reflect.get(value, name)
    if (typeof attribute === 'function' || (attribute === undefined && dropsUndefined)) continue
    item[name] = typeof attribute === 'string' ? attribute : copyIn(attribute, dropsUndefined)
  }
  return item
}

function copySetIn(value: ReadonlySet<unknown>, dropsUndefined: boolean): Attribute {
  if (value.size === 0) throw new Error('Pass a non-empty set, or options.convertEmptyValues=true.')
  const elements = new Set<string | number>()
  for (const element of value) {
    if (element === undefined && dropsUndefined) continue
    const copy = copyIn(element, dropsUndefined)
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
    if (value === undefined) continue
    copy[name] = typeof value === 'object' ? copyOut(value) : value
  }
  return copy
}
