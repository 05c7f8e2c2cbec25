import { expect, it } from 'vitest'
import type { SignalFacts } from '#domain/next-event/situation.ts'
import { pickNextEvent } from '#domain/pick-next-event.ts'
import type { LineQuantity, PostingFacts } from '#domain/posted-documents.ts'
import { parseSettlement } from '#domain/settlement.ts'

/** Ordered are ten at 10.00. What a story's events are, and what must stand in the books at its end. */
const ordered: readonly LineQuantity[] = [{ line: '1', quantity: '10' }]
const pieces = (quantity: string) => ({ lines: [{ line: '1', quantity }] })

type Event = Pick<SignalFacts, 'kind' | 'number' | 'terms'> & { readonly amount?: string }
const goods = (number: string, quantity: string): Event => ({ kind: 'goods-issue', number, terms: pieces(quantity) })
const money = (number: string, amount: string): Event => ({ kind: 'incoming-payment', number, terms: {}, amount })
const back = (number: string, quantity: string): Event => ({ kind: 'goods-return', number, terms: pieces(quantity) })

const stories: readonly (readonly [string, readonly Event[], Books])[] = [
  [
    'in parts, and more than was ordered',
    [
      goods('DN-1', '4'),
      goods('DN-2', '6'),
      goods('DN-3', '1'),
      money('P-1', '50'),
      money('P-2', '40'),
      money('P-3', '20'),
    ],
    { delivered: 11, receivable: 0, bank: 110, settled: 'completed' },
  ],
  [
    'prepaid, returned, refunded',
    [
      money('P-1', '100'),
      goods('DN-1', '7'),
      goods('DN-2', '3'),
      back('R-1', '2'),
      { kind: 'refund', number: 'RF-1', terms: { of: 'return', return: 'R-1' } },
      { kind: 'refund', number: 'RF-2', terms: { of: 'lines', ...pieces('1') } },
    ],
    { delivered: 8, receivable: 0, bank: 70, settled: 'completed' },
  ],
  [
    'overpaid, and the surplus paid back',
    [
      money('P-1', '60'),
      money('P-2', '75.50'),
      goods('DN-1', '5'),
      goods('DN-2', '5'),
      { kind: 'refund', number: 'RF-1', terms: { of: 'amount', amount: '12.34' } },
      { kind: 'refund', number: 'RF-2', terms: { of: 'balance' } },
    ],
    { delivered: 10, receivable: 0, bank: 87.66, settled: 'completed' },
  ],
  [
    'closed short',
    [
      goods('DN-1', '5'),
      goods('DN-2', '1'),
      { kind: 'closing', number: 'T1', terms: {} },
      money('P-1', '30'),
      money('P-2', '30'),
      { kind: 'refund', number: 'RF-1', terms: { of: 'lines', ...pieces('1') } },
    ],
    { delivered: 6, receivable: 0, bank: 50, settled: 'closed' },
  ],
  [
    'cancelled, with the money back',
    [
      { kind: 'cancellation', number: 'T1', terms: {} },
      money('P-1', '99'),
      money('P-2', '1'),
      { kind: 'refund', number: 'RF-1', terms: { of: 'balance' } },
      money('P-3', '0.01'),
      { kind: 'refund', number: 'RF-2', terms: { of: 'everything' } },
    ],
    { delivered: 0, receivable: 0, bank: 0, settled: 'cancelled' },
  ],
  [
    'paid too little: it waits',
    [
      goods('DN-1', '10'),
      money('P-1', '30'),
      money('P-2', '20'),
      back('R-1', '1'),
      back('R-2', '1'),
      money('P-3', '5'),
    ],
    { delivered: 8, receivable: 25, bank: 55, settled: 'nothing-yet' },
  ],
]

interface Books {
  readonly delivered: number
  readonly receivable: number
  readonly bank: number
  readonly settled: string
}

