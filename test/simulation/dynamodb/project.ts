import { notKnown } from '../simulation-error.ts'
import type { Attribute, Item } from './attribute.ts'
import { copyItemOut, copyOut, type MutableItem } from './copy.ts'
import { read } from './evaluate-condition.ts'
import type { Path } from './expression.ts'
import { type Placeholders, stepsOf } from './placeholders.ts'

/** A copy of what a ProjectionExpression asks for; all of it where there is none. */
export function projectItem(item: Item, paths: readonly Path[] | undefined, placeholders: Placeholders): MutableItem {
  if (paths === undefined) return copyItemOut(item)
  const projected: MutableItem = {}
  for (const path of paths) {
    const value = read(path, item, placeholders)
    if (value !== undefined) put(projected, stepsOf(path, placeholders), value)
  }
  return projected
}

function put(target: MutableItem, steps: readonly (string | number)[], value: Attribute): void {
  const [name, ...rest] = steps
  if (typeof name !== 'string') throw notKnown('A list element in a ProjectionExpression')
  if (rest.length === 0) {
    target[name] = copyOut(value)
    return
  }
  const held = target[name]
  const next: MutableItem = isMutableMap(held) ? held : {}
  target[name] = next
  put(next, rest, value)
}

function isMutableMap(value: unknown): value is MutableItem {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set)
}
