import { happeningsOf, type LineQuantity, type OrderVersion, type Story } from '../story.ts'
import { compare, exact, minus, plain, plus, zero } from './decimal.ts'
import { sumOf } from './prices.ts'

/** A delivery or a return, with what it holds of each line. */
export interface Moved {
  readonly number: string
  readonly lines: readonly LineQuantity[]
}

/** What left, by delivery note. One that does not say what left takes what the others leave. */
export function deliveriesOf(story: Pick<Story, 'acts'>, order: OrderVersion): readonly Moved[] {
  const issues = happeningsOf(story, 'goods-issue')
  const named = issues.flatMap(({ lines = [] }) => lines)
  const wanted = order.lines.map(({ number, quantity }) => ({ line: number, quantity }))
  return issues.map(({ number, lines }) => ({ number, lines: lines ?? rest(wanted, named) }))
}

/** What came back, by number. One that does not say what came back takes what is still with the customer. */
export function returnsOf(story: Pick<Story, 'acts'>, deliveries: readonly Moved[]): readonly Moved[] {
  const returns = happeningsOf(story, 'return')
  const named = returns.flatMap(({ lines = [] }) => lines)
  const gone = deliveries.flatMap(({ lines }) => lines)
  return returns.map(({ number, lines }) => ({ number, lines: lines ?? rest(gone, named) }))
}

/** By line, what the others have left of it. */
export function rest(all: readonly LineQuantity[], taken: readonly LineQuantity[]): readonly LineQuantity[] {
  const lines = [...new Set(all.map(({ line }) => line))]
  return lines.flatMap((line) => {
    const left = minus(sumOf(all, line), sumOf(taken, line))
    return compare(left, zero) > 0 ? [{ line, quantity: plain(left) }] : []
  })
}

/** Which item each line of an order is of. */
interface Itemised {
  readonly lines: readonly { readonly number: string; readonly item: string }[]
}

/** Quantities by item, as text that can be compared: `P01 2, P05 1`. */
export function itemsOf(order: Itemised, { lines }: Moved): string {
  const byItem = new Map<string, ReturnType<typeof exact>>()
  for (const { line, quantity } of lines) {
    const item = order.lines.find(({ number }) => number === line)?.item ?? `line ${line}`
    byItem.set(item, plus(byItem.get(item) ?? zero, exact(quantity)))
  }
  return [...byItem]
    .map(([item, quantity]) => `${item} ${plain(quantity)}`)
    .sort()
    .join(', ')
}
