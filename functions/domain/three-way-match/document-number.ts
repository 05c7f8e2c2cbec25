/**
 * The ways in which a supplier's number may be written a second time: other case, spaces and punctuation, and zeros
 * before a number. Two documents with one key in common have the same number. `2024-001` meets `2024-1` by its parts
 * and `2024001` as a whole; that `1-23` then meets `12-3` costs a person a look, while a miss costs a payment.
 */
export function numberKeys(number: string): readonly [string, string] {
  const parts = number
    .normalize('NFKC')
    .toUpperCase()
    .match(/\p{Nd}+|[\p{L}\p{M}]+/gu)
  if (!parts) return [number, number]
  const withoutZeros = (text: string) => text.replace(/(?<!\p{Nd})0+(?=\p{Nd})/gu, '')
  return [parts.map(withoutZeros).join('-'), withoutZeros(parts.join(''))]
}

/** Remembers numbers, and says which one was there before in another spelling. */
export function numberRegister(): (number: string) => string | undefined {
  const seen = new Map<string, string>()
  return (number) => {
    const [parts, whole] = numberKeys(number)
    const keys = [`parts ${parts}`, `whole ${whole}`]
    const before = keys.map((key) => seen.get(key)).find((earlier) => earlier !== undefined)
    for (const key of keys) if (!seen.has(key)) seen.set(key, number)
    return before
  }
}
