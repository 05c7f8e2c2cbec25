import type { Attribute, Item } from './attribute.ts'
import { typeOf } from './attribute.ts'
import { validationError } from './errors.ts'

export type KeyNames = { readonly partition: string; readonly sort?: string }

export type TableSettings = {
  readonly name: string
  readonly keys: KeyNames
  readonly indexes?: readonly IndexSettings[]
  /** Key attributes of type N; all others are S. */
  readonly numberKeys?: readonly string[]
}

export type IndexSettings = {
  readonly name: string
  readonly keys: KeyNames
  readonly projection?: 'ALL' | 'KEYS_ONLY' | { readonly include: readonly string[] }
}

export type Key = {
  readonly partition: string
  readonly sort: Attribute
  readonly identity: string
  readonly names: Item
}

/** The key of an item, refused with DynamoDB's own words if it is none. */
export function keyOfItem(settings: TableSettings, item: Item): Key {
  for (const name of namesOf(settings.keys)) {
    if (item[name] === undefined) {
      throw validationError(`One or more parameter values were invalid: Missing the key ${name} in the item`)
    }
  }
  return keyOf(settings, item)
}

/** A Key parameter: exactly the key attributes. */
export function keyOfKey(settings: TableSettings, key: Item): Key {
  const names = namesOf(settings.keys)
  if (Object.keys(key).length !== names.length || names.some((name) => key[name] === undefined)) {
    throw validationError('The provided key element does not match the schema')
  }
  return keyOf(settings, key)
}

/** An item without all key attributes of an index is not in it. */
export function indexKeyOf(
  settings: TableSettings,
  index: IndexSettings,
  item: Item,
): Omit<Key, 'identity'> | undefined {
  const names = namesOf(index.keys)
  for (const name of names) {
    const value = item[name]
    if (value === undefined) continue
    const problem = keyProblem(settings, name, value)
    if (problem !== undefined) throw validationError(`${problem} IndexName: ${index.name}, IndexKey: ${name}`)
  }
  if (names.some((name) => item[name] === undefined)) return undefined
  return keyParts(index.keys, item)
}

export function namesOf({ partition, sort }: KeyNames): readonly string[] {
  return sort === undefined ? [partition] : [partition, sort]
}

/** A key attribute has one type in the whole table, so that a number and a text never meet. */
export function partitionText(value: Attribute): string {
  return typeof value === 'string' ? value : String(value)
}

function keyOf(settings: TableSettings, item: Item): Key {
  for (const name of namesOf(settings.keys)) {
    const value = item[name]
    const problem = value === undefined ? 'missing' : keyProblem(settings, name, value)
    if (problem !== undefined) throw validationError(`${problem} Key: ${name}`)
  }
  const parts = keyParts(settings.keys, item)
  return { ...parts, identity: `${parts.partition}\u0000${partitionText(parts.sort)}` }
}

function keyParts({ partition, sort }: KeyNames, item: Item): Omit<Key, 'identity'> {
  const partitionValue = item[partition] ?? ''
  const sortValue = sort === undefined ? '' : (item[sort] ?? '')
  return {
    partition: partitionText(partitionValue),
    sort: sortValue,
    names: sort === undefined ? { [partition]: partitionValue } : { [partition]: partitionValue, [sort]: sortValue },
  }
}

function keyProblem(settings: TableSettings, name: string, value: Attribute): string | undefined {
  const expected = settings.numberKeys?.includes(name) ? 'N' : 'S'
  if (typeOf(value) !== expected) {
    return `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${expected} actual: ${typeOf(value)}`
  }
  if (value !== '') return undefined
  return 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value.'
}
