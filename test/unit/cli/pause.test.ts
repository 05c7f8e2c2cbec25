import { describe, expect, it } from 'vitest'
import { newBudget } from '#domain/erp-budget/budget.ts'
import { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { formatStandstills } from '../../../bin/commands/pause/format-standstills.ts'
import { pauseTarget } from '../../../bin/commands/pause/target.ts'
import { untilMsOf } from '../../../bin/commands/pause/until.ts'
import { reasonOf, wordsOfReplaced } from '../../../bin/commands/pause.ts'
import { formatResumed } from '../../../bin/commands/resume.ts'
import { slot, ticket } from '../domain/erp-budget/cases.ts'

const nowMs = Date.parse('2026-11-24T09:00:00Z')

describe('what is paused', () => {
  it('is the account or a flow that brings something into the ERP', () => {
    expect(pauseTarget('tryton', 'tryton')).toEqual({ account: 'tryton', flow: undefined })
    expect(pauseTarget('goods-issue', 'tryton')).toEqual({ account: 'tryton', flow: 'goods-issue' })
  })

  it.each(['sap', 'sweep', 'decision', 'goods issue'])('cannot be %s, which is told with what can be', (named) => {
    expect(() => pauseTarget(named, 'tryton')).toThrow(
      new RegExp(
        `^${named} cannot be paused. There are the ERP account tryton and its flows: sales-order, goods-issue`,
      ),
    )
  })
})

describe('a pause in the place of another', () => {
  it('says whose it was, since when, until when and why', () => {
    expect(wordsOfReplaced({ by: 'ann', reason: 'upgrade', sinceMs: nowMs })).toBe(
      'It takes the place of the pause of ann since 2026-11-24 09:00:00 UTC, until it is resumed: upgrade',
    )
  })
})

describe('what is resumed', () => {
  const pause = { by: 'ann', reason: 'upgrade', sinceMs: nowMs - 3_600_000 }
  it('is a pause that holds; one that is over had its end already', () => {
    expect(formatResumed('the flow refund', undefined, nowMs)).toBe('Nothing to do: the flow refund is not paused.')
    expect(formatResumed('the flow refund', { ...pause, untilMs: nowMs }, nowMs)).toBe(
      'Nothing to do: the pause of the flow refund was over at 2026-11-24 09:00:00 UTC.',
    )
    expect(formatResumed('the flow refund', pause, nowMs)).toBe(
      'Resumed: the flow refund, paused for 60 min. The last of what waits goes on within 7 min.',
    )
  })
})

describe('the end of a pause', () => {
  it.each([
    ['30m', nowMs + 1_800_000],
    ['4h', nowMs + 14_400_000],
    ['2d', nowMs + 172_800_000],
    ['2026-11-24T18:00:00+01:00', Date.parse('2026-11-24T17:00:00Z')],
  ])('%s', (text, untilMs) => {
    expect(untilMsOf(text, nowMs)).toBe(untilMs)
  })

  it.each([
    ['tomorrow', '--until tomorrow must be a moment such as'],
    ['2026-11-24T18:00', 'must be a moment such as'],
    ['0m', 'must be a moment such as'],
    ['2026-11-24T08:00:00Z', '--until 2026-11-24T08:00:00Z is over already'],
    ['31d', '--until 31d is more than 30 days ahead'],
  ])('%s is refused with what is wrong', (text, message) => {
    expect(() => untilMsOf(text, nowMs)).toThrow(message)
  })

  it.each([' ', 'x'.repeat(501)])('needs a reason that says something', (text) => {
    expect(() => reasonOf(text)).toThrow('--reason must say why')
  })
})

describe('the list of what stands still', () => {
  it('says that nothing does, and how much is in use', () => {
    const budget = {
      ...newBudget,
      slots: [slot('a', { untilMs: nowMs + 1 })],
      waiting: [ticket('b', { untilMs: nowMs + 1 })],
    }
    const text = formatStandstills(
      {
        account: 'tryton',
        pauses: { flows: {} },
        budgets: [budget],
        calendar: undefined,
        sleeping: { count: 0, sinceMs: undefined },
      },
      nowMs,
    )
    expect(text).toBe('Nothing is paused.\n\ntryton: 1 slots in use, 1 waiting in their Lambdas, circuit closed')
  })

  it('has who paused what and why, the calendar, and an ERP that is down', () => {
    const pause = { by: 'ann', reason: 'stock-taking', sinceMs: nowMs - 3_600_000 }
    const flows = { 'goods-issue': pause, refund: { ...pause, untilMs: nowMs - 1 } }
    const calendar = ErpCalendar.parse({
      timeZone: 'Europe/Berlin',
      maintenance: [{ days: ['tuesday'], from: '09:30', to: '11:00' }],
      posting: {
        whenClosed: 'move',
        monthClosesOnDay: 6,
        closed: [{ from: '2026-12-31', through: '2026-12-31', opensOn: '2027-01-04' }],
      },
    })
    const down = {
      ...newBudget,
      notBeforeMs: nowMs + 5000,
      circuit: { failures: 0, opened: 2, openUntilMs: nowMs + 20_000 },
    }
    const text = formatStandstills(
      {
        account: 'tryton',
        pauses: { account: { ...pause, untilMs: nowMs + 60_000 }, flows },
        budgets: [down],
        calendar,
        sleeping: { count: 12, sinceMs: nowMs - 3_600_000 },
      },
      nowMs,
    )
    expect(text.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'PAUSED | SINCE | UNTIL | BY | REASON',
      'tryton | 60 min | 2026-11-24 09:01:00 | ann | stock-taking',
      'goods-issue | 60 min | it is resumed | ann | stock-taking',
      '',
      'In maintenance until 2026-11-24 10:00:00 UTC.',
      'Next maintenance: 2026-12-01 08:30:00 to 2026-12-01 10:00:00 UTC.',
      'Books closed (Europe/Berlin): a month from day 6 of the next, 2026-12-31 to 2026-12-31 until 2027-01-04; documents move to the next open day.',
      'tryton: 0 slots in use, 0 waiting in their Lambdas, throttled by the ERP until 2026-11-24 09:00:05 UTC, circuit open, tried again at 2026-11-24 09:00:20 UTC',
      '12 cases sleep until it is back and nothing of it is paused, for 60 min at most',
    ])
  })
})
