import { type Attribute, areEqual, compare, type Item, isList, isMap, isSet, sizeInBytes, typeOf } from './attribute.ts'
import { validationError } from './errors.ts'
import type { Comparator, Condition, Operand, Path } from './expression.ts'
import { type Placeholders, stepsOf, valueFor } from './placeholders.ts'

/** An attribute that is missing makes every comparison false but `<>`. */
export function isMet(condition: Condition, item: Item | undefined, placeholders: Placeholders): boolean {
  const resolve = (operand: Operand) => resolveOperand(operand, item, placeholders)
  switch (condition.kind) {
    case 'and': {
      const left = isMet(condition.left, item, placeholders)
      return isMet(condition.right, item, placeholders) && left
    }
    case 'or': {
      const left = isMet(condition.left, item, placeholders)
      return isMet(condition.right, item, placeholders) || left
    }
    case 'not':
      return !isMet(condition.condition, item, placeholders)
    case 'compare':
      checkOrdered(condition.comparator, condition.left, condition.right, placeholders)
      return holds(condition.comparator, resolve(condition.left), resolve(condition.right))
    case 'between': {
      const [value, low, high] = [resolve(condition.operand), resolve(condition.low), resolve(condition.high)]
      checkBounds(condition.low, condition.high, low, high)
      return holds('>=', value, low) && holds('<=', value, high)
    }
    case 'in': {
      const value = resolve(condition.operand)
      return condition.options.some((option) => holds('=', value, resolve(option)))
    }
    case 'function':
      return calls(condition.name, resolve(condition.path), condition.operand && resolve(condition.operand))
  }
}

function calls(name: string, value: Attribute | undefined, operand: Attribute | undefined): boolean {
  if (name === 'attribute_exists') return value !== undefined
  if (name === 'attribute_not_exists') return value === undefined
  if (name === 'attribute_type') return value !== undefined && typeOf(value) === checkedType(operand)
  if (name === 'begins_with') {
    if (operand !== undefined && typeof operand !== 'string') throw wrongType(name, operand)
    return typeof value === 'string' && operand !== undefined && value.startsWith(operand)
  }
  if (operand === undefined) return false
  if (typeof value === 'string') return typeof operand === 'string' && value.includes(operand)
  if (isSet(value)) return (typeof operand === 'string' || typeof operand === 'number') && value.has(operand)
  return isList(value) && value.some((element) => areEqual(element, operand))
}

function holds(comparator: Comparator, a: Attribute | undefined, b: Attribute | undefined): boolean {
  if (a === undefined || b === undefined) return comparator === '<>'
  if (comparator === '=') return areEqual(a, b)
  if (comparator === '<>') return !areEqual(a, b)
  const order = compare(a, b)
  if (order === undefined) return false
  if (comparator === '<') return order < 0
  if (comparator === '<=') return order <= 0
  return comparator === '>' ? order > 0 : order >= 0
}

function resolveOperand(operand: Operand, item: Item | undefined, placeholders: Placeholders): Attribute | undefined {
  if (operand.kind === 'value') return valueFor(operand.name, placeholders)
  if (operand.kind === 'path') return read(operand, item, placeholders)
  const value = read(operand.path, item, placeholders)
  if (typeof value === 'string') return sizeInBytes(value)
  if (isSet(value)) return value.size
  if (isList(value)) return value.length
  return isMap(value) ? Object.keys(value).length : undefined
}

export function read(path: Path, item: Item | undefined, placeholders: Placeholders): Attribute | undefined {
  let value: Attribute | undefined = item
  for (const step of stepsOf(path, placeholders)) {
    if (typeof step === 'number') value = isList(value) ? value[step] : undefined
    else value = isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined
    if (value === undefined) return undefined
  }
  return value
}

function checkOrdered(comparator: Comparator, left: Operand, right: Operand, placeholders: Placeholders): void {
  if (comparator === '=' || comparator === '<>') return
  for (const operand of [left, right]) {
    if (operand.kind !== 'value') continue
    const value = valueFor(operand.name, placeholders)
    if (typeof value !== 'string' && typeof value !== 'number') throw wrongType(comparator, value)
  }
}

function checkBounds(lowOperand: Operand, highOperand: Operand, low?: Attribute, high?: Attribute): void {
  if (lowOperand.kind !== 'value' || highOperand.kind !== 'value' || low === undefined || high === undefined) return
  const order = compare(low, high)
  if (order === undefined) throw wrongType('BETWEEN', low)
  if (order > 0)
    throw validationError('The BETWEEN operator requires upper bound to be greater than or equal to lower bound')
}

function checkedType(type: Attribute | undefined): Attribute {
  if (typeof type === 'string' && ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'].includes(type))
    return type
  throw validationError(
    `Invalid attribute type name found; type: ${String(type)}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
  )
}

function wrongType(name: string, value: Attribute) {
  return validationError(
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(value)}`,
  )
}
