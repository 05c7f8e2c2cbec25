import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CaseFacts,
  type PostedFacts,
  pickNextEvent,
  type SignalFacts,
  sharePayment,
} from '#domain/pick-next-event.ts'

const facts: CaseFacts = {
  lines: [
    { line: '1', quantity: '2' },
    { line: '2', quantity: '1' },
  ],
  deadlineAtMs: 1_000,
  deadlinesTold: 0,
  deadlinesMax: 2,
}

const delivery = (number: string, ...lines: [string, string][]) => ({
  kind: 'goods-issue' as const,
  number,
  lines: lines.map(([line, quantity]) => ({ line, quantity })),
})
const payment = (number: string, amount: string) => ({ kind: 'incoming-payment' as const, number, amount })
const signal = (
  one: { kind: 'goods-issue' | 'incoming-payment'; number: string; amount?: string },
  at = 0,
): SignalFacts => ({
  kind: one.kind,
  number: one.number,
  amount: one.amount,
  consumed: false,
  occurredAt: new Date(at).toISOString(),
})

describe('the next event', () => {
  it('waits when nothing has come', () => {
    expect(pickNextEvent(facts, [], [], 0)).toEqual({ kind: 'nothing-yet' })
  })
  it('takes goods before money', () => {
    const signals = [signal(payment('P1', '1'), 1), signal(delivery('DN1'), 2)]
    expect(pickNextEvent(facts, signals, [], 0)).toEqual({ kind: 'goods-issue', number: 'DN1' })
  })
  it('goes on with a delivery that has begun, even if an earlier one has come since', () => {
    const signals = [signal(delivery('DN0'), 1), { ...signal(delivery('DN1'), 2), begun: true }]
    expect(pickNextEvent(facts, signals, [], 0)).toEqual({ kind: 'goods-issue', number: 'DN1' })
  })
  it('lets a payment wait for the invoice that it pays', () => {
    expect(pickNextEvent(facts, [signal(payment('P1', '10'))], [], 0)).toEqual({ kind: 'nothing-yet' })
  })
  it('tells a missed deadline as often as it may', () => {
    expect(pickNextEvent(facts, [], [], 1_000)).toEqual({ kind: 'deadline', number: '1' })
    expect(pickNextEvent({ ...facts, deadlinesTold: 2 }, [], [], 5_000)).toEqual({ kind: 'nothing-yet' })
  })
  it('is not settled while a signal is not consumed', () => {
    const posted = everythingPosted()
    expect(pickNextEvent(facts, [], posted, 0)).toEqual({ kind: 'settled' })
    const late = { ...signal(payment('P9', '5')), consumed: false }
    expect(pickNextEvent(facts, [late], posted, 0)).toEqual({ kind: 'incoming-payment', number: 'P9' })
  })
  it('repeats the branch of a payment that was posted but never published', () => {
    const posted = everythingPosted()
    expect(pickNextEvent(facts, [signal(payment('P1', '30'))], posted, 0)).toEqual({
      kind: 'incoming-payment',
      number: 'P1',
    })
  })
})

function everythingPosted(): PostedFacts[] {
  return [
    {
      kind: 'goods-issue',
      number: 'DN1',
      document: {
        id: 'g',
        lines: [
          { line: '1', quantity: '2' },
          { line: '2', quantity: '1' },
        ],
      },
    },
    { kind: 'customer-invoice', number: 'DN1', document: { id: 'i', amount: '30.00' } },
    { kind: 'incoming-payment', number: 'P1', document: { id: 'p', amount: '30.00' } },
  ]
}

/** Plays a case against a toy set of books: each picked event is booked, each wait lets the next signal arrive. */
function play(arrivals: readonly (ReturnType<typeof delivery> | ReturnType<typeof payment>)[]) {
  const signals: SignalFacts[] = []
  const posted: PostedFacts[] = []
  const queue = [...arrivals]
  for (let step = 0; step < 200; step++) {
    const next = pickNextEvent(facts, signals, posted, 0)
    if (next.kind === 'settled') return { posted, signals }
    if (next.kind === 'nothing-yet') {
      const arrival = queue.shift()
      if (arrival === undefined) return { posted, signals }
      if (!signals.some((one) => one.kind === arrival.kind && one.number === arrival.number))
        signals.push(signal(arrival, step))
      continue
    }
    const arrived = arrivals.find((one) => 'number' in next && one.number === next.number)
    if (arrived?.kind === 'goods-issue') {
      const units = arrived.lines.reduce((count, line) => count + Number(line.quantity), 0)
      posted.push({
        kind: 'goods-issue',
        number: arrived.number,
        document: { id: arrived.number, lines: arrived.lines },
      })
      posted.push({
        kind: 'customer-invoice',
        number: arrived.number,
        document: { id: arrived.number, amount: String(units * 10) },
      })
    } else if (arrived?.kind === 'incoming-payment') {
      posted.push({
        kind: 'incoming-payment',
        number: arrived.number,
        document: { id: arrived.number, amount: arrived.amount },
      })
    }
    const index = signals.findIndex((one) => 'number' in next && one.number === next.number)
    const taken = signals[index]
    if (taken !== undefined) signals[index] = { ...taken, consumed: true }
  }
  throw new Error('The case never comes to rest')
}

it('ends in the same books whatever the order of arrival, duplicates included', () => {
  const stories = [delivery('DN1', ['1', '2']), delivery('DN2', ['2', '1']), payment('P1', '20'), payment('P2', '10')]
  const books = (posted: readonly PostedFacts[]) =>
    posted.map(({ kind, number, document }) => [kind, number, document.amount ?? document.lines]).sort()
  const expected = books(play(stories).posted)
  expect(expected).toHaveLength(6)
  fc.assert(
    fc.property(fc.shuffledSubarray([...stories, ...stories], { minLength: 8, maxLength: 8 }), (arrivals) => {
      const end = play(arrivals)
      expect(books(end.posted)).toEqual(expected)
      expect(end.signals.every((one) => one.consumed)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

describe('sharing a payment out', () => {
  it.each([
    ['10', ['10.00', '20.00'], [['A', '10']]],
    [
      '15',
      ['10.00', '20.00'],
      [
        ['A', '10'],
        ['B', '5'],
      ],
    ],
    ['5', ['0', '18.00'], [['B', '5']]],
    ['20', ['0.00', '20.00'], [['B', '20']]],
  ] as const)('%s of open %j goes to %j', (amount, [a, b], shares) => {
    const got = sharePayment(amount, [
      { id: 'A', amount: a },
      { id: 'B', amount: b },
    ])
    expect(got?.map(({ invoiceId, amount: share }) => [invoiceId, String(Number(share))])).toEqual(shares)
  })
  it('tells when the invoices cannot take all of it', () => {
    expect(sharePayment('31', [{ id: 'A', amount: '30' }])).toBeUndefined()
    expect(sharePayment('1', [])).toBeUndefined()
  })
})
