import { validationError } from './errors.ts'

export type Token = { readonly kind: 'name' | 'value' | 'number' | 'sign' | 'end'; readonly text: string }

/** A cursor over an expression's tokens. Keywords are names, read without regard to case. */
export type Tokens = {
  peek(): Token
  take(): Token
  takeSign(text: string): void
  isSign(text: string): boolean
  isKeyword(word: string): boolean
  takeKeyword(word: string): boolean
  fail(): never
}

const pattern = /\s*(?:(#?[A-Za-z_][A-Za-z0-9_]*|#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[=<>()[\],.+-]))/y

export function tokenize(text: string, kind: string): Tokens {
  const tokens = scan(text, kind)
  const end: Token = { kind: 'end', text: '<EOF>' }
  let position = 0
  const peek = () => tokens[position] ?? end
  const take = () => {
    const token = peek()
    position += 1
    return token
  }
  const fail = () => {
    throw validationError(`Invalid ${kind}: Syntax error; token: "${peek().text}", near: "${text.slice(0, 80)}"`)
  }
  const isSign = (sign: string) => peek().kind === 'sign' && peek().text === sign
  const isKeyword = (word: string) => peek().kind === 'name' && peek().text.toUpperCase() === word
  return {
    peek,
    take,
    fail,
    isSign,
    isKeyword,
    takeSign: (sign) => {
      if (!isSign(sign)) fail()
      position += 1
    },
    takeKeyword: (word) => {
      const found = isKeyword(word)
      if (found) position += 1
      return found
    },
  }
}

function scan(text: string, kind: string): Token[] {
  if (text.trim() === '') throw validationError(`Invalid ${kind}: The expression can not be empty;`)
  const tokens: Token[] = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < text.trimEnd().length) {
    const from = pattern.lastIndex
    const match = pattern.exec(text)
    if (match === null)
      throw validationError(`Invalid ${kind}: Syntax error; token: "${text.slice(from, from + 5).trim()}"`)
    const [, name, value, number, sign] = match
    if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else if (value !== undefined) tokens.push({ kind: 'value', text: value })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else tokens.push({ kind: 'sign', text: sign ?? '' })
  }
  return tokens
}
