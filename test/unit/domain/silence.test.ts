import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Expectation } from '#domain/flow-catalog/expectation.ts'
import { expectedMs, lookBackMs, silenceMs } from '#domain/silence.ts'

const minute = 60_000
const workdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const
const office: Expectation = {
  timeZone: 'Europe/Berlin',
  hours: [{ days: [...workdays], from: '08:00', to: '18:00' }],
  notOn: ['2026-12-25'],
  atLeast: 1,
  withinMinutes: 60,
}
/** Around the hours in which clocks are changed, on the Sundays on which they are. */
const night: Expectation = { ...office, hours: [{ days: ['sunday'], from: '01:00', to: '05:00' }] }
const always = { atLeast: 1, withinMinutes: 10 }

const at = (iso: string) => Date.parse(iso)
const heard = (iso: string, count = 1) => ({ atMs: at(iso), count })
const minutes = (expected: Parameters<typeof silenceMs>[0], last: string, now: string, since = '2026-01-01T00:00Z') =>
  silenceMs(expected, [heard(last)], at(since), at(now)) / minute

describe('the silence of a flow', () => {
  // Monday, the 19th of January 2026; Berlin is an hour ahead of UTC.
  it.each([
    ['counts the minutes since something was heard', office, '2026-01-19T09:00Z', '2026-01-19T09:40Z', 40],
    ['does not begin before the hours do', office, '2026-01-19T05:00Z', '2026-01-19T07:20Z', 20],
    ['stays in the evening what it was', office, '2026-01-19T16:50Z', '2026-01-19T22:00Z', 10],
    ['leaves the night out', office, '2026-01-19T16:50Z', '2026-01-20T07:05Z', 15],
    ['leaves a weekend out', office, '2026-01-23T16:30Z', '2026-01-26T07:30Z', 60],
    ['leaves a holiday out', office, '2026-12-24T16:30Z', '2026-12-28T07:10Z', 40],
    ['has its hours by the clock there in summer', office, '2026-07-20T05:00Z', '2026-07-20T06:30Z', 30],
    ['has an hour less on the day that clocks go forward', night, '2026-03-28T12:00Z', '2026-03-29T12:00Z', 180],
    ['has an hour more on the day that clocks go back', night, '2026-10-24T12:00Z', '2026-10-25T12:00Z', 300],
    ['of what is expected at any time is all the time', always, '2026-01-19T03:00Z', '2026-01-19T03:25Z', 25],
  ] as const)('%s', (_what, expected, last, now, silent) => {
    expect(minutes(expected, last, now)).toBe(silent)
  })

  it('begins with the watching when nothing was ever heard', () => {
    const now = at('2026-01-19T12:00Z')
    expect(silenceMs(office, [], at('2026-01-19T11:30Z'), now)).toBe(30 * minute)
    expect(silenceMs(always, [], at('2026-01-19T11:30Z'), now)).toBe(30 * minute)
  })

  it('lasts until there is enough', () => {
    const busy = { ...office, atLeast: 10 }
    const few = [heard('2026-01-19T09:00Z', 8), heard('2026-01-19T09:30Z', 3), heard('2026-01-19T09:50Z', 4)]
    // Ten are those of 09:50, of 09:30, and some of 09:00.
    expect(silenceMs(busy, few, 0, at('2026-01-19T10:00Z'))).toBe(60 * minute)
    expect(silenceMs(busy, [...few, heard('2026-01-19T09:55Z', 6)], 0, at('2026-01-19T10:00Z'))).toBe(10 * minute)
  })

  it('counts hours that overlap once', () => {
    const { hours } = office
    const double = { ...office, hours: [...hours, { days: [...workdays], from: '10:00', to: '20:00' }] }
    expect(expectedMs(double, at('2026-01-19T00:00Z'), at('2026-01-20T00:00Z'))).toBe(12 * 60 * minute)
  })

  it('is known from what is read: looking back further than it does changes nothing about whether it is told', () => {
    const first = at('2026-01-01T00:00Z')
    fc.assert(
      fc.property(
        fc.constantFrom(office, night, always, { ...office, withinMinutes: 1500 }),
        fc.integer({ min: 0, max: 400 * 1440 }),
        fc.array(fc.integer({ min: 0, max: 20 * 1440 }), { maxLength: 5 }),
        (expected, nowMinute, ages) => {
          const nowMs = first + nowMinute * minute
          const all = ages.map((age) => ({ atMs: nowMs - age * minute, count: 1 }))
          const read = all.filter(({ atMs }) => atMs >= lookBackMs(expected, nowMs))
          const isTold = (known: typeof all) => silenceMs(expected, known, 0, nowMs) >= expected.withinMinutes * minute
          expect(isTold(read)).toBe(isTold(all))
        },
      ),
    )
  })

  it('only grows as long as nothing is heard, and no faster than the clock', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 1440 }), fc.integer({ min: 1, max: 3000 }), (from, more) => {
        const [sinceMs, nowMs] = [at('2026-01-01T00:00Z'), at('2026-01-01T00:00Z') + from * minute]
        const grown = silenceMs(office, [], sinceMs, nowMs + more * minute) - silenceMs(office, [], sinceMs, nowMs)
        // What is told of more than a month ends there.
        if (from < 30 * 1440 - 3000) expect(grown).toBeGreaterThanOrEqual(0)
        expect(grown).toBeLessThanOrEqual(more * minute)
      }),
    )
  })
})
