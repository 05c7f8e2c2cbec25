import type { Attribute } from './attribute.ts'
import { validationError } from './errors.ts'
import type { Condition, Operand } from './expression.ts'
import { type KeyNames, namesOf } from './keys.ts'
import { type Placeholders, stepsOf, valueFor } from './placeholders.ts'

export type KeyCondition = {
  readonly partition: Attribute
  readonly sort: Condition | undefined
  refuseKeysIn(filter: Condition): void
}

/** One partition by `=`, and at most one condition on the sort key. */
export function splitKeyCondition(condition: Condition, keys: KeyNames, placeholders: Placeholders): KeyCondition {
  const terms = condition.kind === 'and' ? [condition.left, condition.right] : [condition]
  const named = terms.map((term) => ({ term, name: subject(term, placeholders) }))
  const first = named.find(({ name }) => name === keys.partition)?.term
  if (first?.kind !== 'compare' || first.comparator !== '=' || first.right.kind !== 'value') {
    throw validationError(`Query condition missed key schema element: ${keys.partition}`)
  }
  const partition = valueFor(first.right.name, placeholders)
  if (typeof partition !== 'string' && typeof partition !== 'number')
    throw validationError('A key must be a string or number')
  if (partition === '')
    throw validationError('The AttributeValue for a key attribute cannot contain an empty string value.')
  const rest = named.filter(({ term }) => term !== first)
  for (const { term, name } of rest) {
    if (keys.sort === undefined || name !== keys.sort) throw validationError('Query key condition not supported')
    if (!allowedOnSort(term)) throw validationError('Unsupported operator in KeyConditionExpression')
  }
  const refuseKeysIn = (filter: Condition) => {
    const name = operandsOf(filter).flatMap((operand) => rootOf(operand, placeholders) ?? [])
    const key = namesOf(keys).find((keyName) => name.includes(keyName))
    if (key === undefined) return
    throw validationError(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`,
    )
  }
  return { partition, sort: rest[0]?.term, refuseKeysIn }
}

function allowedOnSort(term: Condition): boolean {
  if (term.kind === 'compare') return term.comparator !== '<>'
  return term.kind === 'between' || (term.kind === 'function' && term.name === 'begins_with')
}

function subject(term: Condition, placeholders: Placeholders): string | undefined {
  const [operand] = operandsOf(term)
  return operand?.kind === 'path' ? rootOf(operand, placeholders) : undefined
}

function rootOf(operand: Operand, placeholders: Placeholders): string | undefined {
  if (operand.kind === 'value') return undefined
  const [root] = stepsOf(operand.kind === 'size' ? operand.path : operand, placeholders)
  return typeof root === 'string' ? root : undefined
}

function operandsOf(condition: Condition): Operand[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...operandsOf(condition.left), ...operandsOf(condition.right)]
    case 'not':
      return operandsOf(condition.condition)
    case 'compare':
      return [condition.left, condition.right]
    case 'between':
      return [condition.operand, condition.low, condition.high]
    case 'in':
      return [condition.operand, ...condition.options]
    case 'function':
      return condition.operand === undefined ? [condition.path] : [condition.path, condition.operand]
  }
}