/** An ERP that does what it is told, and nothing that a real one would refuse. */
function erpOf() {
  const postings: PostingFacts[] = []
  const post = (kind: string, number: string, amount = 0, lines?: readonly LineQuantity[]) => {
    if (postings.some((one) => one.kind === kind && one.number === number)) throw new Error(`${kind} ${number} twice`)
    postings.push({
      kind,
      number,
      status: 'posted',
      document: { id: number, amount: amount.toFixed(2), lines },
      isDone: true,
    })
  }
  const total = (kind: string) =>
    postings.filter((one) => one.kind === kind).reduce((sum, one) => sum + Number(one.document?.amount), 0)
  const quantity = (kind: string) =>
    postings
      .filter((one) => one.kind === kind)
      .flatMap((one) => one.document?.lines ?? [])
      .reduce((sum, line) => sum + Number(line.quantity), 0)
  const count = (lines: readonly LineQuantity[] = []) => lines.reduce((sum, line) => sum + Number(line.quantity), 0)
  const carryOut = (event: Event) => {
    const { kind, number, terms, amount } = event
    if (kind === 'goods-issue') {
      post('goods-issue', number, 0, terms.lines)
      post('customer-invoice', number, count(terms.lines) * 10)
    } else if (kind === 'goods-return') {
      if (quantity('goods-issue') < quantity('goods-return') + count(terms.lines)) throw new Error('More than left')
      post('goods-return', number, 0, terms.lines)
      post('credit-note', `goods-return/${number}`, count(terms.lines) * 10, terms.lines)
    } else if (kind === 'refund') {
      const left = total('customer-invoice') - total('credit-note')
      const of =
        terms.of === 'everything' ? left : terms.of === 'lines' ? count(terms.lines) * 10 : Number(terms.amount)
      if (of > left) throw new Error('More than was invoiced')
      post('credit-note', `refund/${number}`, of, terms.lines)
    } else if (kind === 'incoming-payment') post(kind, number, Number(amount))
    else post(`sales-order-${kind}`, number)
  }
  const settle = (kind: string, number: string) => post(kind, number, Number(parseSettlement(number).amount))
  const books = (settled: string): Books => ({
    delivered: quantity('goods-issue') - quantity('goods-return'),
    receivable: cents(
      total('customer-invoice') - total('credit-note') - total('incoming-payment') + total('outgoing-payment'),
    ),
    bank: cents(total('incoming-payment') - total('outgoing-payment')),
    settled,
  })
  return { postings, carryOut, settle, books }
}

const cents = (amount: number) => Math.round(amount * 100) / 100

/** Lets the case go on after each arrival until it waits; an event may arrive twice. */
function play(arrivals: readonly Event[]): Books {
  const erp = erpOf()
  const signals = new Map<string, SignalFacts>()
  let state = 'nothing-yet'
  for (const [index, event] of arrivals.entries()) {
    const key = `${event.kind} ${event.number}`
    const occurredAt = String(index).padStart(3, '0')
    if (!signals.has(key)) signals.set(key, { ...event, occurredAt, isConsumed: false })
    state = untilItWaits(erp, signals, arrivals)
  }
  return erp.books(state)
}

function untilItWaits(
  erp: ReturnType<typeof erpOf>,
  signals: Map<string, SignalFacts>,
  events: readonly Event[],
): string {
  const facts = { lines: ordered, version: 1, deadlineAtMs: 1, deadlinesTold: 0, deadlinesMax: 0, deadlinesFrom: 0 }
  const consume = (kind: string, number: string) => {
    const taken = signals.get(`${kind} ${number}`)
    if (taken) signals.set(`${kind} ${number}`, { ...taken, isConsumed: true })
  }
  for (let step = 0; step < 100; step++) {
    const next = pickNextEvent(facts, [...signals.values()], erp.postings, 0)
    switch (next.kind) {
      case 'nothing-yet':
        return next.kind
      case 'settled':
        return next.as
      case 'set-aside':
        consume(next.signal.kind, next.signal.number)
        break
      case 'payment-allocation':
      case 'outgoing-payment':
        erp.settle(next.kind, next.number)
        break
      case 'deadline':
      case 'refusal':
        throw new Error(`${next.kind} does not belong here`)
      default: {
        const event = events.find((one) => one.kind === next.kind && one.number === next.number)
        if (event === undefined) throw new Error(`${next.kind} ${next.number} was never announced`)
        erp.carryOut(event)
        consume(next.kind, next.number)
      }
    }
  }
  throw new Error('The case never comes to rest')
}

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length <= 1) return [[...all]]
  return all.flatMap((one, index) => permutations(all.toSpliced(index, 1)).map((rest) => [one, ...rest]))
}

it.each(stories)('ends in the same books in each of the 720 orders of arrival: %s', (_title, events, books) => {
  for (const [index, order] of permutations(events).entries()) {
    // One of them arrives a second time, at the end or right away.
    const again = order[index % order.length]
    const arrivals = again === undefined ? order : index % 2 ? [...order, again] : [again, ...order]
    expect(play(arrivals), order.map(({ number }) => number).join(' ')).toEqual(books)
  }
})
