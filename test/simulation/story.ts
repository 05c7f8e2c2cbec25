import type { Profile } from './erp/profiles.ts'
import { names } from './hub/settings.ts'
import type { Random } from './random.ts'
import type { Weather } from './storm.ts'

/** What happens to the hub from outside, drawn from the seed: events, and what people and archives do at any moment. */
export type Story = { readonly orders: readonly Order[]; readonly plays: readonly Play[] }

export type Line = { readonly number: string; readonly item: string; readonly quantity: number; readonly cents: number }
export type Order = {
  readonly number: string
  readonly caseKey: string
  readonly customer: string
  readonly lines: readonly Line[]
  readonly cents: number
  readonly goodsIssues: readonly {
    readonly deliveryNote: string
    readonly lines?: readonly { readonly line: string; readonly quantity: string }[]
  }[]
  readonly payments: readonly { readonly payment: string; readonly cents: number }[]
  /** The ERP refuses it until somebody raises the limit. */
  readonly isOverLimit: boolean
  /** Nobody has told the hub of its customer; a person adds the cross-reference. */
  readonly isUnknownCustomer: boolean
  /** A second version is published, which the hub cannot carry out yet: a person is told. */
  readonly hasChange: boolean
}

export type Entry = { readonly detailType: string; readonly detail: unknown }
/** At its moment, or soon after the first such call after it, so that what must not come between comes between. */
export type Play = {
  readonly atMs: number
  readonly afterCall?: { readonly point: string; readonly delayMs: number }
} & (
  | { readonly kind: 'publish'; readonly entry: Entry; readonly order: string }
  | { readonly kind: 'replay' }
  | { readonly kind: 'new-execution'; readonly order: string }
  | { readonly kind: 'stop' | 'redrive'; readonly which: number }
  | { readonly kind: 'touch' | 'undo-confirm'; readonly order: string }
)

export function drawStory(random: Random, profile: Profile, weather: Weather): Story {
  const paceMs = random.pick([5_000, 60_000, 900_000])
  const orders = Array.from({ length: random.chance(0.2) ? 2 : 1 }, (_, i) => drawOrder(random, i + 1))
  const plays = orders.flatMap((order) => [
    ...eventsOf(random, order, paceMs),
    ...meddling(random, order, paceMs, profile, weather),
  ])
  return { orders, plays: plays.sort((one, other) => one.atMs - other.atMs) }
}

function drawOrder(random: Random, index: number): Order {
  const number = `T${index}`
  const lines = Array.from({ length: random.integer(1, 2) }, (_, i) => ({
    number: String(i + 1),
    item: `item-${random.integer(1, 3)}`,
    quantity: random.integer(1, 6),
    cents: random.integer(1, 5000),
  }))
  const cents = lines.reduce((sum, line) => sum + line.quantity * line.cents, 0)
  return {
    number,
    caseKey: `${names.system}/sales-order/${number}`,
    customer: 'customer-1',
    lines,
    cents,
    goodsIssues: drawGoodsIssues(random, index, lines),
    payments: drawPayments(random, index, cents),
    isOverLimit: random.chance(0.05),
    isUnknownCustomer: random.chance(0.03),
    hasChange: random.chance(0.1),
  }
}

/** Everything at once, with or without saying so, or in parts that add up to the order. */
function drawGoodsIssues(random: Random, index: number, lines: readonly Line[]): Order['goodsIssues'] {
  if (random.chance(0.3)) return [{ deliveryNote: `DN-${index}-1` }]
  const parts = random.pick([1, 1, 2, 3])
  const shares = lines.map((line) => {
    const cuts = Array.from({ length: parts - 1 }, () => random.integer(0, line.quantity)).sort((a, b) => a - b)
    return [0, ...cuts].map((from, i) => (cuts[i] ?? line.quantity) - from)
  })
  return Array.from({ length: parts }, (_, part) => ({
    deliveryNote: `DN-${index}-${part + 1}`,
    lines: lines.flatMap((line, i) => {
      const quantity = shares[i]?.[part] ?? 0
      return quantity > 0 ? [{ line: line.number, quantity: String(quantity) }] : []
    }),
  })).filter((issue) => issue.lines.length > 0)
}

function drawPayments(random: Random, index: number, cents: number): Order['payments'] {
  if (cents < 2 || random.chance(0.7)) return [{ payment: `P-${index}-1`, cents }]
  const first = random.integer(1, cents - 1)
  return [
    { payment: `P-${index}-1`, cents: first },
    { payment: `P-${index}-2`, cents: cents - first },
  ]
}

