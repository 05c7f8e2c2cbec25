import type { Random } from '../../../simulation/random.ts'
import type { LineQuantity } from '../story.ts'
import type { Happening, Requisition } from './story.ts'

type Receipt = Extract<Happening, { kind: 'goods-receipt' }>
type Return = Extract<Happening, { kind: 'supplier-return' }>

/** What arrives: receipts that may come in any order, and the one that takes what these leave. */
export interface Arrivals {
  readonly first: readonly Receipt[]
  readonly rest: readonly Receipt[]
  /** Everything, by receipt and line, in the order of their numbers. */
  readonly parts: readonly (readonly LineQuantity[])[]
}

export function drawReceipts(
  random: Random,
  number: string,
  order: Requisition,
  { isShort, isOver, mayBeRest }: { readonly isShort: boolean; readonly isOver: boolean; readonly mayBeRest: boolean },
): Arrivals {
  const wanted = order.lines.map((line) => ({ line: line.number, quantity: Number(line.quantity) }))
  const counts = Array.from({ length: random.integer(1, 3) }, () => new Map<string, number>())
  for (const [index, { line, quantity }] of wanted.entries()) {
    // Of the first line something is always missing where it is to be short, and something always arrives.
    const missing = isShort ? (index === 0 ? random.integer(1, quantity - 1) : random.integer(0, quantity)) : 0
    for (let left = quantity - missing; left > 0; ) {
      const some = random.integer(1, left)
      const part = random.pick(counts)
      part.set(line, (part.get(line) ?? 0) + some)
      left -= some
    }
  }
  const parts = counts
    .map((part) => [...part].map(([line, quantity]): LineQuantity => ({ line, quantity: String(quantity) })))
    .filter((part) => part.length > 0)
  const [line] = parts[0] ?? []
  if (isOver && line !== undefined)
    parts[0] = [
      { ...line, quantity: String(Number(line.quantity) + random.integer(1, 2)) },
      ...(parts[0] ?? []).slice(1),
    ]
  const receipts = parts.map(
    (lines, index): Receipt => ({ kind: 'goods-receipt', number: `DN-${number}-${index + 1}`, lines }),
  )
  const isRest = mayBeRest && !isShort && !isOver && random.chance(0.4)
  if (!isRest) return { first: receipts, rest: [], parts }
  const last: Receipt = { kind: 'goods-receipt', number: `DN-${number}-${receipts.length}` }
  return { first: receipts.slice(0, -1), rest: [last], parts }
}

/** One or two lines in part, or, seldom, everything that is here. */
export function drawReturn(
  random: Random,
  name: string,
  here: readonly LineQuantity[],
): { readonly happening: Return; readonly lines: readonly LineQuantity[] } {
  if (random.chance(0.15)) return { happening: { kind: 'supplier-return', number: name }, lines: here }
  const lines = here.slice(0, random.integer(1, 2)).map(
    ({ line, quantity }): LineQuantity => ({
      line,
      quantity: String(random.integer(1, Math.min(3, Number(quantity)))),
    }),
  )
  return { happening: { kind: 'supplier-return', number: name, lines }, lines }
}

/** Quantities by line, added up, or taken off where `sign` is -1; a line of which nothing is left is not there. */
export function added(one: readonly LineQuantity[], other: readonly LineQuantity[], sign: 1 | -1 = 1) {
  const sum = new Map<string, number>()
  for (const { line, quantity } of one) sum.set(line, (sum.get(line) ?? 0) + Number(quantity))
  for (const { line, quantity } of other) sum.set(line, (sum.get(line) ?? 0) + sign * Number(quantity))
  return [...sum].flatMap(([line, quantity]): LineQuantity[] =>
    quantity > 0 ? [{ line, quantity: String(quantity) }] : [],
  )
}
