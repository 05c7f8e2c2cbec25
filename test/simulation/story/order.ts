import { names } from '../hub/settings.ts'
import type { Random } from '../random.ts'

export type Line = { readonly number: string; readonly item: string; readonly quantity: number; readonly cents: number }
export type LineQuantity = { readonly line: string; readonly quantity: string }

/** What an order's events say, in the order in which a plain life would have them. */
export type Order = {
  readonly number: string
  readonly caseKey: string
  readonly customer: string
  readonly lines: readonly Line[]
  readonly goodsIssues: readonly { readonly deliveryNote: string; readonly lines?: readonly LineQuantity[] }[]
  readonly payments: readonly { readonly payment: string; readonly cents: number }[]
  /** Newer versions, with the quantities that their lines have. */
  readonly changes: readonly { readonly version: number; readonly lines: readonly Line[] }[]
  readonly isCancelled: boolean
  readonly isClosed: boolean
  readonly returns: readonly { readonly number: string; readonly lines: readonly LineQuantity[] }[]
  readonly refunds: readonly Refund[]
  /** The ERP refuses it until somebody raises the limit. */
  readonly isOverLimit: boolean
  /** Nobody has told the hub of its customer; a person adds the cross-reference. */
  readonly isUnknownCustomer: boolean
  /** The ERP leaves out its last line without a word; a person adds it when the hub has seen that. */
  readonly isShortened: boolean
  /** The customer pays when the order is overdue already. */
  readonly isPaidLate: boolean
  /** Its event is too large to start a machine. */
  readonly isLarge: boolean
  /** Events under a number that came before, hours ago and with other content: the first one stands. */
  readonly contradictions: readonly { readonly payment: string; readonly cents: number }[]
}

export type Refund = { readonly refund: string } & (
  | { readonly of: 'return'; readonly return: string }
  | { readonly of: 'lines'; readonly lines: readonly LineQuantity[] }
  | { readonly of: 'amount'; readonly cents: number }
  | { readonly of: 'everything' | 'balance' }
)

type Turn = Partial<
  Pick<
    Order,
    | 'goodsIssues'
    | 'payments'
    | 'changes'
    | 'isCancelled'
    | 'isClosed'
    | 'returns'
    | 'refunds'
    | 'isOverLimit'
    | 'isPaidLate'
  >
>

/** @param turn what happens to it besides the plain life; drawn where nothing is said */
export function drawOrder(random: Random, index: number, turn?: TurnName): Order {
  const number = `T${index}`
  const lines = Array.from({ length: random.integer(1, 2) }, (_, i) => ({
    number: String(i + 1),
    item: `item-${random.integer(1, 3)}`,
    quantity: random.integer(1, 6),
    cents: random.integer(1, 5000),
  }))
  const plain: Order = {
    number,
    caseKey: `${names.system}/sales-order/${number}`,
    customer: 'customer-1',
    lines,
    goodsIssues: drawGoodsIssues(random, index, lines),
    payments: drawPayments(random, index, totalOf(lines)),
    changes: [],
    isCancelled: false,
    isClosed: false,
    returns: [],
    refunds: [],
    isOverLimit: random.chance(0.05),
    isUnknownCustomer: random.chance(0.03),
    isShortened: random.chance(0.06) && lines.length > 1,
    isPaidLate: random.chance(0.03),
    isLarge: random.chance(0.03),
    contradictions: [],
  }
  const order = { ...plain, ...turnsByName[turn ?? random.pick(turns)](random, index, plain) }
  const [first] = order.payments
  const contradictions = first !== undefined && random.chance(0.06) ? [{ ...first, cents: first.cents + 1 }] : []
  return { ...order, contradictions }
}

/**
 * What happens besides the plain life. Where a refund of the balance is asked for, the case comes to its end whatever was
 * paid, so that races may be drawn: a change or a cancellation against the goods.
 */
const turnsByName = {
  plain: () => ({}),
  paidLate: () => ({ isPaidLate: true }),
  deliveredOver,
  overpaid,
  closed,
  cancelled,
  changed: (random, index, order) => changed(random, index, order, random.integer(1, 2)),
  changedTwice: (random, index, order) => ({ ...changed(random, index, order, 2), isOverLimit: false }),
  returned,
  refunded,
} as const satisfies Record<string, (random: Random, index: number, order: Order) => Turn>
export type TurnName = keyof typeof turnsByName

/** As in real life, where three orders of five are plain; the rare kinds also come where a spot of the code asks for them. */
const turns: readonly TurnName[] = [
  ...Array.from({ length: 12 }, () => 'plain' as const),
  ...(['deliveredOver', 'overpaid', 'closed', 'cancelled', 'changed', 'changed', 'returned', 'refunded'] as const),
]

