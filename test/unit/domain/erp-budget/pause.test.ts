import { describe, expect, it } from 'vitest'
import { lookAgainAtMs, type Pauses, pausedFor } from '#domain/erp-budget/pause.ts'

const nowMs = Date.parse('2026-11-24T09:00:00Z')
const hourMs = 3_600_000
const since = (agoMs: number, untilMs?: number) => ({
  by: 'ops',
  reason: 'upgrade',
  sinceMs: nowMs - agoMs,
  ...(untilMs !== undefined && { untilMs }),
})
const pauses = (more: Partial<Pauses>): Pauses => ({ flows: {}, ...more })

describe('a pause', () => {
  it.each([
    ['nothing is paused', pauses({}), undefined],
    ['the account is', pauses({ account: since(0) }), { untilMs: nowMs + 60_000, isEnd: false }],
    [
      'it has lasted for five hours',
      pauses({ account: since(5 * hourMs) }),
      { untilMs: nowMs + hourMs / 2, isEnd: false },
    ],
    ['it has lasted for days', pauses({ account: since(90 * hourMs) }), { untilMs: nowMs + hourMs, isEnd: false }],
    ['it ends by itself soon', pauses({ account: since(0, nowMs + 10_000) }), { untilMs: nowMs + 10_000, isEnd: true }],
    [
      'it ends by itself later than it is looked at',
      pauses({ account: since(0, nowMs + hourMs) }),
      { untilMs: nowMs + 60_000, isEnd: false },
    ],
    ['it is over', pauses({ account: since(hourMs, nowMs) }), undefined],
    ['one of the flows that the call is for goes on', pauses({ flows: { refund: since(0) } }), undefined],
    [
      'all of them are',
      pauses({ flows: { refund: since(0), 'goods-return': since(0) } }),
      { flow: 'refund', untilMs: nowMs + 60_000, isEnd: false },
    ],
    ['another flow is', pauses({ flows: { 'goods-issue': since(0) } }), undefined],
  ])('%s', (_what, given, expected) => {
    expect(pausedFor(given, ['refund', 'goods-return'], nowMs)).toEqual(expected)
  })

  it('of a flow does not stop what is for none', () => {
    expect(pausedFor(pauses({ flows: { refund: since(0) } }), [], nowMs)).toBeUndefined()
  })

  it('is looked at some sixty times a day, however long it lasts', () => {
    let [atMs, looks] = [nowMs, 0]
    for (; atMs < nowMs + 24 * hourMs; looks++) atMs = lookAgainAtMs(nowMs, atMs)
    expect(looks).toBeLessThan(70)
  })
})
