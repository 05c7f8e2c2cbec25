import { validationError } from './errors.ts'
import type { Parsed, Path, Value } from './expression.ts'
import { isReservedWord } from './reserved-words.ts'
import { type Tokens, tokenize } from './tokens.ts'

/** Parses once per text: handlers have few expressions and use them often. */
export function cachedParser<Form>(kind: string, parse: (tokens: Tokens, kind: string) => Form) {
  const cache = new Map<string, Parsed<Form>>()
  return (text: string): Parsed<Form> => {
    const known = cache.get(text)
    if (known !== undefined) return known
    const tokens = tokenize(text, kind)
    const names = new Set<string>()
    const values = new Set<string>()
    const recording: Tokens = {
      ...tokens,
      take: () => {
        const token = tokens.take()
        if (token.kind === 'name' && token.text.startsWith('#')) names.add(token.text)
        if (token.kind === 'value') values.add(token.text)
        return token
      },
    }
    const form = parse(recording, kind)
    if (tokens.peek().kind !== 'end') tokens.fail()
    const parsed = { form, names, values }
    cache.set(text, parsed)
    return parsed
  }
}

export const parseProjection = cachedParser('ProjectionExpression', (tokens, kind) => {
  const paths = [parsePath(tokens, kind)]
  while (tokens.isSign(',')) {
    tokens.take()
    paths.push(parsePath(tokens, kind))
  }
  return paths
})

export function parsePath(tokens: Tokens, kind: string): Path {
  const steps: (string | number)[] = [parseName(tokens, kind)]
  for (;;) {
    if (tokens.isSign('.')) {
      tokens.take()
      steps.push(parseName(tokens, kind))
    } else if (tokens.isSign('[')) {
      tokens.take()
      if (tokens.peek().kind !== 'number') tokens.fail()
      steps.push(Number(tokens.take().text))
      tokens.takeSign(']')
    } else {
      return { kind: 'path', steps, hasPlaceholder: steps.some((step) => String(step).startsWith('#')) }
    }
  }
}

export function parseValue(tokens: Tokens): Value {
  if (tokens.peek().kind !== 'value') tokens.fail()
  return { kind: 'value', name: tokens.take().text }
}

function parseName(tokens: Tokens, kind: string): string {
  if (tokens.peek().kind !== 'name') tokens.fail()
  const { text } = tokens.take()
  if (isReservedWord(text)) {
    throw validationError(`Invalid ${kind}: Attribute name is a reserved keyword; reserved keyword: ${text}`)
  }
  return text
}
