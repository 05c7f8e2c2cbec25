import type { Found } from '../wire.ts'

type Line = { readonly line: string; readonly quantity: string }

export function toLines(lines: readonly Line[] | undefined) {
  return lines?.map(({ line, quantity }) => ({ line, quantity: Number(quantity) }))
}

export function quantities({ lines = [] }: Found): Line[] {
  return lines.map(({ line, quantity }) => ({ line, quantity: String(quantity) }))
}

export function differs(what: string, is: string, should: string): readonly string[] {
  return is === should ? [] : [`${what} are ${is}, should be ${should}`]
}

export function canonical(
  lines: readonly { readonly line: string; readonly quantity: number; readonly item?: string | undefined }[],
): string {
  return lines.map(({ line, quantity, item = '' }) => `${line}/${item}/${quantity}`).join(' ')
}

/** How the lines differ from those that were sent; nothing is known where none were. */
export function linesDiffer({ lines = [] }: Found, sent: Parameters<typeof canonical>[0] | undefined) {
  return sent === undefined ? [] : differs('lines', canonical(lines), canonical(sent))
}

export function toCents(amount: string): number {
  return Math.round(Number(amount) * 100)
}

export function fromCents(cents: number): string {
  return (cents / 100).toFixed(2)
}
