import { describe, expect, it } from 'vitest'
import type { BudgetLimits } from '#domain/erp-budget/budget.ts'
import { planOf, shardFor } from '#domain/erp-budget/limits.ts'
import { type RateLine, type Turn, turnOf } from '#domain/erp-budget/rate.ts'
import type { ErpLimits, Lane } from '#domain/erp-limits.ts'

const nowMs = 1_000_000
const pace = { intervalMs: 50, aheadMs: 25, graceMs: 40 }

const rows: readonly {
  readonly title: string
  readonly line: RateLine
  readonly lane?: Lane
  readonly number?: number
  readonly turn: Turn
}[] = [
  {
    title: 'a line that nobody stands in, long after the last call: now',
    line: { head: 4, tail: 4, nextMs: nowMs - 900 },
    turn: { do: 'take', atMs: nowMs, line: { head: 4, tail: 4, nextMs: nowMs + 50 } },
  },
  {
    title: 'soon enough: at the next moment',
    line: { head: 4, tail: 4, nextMs: nowMs + 25 },
    turn: { do: 'take', atMs: nowMs + 25, line: { head: 4, tail: 4, nextMs: nowMs + 75 } },
  },
  { title: 'later: draws a number', line: { head: 4, tail: 4, nextMs: nowMs + 26 }, turn: { do: 'draw-number' } },
  {
    title: 'others stand there: draws a number',
    line: { head: 4, tail: 5, nextMs: nowMs },
    turn: { do: 'draw-number' },
  },
  {
    title: 'the interactive lane goes before them',
    line: { head: 4, tail: 9, nextMs: nowMs + 40 },
    lane: 'interactive',
    turn: { do: 'take', atMs: nowMs + 40, line: { head: 4, tail: 9, nextMs: nowMs + 90 } },
  },
  {
    title: 'the next number takes its moment',
    line: { head: 4, tail: 9, nextMs: nowMs + 20 },
    number: 5,
    turn: { do: 'take', atMs: nowMs + 20, line: { head: 5, tail: 9, nextMs: nowMs + 70 } },
  },
  {
    title: '… not too long before',
    line: { head: 4, tail: 9, nextMs: nowMs + 60 },
    number: 5,
    turn: { do: 'look-again', atMs: nowMs + 35 },
  },
  {
    title: 'the one after waits for its own',
    line: { head: 4, tail: 9, nextMs: nowMs + 20 },
    number: 6,
    turn: { do: 'look-again', atMs: nowMs + 45 },
  },
  {
    title: '… and goes on when the next number is dead',
    line: { head: 4, tail: 9, nextMs: nowMs - 40 },
    number: 6,
    turn: { do: 'take', atMs: nowMs, line: { head: 6, tail: 9, nextMs: nowMs + 50 } },
  },
  {
    title: 'whoever was taken for dead draws a new number',
    line: { head: 6, tail: 9, nextMs: nowMs },
    number: 5,
    turn: { do: 'draw-number' },
  },
]

describe('whoever wants to call an ERP that has a rate', () => {
  it.each(rows)('$title', ({ line, lane = 'event', number, turn }) => {
    expect(turnOf(line, lane, number, nowMs, pace)).toEqual(turn)
  })
})

describe('an account', () => {
  const account = (more: Partial<ErpLimits>) =>
    planOf({ slots: 5, rates: [], unitsPerCall: 1, source: 'test', ...more }, { skewMs: 100, clientTimeoutMs: 1000 })

  it.each([
    [{ units: 20, perSeconds: 1 }, 1, 1, 52],
    [{ units: 6000, perSeconds: 300 }, 1, 1, 52],
    [{ units: 6000, perSeconds: 300 }, 5, 1, 260],
    [{ units: 1000, perSeconds: 1 }, 1, 20, 20.8],
  ])('with %o and %i units a call has %i lines, with calls %d ms apart', (rate, unitsPerCall, shards, intervalMs) => {
    const plan = account({ rates: [rate], unitsPerCall })
    expect(plan.rateShards).toBe(shards)
    expect(plan.pace?.intervalMs).toBeCloseTo(intervalMs, 6)
  })

  it.each([20, 60, 250, 1000, 3000])(
    'never lets more than %i calls into a second, whenever its lines begin',
    (units) => {
      const { rateShards, pace } = account({ rates: [{ units, perSeconds: 1 }] })
      const inOneLine = Math.ceil(1000 / (pace?.intervalMs ?? 0))
      expect(inOneLine * rateShards).toBeLessThanOrEqual(units)
    },
  )

  it('keeps the scarcest of several rates', () => {
    const plan = account({
      rates: [
        { units: 20, perSeconds: 1 },
        { units: 600, perSeconds: 60 },
      ],
    })
    expect(plan.pace?.intervalMs).toBeCloseTo(104, 6)
  })

  it.each([1, 5, 16, 17, 46, 53, 101])('of %i slots has all of them in its shards, none of which is large', (slots) => {
    const plan = account({ slots, interactiveReserve: Math.floor(slots / 10) })
    const sum = (of: (limits: BudgetLimits) => number) => plan.shards.reduce((total, one) => total + of(one), 0)
    expect([sum((one) => one.slots), sum((one) => one.interactiveReserve)]).toEqual([slots, Math.floor(slots / 10)])
    expect(Math.max(...plan.shards.map((one) => one.slots))).toBeLessThanOrEqual(16)
    expect(plan.slots).toBe(slots)
  })

  it('lets nobody ask where there is no slot for him', () => {
    const plan = account({ slots: 40, interactiveReserve: 39, fewer: { documents: ['customer-invoice'], slots: 2 } })
    const shards = (lane: Lane, isNarrow: boolean) => {
      const holders = Array.from({ length: 50 }, (_, n) => `step-${n}`)
      return [...new Set(holders.map((holder) => shardFor({ holder, lane, isNarrow }, plan).shard))].sort()
    }
    expect(shards('interactive', false)).toEqual([0, 1, 2])
    expect(shards('interactive', true)).toEqual([0, 1])
    expect(shards('event', true)).toEqual([0])
  })

  it('without a rate has no line', () => {
    expect(account({}).pace).toBeUndefined()
  })

  it.each([
    [{ slots: 0 }, 'slots 0'],
    [{ slots: 2, interactiveReserve: 2 }, 'slots 2'],
    [{ rates: [{ units: 3, perSeconds: 1 }], unitsPerCall: 5 }, 'units 3'],
  ])('with %o is refused', (more, text) => {
    expect(() => account(more)).toThrow(text)
  })
})
