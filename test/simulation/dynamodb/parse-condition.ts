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
    return { kind: 'between', operand, low, high: parseOperand(tokens, kind) }
  }
  if (tokens.takeKeyword('IN')) return { kind: 'in', operand, options: parseOptions(tokens, kind) }
  const comparator = comparatorOf(tokens.peek().text)
  if (comparator === undefined) return tokens.fail()
  tokens.take()
  return { kind: 'compare', comparator, left: operand, right: parseOperand(tokens, kind) }
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
  return { kind: 'function', name, path, operand }
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
