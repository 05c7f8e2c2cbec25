import { validationError } from './errors.ts'
import type { Update, UpdateValue } from './expression.ts'
import { cachedParser, parsePath, parseValue } from './parse-path.ts'
import type { Tokens } from './tokens.ts'

const clauses = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const

export const parseUpdate = cachedParser('UpdateExpression', (tokens, kind): Update => {
  const seen = new Set<string>()
  const update = { set: parsing<Update['set'][number]>(), remove: parsing<Update['remove'][number]>() }
  const sets = { add: parsing<Update['add'][number]>(), delete: parsing<Update['delete'][number]>() }
  while (tokens.peek().kind !== 'end') {
    const clause = clauses.find((word) => tokens.isKeyword(word))
    if (clause === undefined) return tokens.fail()
    tokens.take()
    if (seen.has(clause)) {
      throw validationError(`Invalid ${kind}: The "${clause}" section can only be used once in an update expression;`)
    }
    seen.add(clause)
    do {
      const path = parsePath(tokens, kind)
      if (clause === 'SET') {
        tokens.takeSign('=')
        update.set.push({ path, value: parseSum(tokens, kind) })
      } else if (clause === 'REMOVE') update.remove.push(path)
      else if (clause === 'ADD') sets.add.push({ path, value: parseValue(tokens) })
      else sets.delete.push({ path, value: parseValue(tokens) })
    } while (takeComma(tokens))
  }
  const changed = [...update.set, ...sets.add, ...sets.delete].map(({ path }) => path)
  return { ...update, ...sets, paths: [...changed, ...update.remove] }
})

function parsing<Part>(): Part[] {
  return []
}

function takeComma(tokens: Tokens): boolean {
  const found = tokens.isSign(',')
  if (found) tokens.take()
  return found
}

function parseSum(tokens: Tokens, kind: string): UpdateValue {
  const left = parseUpdateValue(tokens, kind)
  if (tokens.isSign('+') || tokens.isSign('-')) {
    const sign = tokens.take().text === '+' ? '+' : '-'
    return { kind: sign, left, right: parseUpdateValue(tokens, kind) }
  }
  return left
}

function parseUpdateValue(tokens: Tokens, kind: string): UpdateValue {
  if (tokens.peek().kind === 'value') return parseValue(tokens)
  if (tokens.peek().text === 'if_not_exists') {
    tokens.take()
    tokens.takeSign('(')
    const path = parsePath(tokens, kind)
    tokens.takeSign(',')
    const otherwise = parseUpdateValue(tokens, kind)
    tokens.takeSign(')')
    return { kind: 'if_not_exists', path, otherwise }
  }
  if (tokens.peek().text === 'list_append') {
    tokens.take()
    tokens.takeSign('(')
    const first = parseUpdateValue(tokens, kind)
    tokens.takeSign(',')
    const second = parseUpdateValue(tokens, kind)
    tokens.takeSign(')')
    return { kind: 'list_append', first, second }
  }
  return parsePath(tokens, kind)
}
