import { isDeepStrictEqual } from 'node:util'
import { validationError } from './errors.ts'
import type { Comparator, Condition, FunctionName, Operand } from './expression.ts'
import { cachedParser, parsePath, parseValue } from './parse-path.ts'
import type { Tokens } from './tokens.ts'

export const parseCondition = cachedParser('ConditionExpression', parseOr)
export const parseFilter = cachedParser('FilterExpression', parseOr)
export const parseKeyCondition = cachedParser('KeyConditionExpression', parseOr)

function parseOr(tokens: Tokens, kind: string): Condition {
  let left = parseAnd(tokens, kind)
  while (tokens.takeKeyword('OR')) left = { kind: 'or', left, right: parseAnd(tokens, kind) }
  return left
}

function parseAnd(tokens: Tokens, kind: string): Condition {
  let left = parseNot(tokens, kind)
  while (tokens.takeKeyword('AND')) left = { kind: 'and', left, right: parseNot(tokens, kind) }
  return left
}

function parseNot(tokens: Tokens, kind: string): Condition {
  if (tokens.takeKeyword('NOT')) return { kind: 'not', condition: parseNot(tokens, kind) }
  if (!tokens.isSign('(')) return parseComparison(tokens, kind)
  tokens.take()
  const condition = parseOr(tokens, kind)
  tokens.takeSign(')')
  return condition
}

function parseComparison(tokens: Tokens, kind: string): Condition {
  const name = functionName(tokens.peek().text)
  if (name !== undefined) return parseFunction(tokens, kind, name)
  const operand = parseOperand(tokens, kind)
  if (tokens.takeKeyword('BETWEEN')) {
    const low = parseOperand(tokens, kind)
    if (!tokens.takeKeyword('AND')) tokens.fail()
    const high = parseOperand(tokens, kind)
    refuseRepetition(kind, 'BETWEEN', operand, [low, high])
    return { kind: 'between', operand, low, high }
  }
  if (tokens.takeKeyword('IN')) {
    const options = parseOptions(tokens, kind)
    refuseRepetition(kind, 'IN', operand, options)
    return { kind: 'in', operand, options }
  }
  const comparator = comparatorOf(tokens.peek().text)
  if (comparator === undefined) return tokens.fail()
  tokens.take()
  const right = parseOperand(tokens, kind)
  refuseRepetition(kind, comparator, operand, [right])
  return { kind: 'compare', comparator, left: operand, right }
}

function parseFunction(tokens: Tokens, kind: string, name: FunctionName): Condition {
  tokens.take()
  tokens.takeSign('(')
  const path = parseOperand(tokens, kind)
  if (path.kind !== 'path' && name !== 'begins_with' && name !== 'contains') {
    throw validationError(
      `Invalid ${kind}: Operator or function requires a document path; operator or function: ${name}`,
    )
  }
  if (name === 'attribute_exists' || name === 'attribute_not_exists') {
    tokens.takeSign(')')
    return { kind: 'function', name, path }
  }
  tokens.takeSign(',')
  const operand = parseOperand(tokens, kind)
  tokens.takeSign(')')
  refuseRepetition(kind, name, path, [operand])
  return { kind: 'function', name, path, operand }
}

function refuseRepetition(kind: string, operator: string, first: Operand, others: readonly Operand[]): void {
  if (!others.some((other) => isDeepStrictEqual(first, other))) return
  throw validationError(
    `Invalid ${kind}: The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}`,
  )
}

function parseOptions(tokens: Tokens, kind: string): Operand[] {
  tokens.takeSign('(')
  const options = [parseOperand(tokens, kind)]
  while (tokens.isSign(',')) {
    tokens.take()
    options.push(parseOperand(tokens, kind))
  }
  tokens.takeSign(')')
  if (options.length > 100) throw validationError(`Invalid ${kind}: The IN operator takes 100 operands`)
  return options
}

function parseOperand(tokens: Tokens, kind: string): Operand {
  if (tokens.peek().kind === 'value') return parseValue(tokens)
  if (tokens.peek().text !== 'size') return parsePath(tokens, kind)
  tokens.take()
  tokens.takeSign('(')
  const path = parsePath(tokens, kind)
  tokens.takeSign(')')
  return { kind: 'size', path }
}

const functions = ['attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains'] as const
const comparators = ['=', '<>', '<', '<=', '>', '>='] as const

function functionName(text: string): FunctionName | undefined {
  return functions.find((name) => name === text)
}

function comparatorOf(text: string): Comparator | undefined {
  return comparators.find((comparator) => comparator === text)
}
