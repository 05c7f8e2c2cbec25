import { describe, expect, it } from 'vitest'
import type { WeeklyHours } from '#domain/erp-calendar/calendar.ts'
import { maintenanceEnd, nextMaintenance } from '#domain/erp-calendar/maintenance.ts'

const timeZone = 'Europe/Berlin'
const sunday: WeeklyHours = { days: ['sunday'], from: '02:00', to: '04:00' }
const night: WeeklyHours = { days: ['saturday'], from: '22:00', to: '06:00' }

function endAt(iso: string, ...maintenance: WeeklyHours[]): string | undefined {
  const endMs = maintenanceEnd({ timeZone, maintenance }, Date.parse(iso))
  return endMs === undefined ? undefined : new Date(endMs).toISOString().slice(0, 16)
}

describe('a maintenance window', () => {
  it.each([
    ['before it begins', '2026-01-18T00:59:59Z', sunday, undefined],
    ['when it begins', '2026-01-18T01:00:00Z', sunday, '2026-01-18T03:00'],
    ['within it', '2026-01-18T02:59:59Z', sunday, '2026-01-18T03:00'],
    ['when it is over', '2026-01-18T03:00:00Z', sunday, undefined],
    ['on another day', '2026-01-19T01:30:00Z', sunday, undefined],
    ['over midnight, before it', '2026-01-17T22:30:00Z', night, '2026-01-18T05:00'],
    ['over midnight, after it', '2026-01-18T03:30:00Z', night, '2026-01-18T05:00'],
    ['an hour later by the clock in summer', '2026-07-19T00:30:00Z', sunday, '2026-07-19T02:00'],
    // Clocks show 01:59, then 03:00: what is left of it is one hour.
    ['on the day that clocks go forward, before', '2026-03-29T00:59:59Z', sunday, undefined],
    ['on the day that clocks go forward, within', '2026-03-29T01:00:00Z', sunday, '2026-03-29T02:00'],
    // Clocks show 02:00 to 03:00 twice: it is three hours long.
    ['on the day that clocks go back, the first time', '2026-10-25T00:00:00Z', sunday, '2026-10-25T03:00'],
    ['on the day that clocks go back, the second time', '2026-10-25T01:30:00Z', sunday, '2026-10-25T03:00'],
    ['on the day that clocks go back, after', '2026-10-25T03:00:00Z', sunday, undefined],
  ])('%s', (_when, iso, window, end) => {
    expect(endAt(iso, window)).toBe(end)
  })

  it.each([
    ['02:15', '02:45', '01:45'],
    ['02:00', '03:00', '02:00'],
    ['02:30', '03:00', '01:30'],
  ])('that lies wholly in the hour that clocks skip is not lost: from %s to %s', (from, to, end) => {
    const skipped: WeeklyHours = { days: ['sunday'], from, to }
    expect(endAt('2026-03-29T01:00:00Z', skipped)).toBe(`2026-03-29T${end}`)
  })

  it('that follows another without a break is one with it', () => {
    const next: WeeklyHours = { days: ['sunday'], from: '06:00', to: '07:00' }
    expect(endAt('2026-01-17T22:30:00Z', night, next)).toBe('2026-01-18T06:00')
    const always: WeeklyHours = {
      days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      from: '00:00',
      to: '00:00',
    }
    expect(endAt('2026-01-17T22:30:00Z', always)).toBe('2026-02-05T23:00')
  })

  it('that comes next is told', () => {
    const next = nextMaintenance({ timeZone, maintenance: [sunday, night] }, Date.parse('2026-03-23T12:00:00Z'))
    expect(next).toEqual({ fromMs: Date.parse('2026-03-28T21:00:00Z'), untilMs: Date.parse('2026-03-29T04:00:00Z') })
    expect(nextMaintenance({ timeZone, maintenance: [] }, 0)).toBeUndefined()
  })
})