export function submission(order: Order, sourceVersion = 1): Entry {
  const data = {
    number: order.number,
    orderedOn: '2026-01-05',
    ...(sourceVersion > 1 && { requestedOn: '2026-02-01' }),
    currency: 'EUR',
    customer: { id: order.isUnknownCustomer ? `new-${order.number}` : order.customer },
    lines: order.lines.map(({ number, item, quantity, cents }) => ({
      number,
      item: { id: item },
      quantity: String(quantity),
      unitPrice: (cents / 100).toFixed(2),
    })),
    netTotal: (order.cents / 100).toFixed(2),
  }
  return {
    detailType: 'SalesOrderSubmitted',
    detail: { metadata: { id: `submitted-${order.number}-${sourceVersion}`, sourceVersion }, data },
  }
}

function eventsOf(random: Random, order: Order, paceMs: number): Play[] {
  const { number: salesOrder } = order
  const signals = [
    ...order.goodsIssues.map((issue) => ({
      detailType: 'GoodsIssued',
      detail: {
        metadata: { id: issue.deliveryNote },
        data: { salesOrder, ...issue, issuedOn: '2026-01-06' },
      },
    })),
    ...order.payments.map(({ payment, cents }) => ({
      detailType: 'PaymentReceived',
      detail: {
        metadata: { id: payment },
        data: { salesOrder, payment, amount: (cents / 100).toFixed(2), currency: 'EUR', receivedOn: '2026-01-07' },
      },
    })),
  ]
  const entries = [submission(order), ...signals]
  const change: Play[] = order.hasChange
    ? [
        {
          atMs: random.integer(0, paceMs),
          kind: 'publish',
          entry: submission(order, 2),
          order: order.number,
          ...(random.chance(0.8) && { afterCall: { point: random.pick(tightSpots), delayMs: random.integer(0, 250) } }),
        },
      ]
    : []
  const first = entries.flatMap((entry): Play[] => {
    const times = random.chance(0.1) ? 2 : 1
    return Array.from({ length: times }, () => ({
      atMs: random.integer(0, paceMs),
      kind: 'publish' as const,
      entry,
      order: order.number,
    }))
  })
  return [...first, ...change]
}

/** Calls just before a case is read and written on what was read. */
const tightSpots = [
  'PostIncomingPayment dynamodb TransactWrite 1',
  'PostIncomingPayment dynamodb TransactWrite 2',
  'PostIncomingPayment dynamodb TransactWrite 3',
  'AwaitEvent dynamodb TransactWrite 1',
  'RecordSignal dynamodb TransactWrite 1',
  'CreateSalesOrder dynamodb TransactWrite 2',
] as const

/** Calls at which a Lambda that goes on alone does the most harm. */
const sendingSpots = [
  'CreateSalesOrder erp create-sales-order 1',
  'CreateSalesOrder erp confirm-sales-order 1',
  'PostGoodsIssue erp post-goods-issue 1',
  'CreateCustomerInvoice erp create-customer-invoice 1',
  'PostIncomingPayment erp pay-invoice 1',
] as const

/** What nobody expects: the same input started anew, executions stopped and redriven, an archive replayed, a clerk. */
function meddling(
  random: Random,
  { number: order }: Order,
  paceMs: number,
  profile: Profile,
  weather: Weather,
): Play[] {
  const at = () => random.integer(0, paceMs * 2)
  const plays: Play[] = []
  if (random.chance(0.2)) plays.push({ kind: 'new-execution', atMs: at(), order })
  if (random.chance(0.15)) plays.push({ kind: 'stop', atMs: at(), which: random.next() })
  if (random.chance(0.15)) plays.push({ kind: 'redrive', atMs: at(), which: random.next() })
  if (random.chance(0.1)) plays.push({ kind: 'replay', atMs: at() })
  if (random.chance(weather === 'doubt' ? 0.9 : 0.1)) plays.push(...takeOver(random, order))
  const isClerkKnown = profile.name === 'natural-key' || profile.name === 'if-unchanged'
  if (isClerkKnown && random.chance(0.1)) plays.push({ kind: 'touch', atMs: at(), order })
  if (isClerkKnown && random.chance(0.05)) plays.push({ kind: 'undo-confirm', ...undoAt(random, at()), order })
  return plays
}

/** At any moment, or soon after the hub has confirmed. */
function undoAt(random: Random, atMs: number): Pick<Play, 'atMs' | 'afterCall'> {
  if (random.chance(0.3)) return { atMs }
  return {
    atMs: 0,
    afterCall: { point: 'CreateSalesOrder erp confirm-sales-order 1', delayMs: random.integer(20, 60_000) },
  }
}

/** Stops the execution while a step of it sends, and starts the same input anew: the old Lambda goes on, unaware. */
function takeOver(random: Random, order: string): Play[] {
  const point = random.pick(sendingSpots)
  const delayMs = random.integer(0, 1000)
  const again = { point, delayMs: delayMs + random.integer(1, random.pick([2000, 30_000])) }
  return [
    { kind: 'stop', atMs: 0, which: random.next(), afterCall: { point, delayMs } },
    { kind: 'new-execution', atMs: 0, order, afterCall: again },
  ]
}