function deliveredOver(random: Random, index: number, { lines }: Order): Turn {
  const [first] = lines
  if (first === undefined) return {}
  const more = random.integer(1, 3)
  return {
    goodsIssues: [
      { deliveryNote: `DN-${index}-1`, lines: lines.map(({ number, quantity }) => of(number, quantity)) },
      { deliveryNote: `DN-${index}-2`, lines: [of(first.number, more)] },
    ],
    payments: drawPayments(random, index, totalOf(lines) + more * first.cents),
  }
}

function overpaid(random: Random, index: number, { lines }: Order): Turn {
  return { payments: drawPayments(random, index, totalOf(lines) + random.integer(1, 900)), refunds: [balance(index)] }
}

/** A short close never comes with a delivery that takes "the rest", since the rest would depend on which is first. */
function closed(random: Random, index: number, { lines }: Order): Turn {
  const left = lines.map((line) => ({ ...line, quantity: random.integer(0, line.quantity) }))
  const delivered = left.filter(({ quantity }) => quantity > 0)
  const cents = totalOf(delivered)
  return {
    isClosed: true,
    goodsIssues: delivered.map(({ number, quantity }, i) => ({
      deliveryNote: `DN-${index}-${i + 1}`,
      lines: [of(number, quantity)],
    })),
    payments: cents > 0 ? drawPayments(random, index, cents) : [],
  }
}

function cancelled(random: Random, index: number, { lines, goodsIssues }: Order): Turn {
  const isRace = random.chance(0.4)
  return {
    isCancelled: true,
    goodsIssues: isRace ? goodsIssues.slice(0, 1) : [],
    payments: isRace || random.chance(0.5) ? drawPayments(random, index, totalOf(lines)) : [],
    refunds: [balance(index)],
  }
}

function changed(random: Random, index: number, { lines }: Order, count: number): Turn {
  const versions = Array.from({ length: count }, (_, i) => ({
    version: i + 2,
    lines: lines.map((line) => ({ ...line, quantity: random.integer(1, 6) })),
  }))
  const most = Math.max(totalOf(lines), ...versions.map((one) => totalOf(one.lines)))
  return {
    changes: versions,
    goodsIssues: [{ deliveryNote: `DN-${index}-1` }],
    payments: drawPayments(random, index, most),
    refunds: [balance(index)],
    // A version that comes while the order is rejected may take its place, and an older one may come after that.
    isOverLimit: random.chance(0.3),
  }
}

function returned(random: Random, index: number, { lines }: Order): Turn {
  const returns = lines.map(({ number, quantity }, i) => ({
    number: `R-${index}-${i + 1}`,
    lines: [of(number, random.integer(1, quantity))],
  }))
  const paidBack = returns
    .filter(() => random.chance(0.5))
    .map((one, i) => ({
      refund: `RF-${index}-${i + 1}`,
      of: 'return' as const,
      return: one.number,
    }))
  return { returns, refunds: [...paidBack, balance(index)] }
}

function refunded(random: Random, index: number, { lines }: Order): Turn {
  const [first] = lines
  const refund = `RF-${index}-1`
  if (first === undefined) return {}
  return random.pick<Turn>([
    { refunds: [{ refund, of: 'everything' }] },
    { refunds: [{ refund, of: 'amount', cents: random.integer(1, totalOf(lines)) }] },
    { refunds: [{ refund, of: 'lines', lines: [of(first.number, random.integer(1, first.quantity))] }] },
  ])
}

function balance(index: number): Refund {
  return { refund: `RF-${index}-9`, of: 'balance' }
}

function of(line: string, quantity: number): LineQuantity {
  return { line, quantity: String(quantity) }
}

export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.cents, 0)
}

/** Everything at once, with or without saying so, or in parts that add up to the order. */
function drawGoodsIssues(random: Random, index: number, lines: readonly Line[]): Order['goodsIssues'] {
  if (random.chance(0.3)) return [{ deliveryNote: `DN-${index}-1` }]
  const parts = random.pick([1, 1, 1, 1, 2, 3])
  const shares = lines.map((line) => {
    const cuts = Array.from({ length: parts - 1 }, () => random.integer(0, line.quantity)).sort((a, b) => a - b)
    return [0, ...cuts].map((from, i) => (cuts[i] ?? line.quantity) - from)
  })
  return Array.from({ length: parts }, (_, part) => ({
    deliveryNote: `DN-${index}-${part + 1}`,
    lines: lines.flatMap((line, i) => {
      const quantity = shares[i]?.[part] ?? 0
      return quantity > 0 ? [of(line.number, quantity)] : []
    }),
  })).filter((issue) => issue.lines.length > 0)
}

function drawPayments(random: Random, index: number, cents: number): Order['payments'] {
  if (cents < 2 || random.chance(0.8)) return [{ payment: `P-${index}-1`, cents }]
  const first = random.integer(1, cents - 1)
  return [
    { payment: `P-${index}-1`, cents: first },
    { payment: `P-${index}-2`, cents: cents - first },
  ]
}
