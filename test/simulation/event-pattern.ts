import { isRecord } from './json.ts'
import { notKnown } from './simulation-error.ts'

/** docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html, as much as our rules need. */
export type Matcher = (event: unknown) => boolean

export function compilePattern(pattern: unknown): Matcher {
  if (!isRecord(pattern)) throw notKnown(`The event pattern ${JSON.stringify(pattern)}`)
  const fields = Object.entries(pattern).map(([name, part]) => {
    if (name.startsWith('$')) throw notKnown(`${name} in an event pattern`)
    return [name, Array.isArray(part) ? compileLeaf(part) : compilePattern(part)] as const
  })
  return (event) => {
    const record = isRecord(event) ? event : {}
    return fields.every(([name, matches]) => matches(record[name]))
  }
}

function compileLeaf(options: readonly unknown[]): Matcher {
  const tests = options.map(compileOption)
  return (value) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    return values.some((one) => tests.some((test) => test(one)))
  }
}

function compileOption(option: unknown): Matcher {
  if (!isRecord(option)) return (value) => value === option
  const [[operator, operand] = ['', undefined], more] = Object.entries(option)
  if (more !== undefined) throw notKnown(`The event pattern ${JSON.stringify(option)}`)
  if (operator === 'exists' && typeof operand === 'boolean') return (value) => (value !== undefined) === operand
  if (operator === 'prefix' && typeof operand === 'string')
    return (value) => typeof value === 'string' && value.startsWith(operand)
  if (operator === 'suffix' && typeof operand === 'string')
    return (value) => typeof value === 'string' && value.endsWith(operand)
  if (operator === 'anything-but') {
    const excluded = (Array.isArray(operand) ? operand : [operand]).map(compileOption)
    return (value) => value !== undefined && !excluded.some((test) => test(value))
  }
  throw notKnown(`"${operator}" in an event pattern`)
}
