import type { Random } from '../../simulation/random.ts'
import { drawTaxCode } from './draw-order.ts'
import { cents, type Exact, exact, minus, plus, total } from './oracle/decimal.ts'
import { deliveriesOf } from './oracle/goods.ts'
import { grossOf } from './oracle/prices.ts'
import type { Happening, LineQuantity, OrderVersion } from './story.ts'

type GoodsIssue = Extract<Happening, { kind: 'goods-issue' }>
type Turn = Extract<Happening, { kind: 'return' | 'refund' }>

/** The deliveries of an order: those that may come in any order, and the one that takes what these leave. */
export interface Deliveries {
  readonly first: readonly GoodsIssue[]
  readonly rest: readonly GoodsIssue[]
  /** Whether the order may count as delivered before all of them are in. */
  readonly isOver: boolean
}

interface Wanted {
  /** Something is left in the end. */
  readonly isShort: boolean
  /** The last delivery need not say what left, since it is known what is open by then. */
  readonly mayBeRest: boolean
}

export function drawDeliveries(
  random: Random,
  number: string,
  order: OrderVersion,
  { isShort, mayBeRest }: Wanted,
): Deliveries {
  const name = (index: number) => `DN-${number}-${index}`
  const wanted = order.lines.map((line) => ({ line: line.number, quantity: Number(line.quantity) }))
  if (!isShort && random.chance(0.3)) {
    return { first: [{ kind: 'goods-issue', number: name(1) }], rest: [], isOver: false }
  }
  const parts = Array.from({ length: random.integer(1, 3) }, (): LineQuantity[] => [])
  for (const { line, quantity } of wanted) {
    for (let unit = 0; unit < quantity; unit++) {
      if (isShort && random.chance(0.4)) continue
      const part = random.pick(parts)
      const there = part.find((one) => one.line === line)
      if (there === undefined) part.push({ line, quantity: '1' })
      else part[part.indexOf(there)] = { line, quantity: String(Number(there.quantity) + 1) }
    }
  }
  const filled = parts.filter((part) => part.length > 0)
  if (filled.length === 0) filled.push([{ line: wanted[0]?.line ?? '10', quantity: '1' }])
  const isOver = random.chance(0.2)
  const [over] = filled
  const [line] = over ?? []
  if (isOver && over !== undefined && line !== undefined) {
    over[0] = { ...line, quantity: String(Number(line.quantity) + random.integer(1, 2)) }
  }
  const issues = filled.map((lines, index): GoodsIssue => ({ kind: 'goods-issue', number: name(index + 1), lines }))
  // The last one is what is left: only if something is, whatever the others took too much of.
  const isRest = mayBeRest && !isShort && !isOver && issues.length > 1 && random.chance(0.3)
  if (!isRest) return { first: issues, rest: [], isOver: isOver && issues.length > 1 }
  return {
    first: issues.slice(0, -1),
    rest: [{ kind: 'goods-issue', number: name(issues.length) }],
    isOver: false,
  }
}

/** Money, now or later: to the cent, in parts, too much, too little, or none. */
export function drawPayments(random: Random, number: string, order: OrderVersion, issues: readonly GoodsIssue[]) {
  const acts = [issues]
  const deliveries = deliveriesOf({ acts }, order)
  const due =
    deliveries.length === 0
      ? grossOf(
          order,
          order.lines.map((line) => ({ line: line.number, quantity: line.quantity })),
          true,
        )
      : total(deliveries.map(({ lines }, index) => grossOf(order, known(order, lines), index === 0)))
  const how = random.pick(['exact', 'exact', 'exact', 'in parts', 'in parts', 'over', 'over', 'under', 'none'] as const)
  const amounts = how === 'none' ? [] : splitUp(random, due, how)
  const payments = amounts.map(
    (amount, index): Happening => ({ kind: 'payment', number: `PAY-${number}-${index + 1}`, amount: cents(amount) }),
  )
  const isLate = random.chance(0.25)
  return { first: isLate ? [] : payments, late: isLate ? payments : [], isOver: how === 'over' }
}

/** A later version may have dropped nothing, so each line is known; a first one has not those that came later. */
function known(order: OrderVersion, lines: readonly LineQuantity[]): readonly LineQuantity[] {
  return lines.filter(({ line }) => order.lines.some((one) => one.number === line))
}

function splitUp(random: Random, due: Exact, how: 'exact' | 'in parts' | 'over' | 'under'): readonly Exact[] {
  const some = exact(`${random.integer(1, 9)}.${random.integer(10, 99)}`)
  switch (how) {
    case 'exact':
      return [due]
    case 'over':
      return [plus(due, some)]
    case 'under':
      return [minus(due, exact(`0.${random.integer(10, 99)}`))]
    case 'in parts': {
      const first = exact(cents({ units: (due.units * BigInt(random.integer(2, 7))) / 10n, digits: due.digits }))
      return [first, minus(due, first)]
    }
  }
}

/** What comes back and what is credited; of each line never more than was delivered. */
export function drawReturns(
  random: Random,
  number: string,
  order: OrderVersion,
  deliveries: Deliveries,
): readonly Turn[] {
  const issues = [...deliveries.first, ...deliveries.rest]
  const gone = deliveriesOf({ acts: [issues] }, order).flatMap(({ lines }) => lines)
  const left = new Map<string, number>()
  for (const { line, quantity } of gone) left.set(line, (left.get(line) ?? 0) + Number(quantity))
  // A newer version may order less of a line than this; one of each is always there.
  const take = (): LineQuantity[] => {
    const [line] = [...left].filter(([, quantity]) => quantity > 0).map(([key]) => key)
    if (line === undefined) return []
    const quantity = random.integer(1, Math.min(2, left.get(line) ?? 0))
    left.set(line, (left.get(line) ?? 0) - quantity)
    return [{ line, quantity: String(quantity) }]
  }
  const turns: Turn[] = []
  if (!random.chance(0.5)) return turns
  if (random.chance(0.15)) return [{ kind: 'return', number: `RET-${number}-1` }]
  for (let index = 1; index <= random.integer(1, 2); index++) {
    const lines = take()
    if (lines.length === 0) break
    turns.push({ kind: 'return', number: `RET-${number}-${index}`, lines })
    if (random.chance(0.6))
      turns.push({ kind: 'refund', number: `RF-${number}-R${index}`, of: 'return', return: `RET-${number}-${index}` })
  }
  if (random.chance(0.35)) {
    const lines = take()
    if (lines.length > 0) turns.push({ kind: 'refund', number: `RF-${number}-L`, of: 'lines', lines })
  }
  if (random.chance(0.35) && turns.length === 0) {
    const taxCode = drawTaxCode(random)
    const amount = `${random.integer(0, 3)}.${random.integer(10, 99)}`
    turns.push({ kind: 'refund', number: `RF-${number}-A`, of: 'amount', amount, ...(taxCode && { taxCode }) })
  }
  return turns
}
