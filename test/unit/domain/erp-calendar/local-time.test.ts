import { describe, expect, it } from 'vitest'
import { addDays, isTimeZone, localDate, momentsOf, weekdayOf } from '#domain/erp-calendar/local-time.ts'

const iso = ({ first, last }: ReturnType<typeof momentsOf>) =>
  [first, last].map((atMs) => new Date(atMs).toISOString().slice(0, 16))

describe('the clock on a wall', () => {
  it.each([
    ['a day in winter', '2026-01-15', '02:30', 'Europe/Berlin', ['2026-01-15T01:30', '2026-01-15T01:30']],
    ['a day in summer', '2026-07-15', '02:30', 'Europe/Berlin', ['2026-07-15T00:30', '2026-07-15T00:30']],
    [
      'clocks go forward, and skip it',
      '2026-03-29',
      '02:30',
      'Europe/Berlin',
      ['2026-03-29T01:00', '2026-03-29T01:30'],
    ],
    [
      'the moment at which they go forward',
      '2026-03-29',
      '03:00',
      'Europe/Berlin',
      ['2026-03-29T01:00', '2026-03-29T01:00'],
    ],
    [
      'clocks go back, and show it twice',
      '2026-10-25',
      '02:30',
      'Europe/Berlin',
      ['2026-10-25T00:30', '2026-10-25T01:30'],
    ],
    ['an hour after they went back', '2026-10-25', '03:30', 'Europe/Berlin', ['2026-10-25T02:30', '2026-10-25T02:30']],
    ['west of Greenwich, skipped', '2026-03-08', '02:30', 'America/New_York', ['2026-03-08T07:00', '2026-03-08T07:30']],
    ['west of Greenwich, twice', '2026-11-01', '01:30', 'America/New_York', ['2026-11-01T05:30', '2026-11-01T06:30']],
    [
      'half an hour of summer time',
      '2026-04-05',
      '01:45',
      'Australia/Lord_Howe',
      ['2026-04-04T14:45', '2026-04-04T15:15'],
    ],
    [
      'a quarter of an hour from others',
      '2026-06-01',
      '00:00',
      'Asia/Kathmandu',
      ['2026-05-31T18:15', '2026-05-31T18:15'],
    ],
  ])('%s: %s %s in %s', (_what, date, time, timeZone, moments) => {
    expect(iso(momentsOf(date, time, timeZone))).toEqual(moments)
  })

  it('has the date of that place', () => {
    expect(localDate(Date.parse('2026-12-31T23:30:00Z'), 'Europe/Berlin')).toBe('2027-01-01')
    expect(localDate(Date.parse('2027-01-01T03:30:00Z'), 'America/New_York')).toBe('2026-12-31')
    expect(localDate(Date.parse('2026-02-28T23:59:59.999Z'), 'UTC')).toBe('2026-02-28')
  })

  it('counts days by date, leap years included', () => {
    expect([addDays('2028-02-28', 1), addDays('2026-01-01', -1)]).toEqual(['2028-02-29', '2025-12-31'])
    expect([weekdayOf('2026-03-29'), weekdayOf('2026-11-30')]).toEqual(['sunday', 'monday'])
  })

  it('knows which zones there are', () => {
    expect([isTimeZone('Europe/Berlin'), isTimeZone('UTC'), isTimeZone('Europe/Entenhausen')]).toEqual([
      true,
      true,
      false,
    ])
  })
})
