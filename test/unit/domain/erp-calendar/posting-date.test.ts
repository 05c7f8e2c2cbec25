import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { addDays } from '#domain/erp-calendar/local-time.ts'
import { postingDay } from '#domain/erp-calendar/posting-date.ts'

const calendar = (posting: unknown) => ErpCalendar.parse({ timeZone: 'Europe/Berlin', posting })
const nowMs = Date.parse('2026-11-10T12:00:00Z')
const december = { from: '2026-12-01', through: '2026-12-31' }

describe('the day to which a document is posted', () => {
  it.each([
    ['its own without a calendar of postings', undefined, '2026-10-31', '2026-10-31'],
    ['its own while the month is open', { whenClosed: 'move', monthClosesOnDay: 11 }, '2026-10-31', '2026-10-31'],
    [
      'the first of the month after it is closed',
      { whenClosed: 'move', monthClosesOnDay: 10 },
      '2026-10-31',
      '2026-11-01',
    ],
    [
      'the first open day after months that are closed',
      { whenClosed: 'move', monthClosesOnDay: 10 },
      '2024-02-29',
      '2026-11-01',
    ],
    ['the last month is open until its day', { whenClosed: 'move', monthClosesOnDay: 11 }, '2026-09-30', '2026-10-01'],
    ['the day after a closed period', { whenClosed: 'move', closed: [december] }, '2026-12-24', '2027-01-01'],
    ['its own on the day before one', { whenClosed: 'move', closed: [december] }, '2026-11-30', '2026-11-30'],
    [
      'the day after several that follow each other, in whatever order they stand',
      { whenClosed: 'move', closed: [{ from: '2027-01-01', through: '2027-01-05' }, december] },
      '2026-12-01',
      '2027-01-06',
    ],
    [
      'its own once the period is open again',
      { whenClosed: 'move', closed: [{ ...december, opensOn: '2026-11-10' }] },
      '2026-12-24',
      '2026-12-24',
    ],
    [
      'the next one until then',
      { whenClosed: 'move', closed: [{ ...december, opensOn: '2026-11-11' }] },
      '2026-12-24',
      '2027-01-01',
    ],
    [
      'its own where cases wait, and it is open',
      { whenClosed: 'wait', closed: [december] },
      '2026-11-30',
      '2026-11-30',
    ],
  ])('%s', (_what, posting, date, on) => {
    expect(postingDay(calendar(posting), date, nowMs)).toEqual({ do: 'post', on })
  })

  it('is waited for until the period opens, at midnight by the clock of the books', () => {
    const posting = { whenClosed: 'wait', closed: [{ ...december, opensOn: '2027-01-04' }] }
    const untilMs = Date.parse('2027-01-03T23:00:00Z')
    expect(postingDay(calendar(posting), '2026-12-24', nowMs)).toEqual({ do: 'wait', untilMs })
    expect(postingDay(calendar(posting), '2026-12-24', untilMs)).toEqual({ do: 'post', on: '2026-12-24' })
  })

  it('is waited for without an end where nobody has said when it opens', () => {
    const posting = { whenClosed: 'wait', monthClosesOnDay: 5, closed: [december] }
    expect(postingDay(calendar(posting), '2026-10-31', nowMs)).toEqual({ do: 'wait', untilMs: undefined })
  })

  it('that is moved is always open, never earlier, and the same when it is moved again', () => {
    const day = fc.integer({ min: -400, max: 400 }).map((days) => addDays('2026-11-10', days))
    const period = fc
      .tuple(day, fc.integer({ min: 0, max: 60 }))
      .map(([from, days]) => ({ from, through: addDays(from, days) }))
    const posting = fc.record({
      whenClosed: fc.constant('move'),
      monthClosesOnDay: fc.option(fc.integer({ min: 2, max: 28 }), { nil: undefined }),
      closed: fc.array(period, { maxLength: 6 }),
    })
    fc.assert(
      fc.property(posting, day, (drawn, date) => {
        const moved = postingDay(calendar(drawn), date, nowMs)
        if (moved.do !== 'post') throw new Error('It waits')
        expect(moved.on >= date).toBe(true)
        expect(drawn.closed.some(({ from, through }) => from <= moved.on && moved.on <= through)).toBe(false)
        expect(postingDay(calendar(drawn), moved.on, nowMs)).toEqual(moved)
      }),
    )
  })
})
