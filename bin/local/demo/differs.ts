import { sameDecimal } from '#domain/money.ts'

/** Says in words that something is not as it should be; nothing when it is. Numbers are compared by their value. */
export function differs(what: string, is: string | number, should: string | number): readonly string[] {
  const isDecimal = (value: string | number) => /^-?\d+(\.\d+)?$/.test(String(value))
  const same = isDecimal(is) && isDecimal(should) ? sameDecimal(String(is), String(should)) : is === should
  return same ? [] : [`${what}: ${is}, should be ${should}`]
}
