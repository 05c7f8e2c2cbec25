/** What an item holds, as the DocumentClient shows it. Binary values and big numbers are not known here and throw. */
export type Attribute =
  | string
  | number
  | boolean
  | null
  | ReadonlySet<string | number>
  | readonly Attribute[]
  | { readonly [name: string]: Attribute }

export type Item = { readonly [name: string]: Attribute }

export type AttributeType = 'S' | 'N' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'L' | 'M'

export function typeOf(value: Attribute): AttributeType {
  if (typeof value === 'string') return 'S'
  if (typeof value === 'number') return 'N'
  if (typeof value === 'boolean') return 'BOOL'
  if (value === null) return 'NULL'
  if (isList(value)) return 'L'
  if (isSet(value)) return typeof value.values().next().value === 'number' ? 'NS' : 'SS'
  return 'M'
}

export function isList(value: Attribute | undefined): value is readonly Attribute[] {
  return Array.isArray(value)
}

export function isSet(value: Attribute | undefined): value is ReadonlySet<string | number> {
  return value instanceof Set
}

export function isMap(value: Attribute | undefined): value is Item {
  return typeof value === 'object' && value !== null && !isList(value) && !isSet(value)
}

export function areEqual(a: Attribute, b: Attribute): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isList(a)) return isList(b) && a.length === b.length && a.every((value, i) => sameOrBothMissing(value, b[i]))
  if (isSet(a)) return isSet(b) && a.size === b.size && [...a].every((value) => b.has(value))
  if (!isMap(a) || !isMap(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => sameOrBothMissing(a[name], b[name]))
}

function sameOrBothMissing(a: Attribute | undefined, b: Attribute | undefined): boolean {
  return a === undefined || b === undefined ? a === b : areEqual(a, b)
}

/** Undefined where DynamoDB has no order: other types, and two of different types. Strings go by their UTF-8 bytes. */
export function compare(a: Attribute, b: Attribute): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a !== 'string' || typeof b !== 'string') return undefined
  if (beyondSurrogates.test(a) || beyondSurrogates.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}

const beyondSurrogates = /[\ud800-\uffff]/

/** The documented estimate: names and strings by their bytes, three bytes for a container, one for each element. */
export function sizeInBytes(value: Attribute): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return Math.ceil(String(value).replace(/\D/g, '').length / 2) + 1
  if (typeof value === 'boolean' || value === null) return 1
  if (isSet(value)) return [...value].reduce<number>((sum, element) => sum + sizeInBytes(element), 3)
  if (isList(value)) return value.reduce<number>((sum, element) => sum + sizeInBytes(element) + 1, 3)
  return itemSizeInBytes(value) + 3 + Object.keys(value).length
}

/** No less than the size, without asking how many bytes each character has. */
export function itemSizeAtMost(item: Item): number {
  let sum = 0
  for (const name in item) sum += 3 * name.length + sizeAtMost(item[name])
  return sum
}

function sizeAtMost(value: Attribute | undefined): number {
  if (typeof value === 'string') return 3 * value.length
  if (isList(value)) return value.reduce<number>((sum, element) => sum + sizeAtMost(element) + 1, 3)
  if (typeof value !== 'object' || value === null) return 21
  return isSet(value) ? sizeInBytes(value) : itemSizeAtMost(value) + 3 + Object.keys(value).length
}

const sizes = new WeakMap<Item, number>()

/** Items are never changed, so each is measured once. */
export function itemSizeInBytes(item: Item): number {
  const known = sizes.get(item)
  if (known !== undefined) return known
  let sum = 0
  for (const name in item) {
    const value = item[name]
    if (value !== undefined) sum += Buffer.byteLength(name) + sizeInBytes(value)
  }
  sizes.set(item, sum)
  return sum
}
