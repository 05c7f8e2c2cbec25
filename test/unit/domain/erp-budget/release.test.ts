import { describe, expect, it } from 'vitest'
import type { Budget } from '#domain/erp-budget/budget.ts'
import { extend, release, type Seen, throttle } from '#domain/erp-budget/release.ts'
import { budget, limits, nowMs, slot, ticket } from './cases.ts'

const up: Seen = { heldMs: 1000, downs: 0, isUp: true, busyUntilMs: 0 }
const down: Seen = { heldMs: 1000, downs: 1, isUp: false, busyUntilMs: 0 }
const closed = { failures: 0, opened: 0, openUntilMs: 0 }
const open = { failures: 0, opened: 1, openUntilMs: nowMs - 1, probe: 'me' }

const rows: readonly {
  readonly title: string
  readonly before: Partial<Budget>
  readonly seen: Seen
  readonly after: Partial<Budget>
}[] = [
  {
    title: 'a slot is free again',
    before: { slots: [slot('me'), slot('a')] },
    seen: up,
    after: { slots: [slot('a')] },
  },
  {
    title: 'it is offered to the first who waits',
    before: { slots: [slot('me')], waiting: [ticket('x')] },
    seen: up,
    after: { slots: [{ ...ticket('x'), untilMs: nowMs + 400, isOffer: true }], waiting: [] },
  },
  {
    title: 'after a lost answer it is held on while the ERP may be at work',
    before: { slots: [slot('me')] },
    seen: { ...down, busyUntilMs: nowMs + 60_000 },
    after: { slots: [slot('me', { untilMs: nowMs + 60_000, isSettling: true })] },
  },
  { title: 'the mean begins with the first', before: {}, seen: up, after: { meanHoldMs: 1000 } },
  { title: 'the mean follows', before: { meanHoldMs: 3000 }, seen: up, after: { meanHoldMs: 2900 } },
  { title: 'one failure opens nothing', before: {}, seen: down, after: { circuit: { ...closed, failures: 1 } } },
  {
    title: 'so many failures in a row open the circuit',
    before: { circuit: { ...closed, failures: 2 } },
    seen: down,
    after: { circuit: { failures: 0, opened: 1, openUntilMs: nowMs + 10_000 } },
  },
  {
    title: 'an answer between them counts anew',
    before: { circuit: { ...closed, failures: 2 } },
    seen: { ...down, isUp: true },
    after: { circuit: { ...closed, failures: 1 } },
  },
  {
    title: 'an answer ends them',
    before: { circuit: { ...closed, failures: 2 } },
    seen: up,
    after: { circuit: closed },
  },
  {
    title: 'a probe that finds it down opens it for half as long again',
    before: { slots: [slot('me')], circuit: open },
    seen: down,
    after: { circuit: { failures: 0, opened: 2, openUntilMs: nowMs + 15_000 } },
  },
  {
    title: '… but no longer than the longest',
    before: { slots: [slot('me')], circuit: { ...open, opened: 9 } },
    seen: down,
    after: { circuit: { failures: 0, opened: 10, openUntilMs: nowMs + 60_000 } },
  },
  {
    title: 'a probe that finds it up closes it',
    before: { slots: [slot('me')], circuit: open },
    seen: up,
    after: { circuit: closed },
  },
  {
    title: 'a probe that made no call lets the next one try',
    before: { slots: [slot('me')], circuit: open },
    seen: { ...up, isUp: false },
    after: { circuit: { failures: 0, opened: 1, openUntilMs: nowMs - 1 } },
  },
  {
    title: 'those who were under way when it opened say nothing new',
    before: { slots: [slot('me')], circuit: { ...open, probe: 'other' } },
    seen: down,
    after: { circuit: { ...open, probe: 'other' } },
  },
]

describe('whoever gives a slot back', () => {
  it.each(rows)('$title', ({ before, seen, after }) => {
    expect(release(budget(before), 'me', seen, nowMs, limits)).toMatchObject(after)
  })

  it('offers nothing before the time that the ERP has named', () => {
    const waiting = [ticket('x')]
    const throttled = throttle(budget({ slots: [slot('me')], waiting }), nowMs + 5000)
    expect(release(throttled, 'me', up, nowMs, limits)).toMatchObject({ slots: [], waiting })
  })

  it('is sure to hold it for one call more only while its lease lasts', () => {
    const held = budget({ slots: [slot('me', { untilMs: nowMs + 1 }), slot('a')] })
    expect(extend(held, 'me', nowMs + 9000, nowMs)?.slots).toEqual([slot('me', { untilMs: nowMs + 9000 }), slot('a')])
    expect(extend(held, 'me', nowMs + 9000, nowMs + 1)).toBeUndefined()
    expect(extend(held, 'other', nowMs + 9000, nowMs)).toBeUndefined()
  })

  it('keeps the later of two times that the ERP has named', () => {
    const later = throttle(budget(), nowMs + 5000)
    expect(throttle(later, nowMs + 1000)).toBe(later)
  })
})
