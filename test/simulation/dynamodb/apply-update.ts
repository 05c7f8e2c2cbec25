import { Big } from 'big.js'
import { type Attribute, type Item, isList, isSet, typeOf } from './attribute.ts'
import { copyItemOut, copyOut, type Mutable, type MutableItem } from './copy.ts'
import { validationError } from './errors.ts'
import { read } from './evaluate-condition.ts'
import type { Path, Update, UpdateValue } from './expression.ts'
import { type Placeholders, stepsOf, valueFor } from './placeholders.ts'

type Steps = readonly (string | number)[]

/** Every right-hand side sees the item as it was before; only then is anything changed. */
export function applyUpdate(update: Update, item: Item, placeholders: Placeholders): Item {
  refuseOverlaps(update, placeholders)
  const changes = changesOf(update, item, placeholders)
  return isDeep(update)
    ? changeDeeply(update, changes, item, placeholders)
    : changeAttributes(update, changes, item, placeholders)
}

type Change = { readonly path: Path; readonly value: Attribute | undefined }

/** Without a value: what nothing is left of. */
function changesOf(update: Update, item: Item, placeholders: Placeholders): readonly Change[] {
  return [
    ...update.set.map(({ path, value }) => ({ path, value: evaluate(value, item, placeholders) })),
    ...update.add.map(({ path, value }) => ({
      path,
      value: added(read(path, item, placeholders), valueFor(value.name, placeholders)),
    })),
    ...update.delete.map(({ path, value }) => ({
      path,
      value: without(read(path, item, placeholders), valueFor(value.name, placeholders)),
    })),
  ]
}

function isDeep({ paths }: Update): boolean {
  return paths.some(({ steps }) => steps.length > 1)
}

/** Items are never changed, so that what the update does not reach is shared with the item before. */
function changeAttributes(update: Update, changes: readonly Change[], item: Item, placeholders: Placeholders): Item {
  const removed = new Set(update.remove.map((path) => stepsOf(path, placeholders)[0]))
  for (const { path, value } of changes) if (value === undefined) removed.add(stepsOf(path, placeholders)[0])
  const next: Record<string, Attribute> = {}
  for (const name in item) {
    const value = item[name]
    if (value !== undefined && !removed.has(name)) next[name] = value
  }
  for (const { path, value } of changes) {
    const [name] = stepsOf(path, placeholders)
    if (value !== undefined) next[String(name)] = value
  }
  return next
}

function changeDeeply(update: Update, changes: readonly Change[], item: Item, placeholders: Placeholders): Item {
  const next = copyItemOut(item)
  for (const { path, value } of changes) {
    const steps = stepsOf(path, placeholders)
    if (value === undefined) erase(next, steps)
    else write(next, steps, copyOut(value))
  }
  const removed = update.remove.map((path) => stepsOf(path, placeholders))
  for (const steps of removed.sort(lastElementsFirst)) erase(next, steps)
  return next
}

function evaluate(value: UpdateValue, item: Item, placeholders: Placeholders): Attribute {
  switch (value.kind) {
    case 'value':
      return valueFor(value.name, placeholders)
    case 'path': {
      const found = read(value, item, placeholders)
      if (found === undefined)
        throw validationError('The provided expression refers to an attribute that does not exist in the item')
      return found
    }
    case 'if_not_exists': {
      const found = read(value.path, item, placeholders)
      return found === undefined ? evaluate(value.otherwise, item, placeholders) : found
    }
    case 'list_append': {
      const [first, second] = [evaluate(value.first, item, placeholders), evaluate(value.second, item, placeholders)]
      if (!isList(first) || !isList(second)) throw wrongType()
      return [...first, ...second]
    }
    default: {
      const [left, right] = [evaluate(value.left, item, placeholders), evaluate(value.right, item, placeholders)]
      if (typeof left !== 'number' || typeof right !== 'number') throw wrongType()
      return sum(left, value.kind === '+' ? right : -right)
    }
  }
}

/** DynamoDB counts in decimals. */
function sum(a: number, b: number): number {
  return Number.isInteger(a) && Number.isInteger(b) ? a + b : new Big(a).plus(b).toNumber()
}

function added(old: Attribute | undefined, value: Attribute): Attribute {
  if (typeof value === 'number' && (old === undefined || typeof old === 'number')) return sum(old ?? 0, value)
  if (!isSet(value)) throw wrongType()
  if (old === undefined) return value
  if (!isSet(old) || typeOf(old) !== typeOf(value)) throw wrongType()
  return new Set([...old, ...value])
}

function without(old: Attribute | undefined, value: Attribute): ReadonlySet<string | number> | undefined {
  if (!isSet(value)) throw wrongType()
  if (old === undefined) return undefined
  if (!isSet(old) || typeOf(old) !== typeOf(value)) throw wrongType()
  const rest = new Set([...old].filter((element) => !value.has(element)))
  return rest.size === 0 ? undefined : rest
}

function write(item: MutableItem, steps: Steps, value: Mutable): void {
  const { holder, last } = locate(item, steps)
  if (Array.isArray(holder) && typeof last === 'number') holder[Math.min(last, holder.length)] = value
  else if (isMutableMap(holder) && typeof last === 'string') holder[last] = value
  else throw invalidPath()
}

function erase(item: MutableItem, steps: Steps): void {
  const { holder, last } = locate(item, steps)
  if (Array.isArray(holder) && typeof last === 'number') holder.splice(last, 1)
  else if (isMutableMap(holder) && typeof last === 'string') delete holder[last]
  else throw invalidPath()
}

function locate(item: MutableItem, steps: Steps): { holder: Mutable | undefined; last: string | number | undefined } {
  let holder: Mutable | undefined = item
  for (const step of steps.slice(0, -1)) {
    if (Array.isArray(holder) && typeof step === 'number') holder = holder[step]
    else if (isMutableMap(holder) && typeof step === 'string') holder = holder[step]
    else throw invalidPath()
  }
  return { holder, last: steps.at(-1) }
}

function isMutableMap(value: Mutable | undefined): value is MutableItem {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set)
}

function refuseOverlaps(update: Update, placeholders: Placeholders): void {
  const paths = update.paths.map((path) => stepsOf(path, placeholders))
  if (!isDeep(update) && new Set(paths.map(([name]) => name)).size === paths.length) return
  for (const [i, one] of paths.entries()) {
    for (const other of paths.slice(i + 1)) {
      const shorter = Math.min(one.length, other.length)
      if (one.slice(0, shorter).every((step, at) => step === other[at])) {
        throw validationError(
          `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${one.join(', ')}], path two: [${other.join(', ')}]`,
        )
      }
    }
  }
}

function lastElementsFirst(a: Steps, b: Steps): number {
  const [last, other] = [a.at(-1), b.at(-1)]
  return typeof last === 'number' && typeof other === 'number' ? other - last : 0
}

function wrongType() {
  return validationError('An operand in the update expression has an incorrect data type')
}

function invalidPath() {
  return validationError('The document path provided in the update expression is invalid for update')
}
