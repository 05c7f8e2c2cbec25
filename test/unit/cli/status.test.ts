import { describe, expect, it } from 'vitest'
import { newBudget } from '#domain/erp-budget/budget.ts'
import { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { clockOf } from '../../../bin/commands/doctor/examine.ts'
import { formatFindings, look } from '../../../bin/commands/doctor/findings.ts'
import { formatStatus, needsSomebody } from '../../../bin/commands/status/format-status.ts'
import { alarmOf } from '../../../bin/commands/status/read-alarms.ts'
import type { Status } from '../../../bin/commands/status/read-status.ts'
import { standsStill } from '../../../bin/commands/status/stands-still.ts'

const hourMs = 3_600_000
const quiet: Status = {
  cases: [{ process: 'order-to-cash', status: 'open', count: 3, sinceMs: 0 }],
  waiting: [{ what: 'questions for a person', command: 'inbox', count: 0, sinceMs: undefined }],
  deadLetters: 0,
  erp: { account: 'tryton', underWay: 1, inLine: 4, standsStill: [] },
  reconciledUntilMs: Date.UTC(2026, 10, 24, 9),
  flows: [
    { flow: 'sales-order', heardAtMs: 2 * hourMs, silentSeconds: 1800, latencySeconds: 1.26 },
    { flow: 'refund', heardAtMs: undefined, silentSeconds: undefined, latencySeconds: undefined },
  ],
  alarms: [],
}

describe('the status', () => {
  it('says of each thing how many, since when, and the command that tells more', () => {
    const text = formatStatus(quiet, 3 * hourMs)
    expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['', 'COUNT', 'OLDEST', 'LOOK'],
      ['order-to-cash: open cases', '3', '3 h', 'npx postonce cases --process order-to-cash --status open'],
      ['questions for a person', '0'],
      ['dead letters', '0'],
      [''],
      ['FLOW', 'HEARD', 'SILENT', '95 % WITHIN'],
      ['sales-order', '60 min ago', '30 min', '1.3 s'],
      ['refund', 'not in a day'],
      [''],
      ['ERP tryton: 1 at work, 4 in line · npx postonce pauses'],
      ['Books compared: until 2026-11-24 09:00:00 UTC'],
      ['Alarms: none'],
    ])
  })

  it.each<[string, Partial<Status>]>([
    ['a failed case', { cases: [{ process: 'order-to-cash', status: 'failed', count: 1, sinceMs: 0 }] }],
    ['a question', { waiting: [{ what: 'q', command: 'inbox', count: 1, sinceMs: 0 }] }],
    ['a difference', { waiting: [{ what: 'd', command: 'reconcile', count: 1, sinceMs: 0 }] }],
    ['a dead letter', { deadLetters: 1 }],
    ['an alarm', { alarms: [{ name: 'x', says: '' }] }],
  ])('needs somebody for %s, and for nothing that goes on by itself', (_what, more) => {
    expect(needsSomebody(quiet)).toBe(false)
    expect(needsSomebody({ ...quiet, ...more })).toBe(true)
  })

  it('takes goods or money that came before their order for nothing to look at: the inbox asks when nobody comes', () => {
    const early = { what: 'signals that came before their case', count: 2, sinceMs: undefined }
    expect(needsSomebody({ ...quiet, waiting: [early] })).toBe(false)
    expect(formatStatus({ ...quiet, waiting: [early] }, 0)).toMatch(/^signals that came before their case +2$/m)
  })

  it('says that the ERP stands still, why and until when', () => {
    const erp = { ...quiet.erp, standsStill: ['paused until it is resumed by ann: upgrade'] }
    expect(formatStatus({ ...quiet, erp }, 0)).toContain(
      'ERP tryton: paused until it is resumed by ann: upgrade · 1 at work, 4 in line · npx postonce pauses',
    )
  })

  it('says of each alarm what it is called in the runbook, what it means and where to look first', () => {
    const alarms = [{ name: 'DifferenceFound', says: 'The books do not agree. First: npx postonce reconcile' }]
    expect(formatStatus({ ...quiet, alarms }, 0)).toMatch(
      /^Alarms:\n {2}DifferenceFound: The books do not agree\. First: npx postonce reconcile$/m,
    )
  })
})

describe('an alarm', () => {
  it.each([
    ['PostonceHub-HubAlarmsDifferenceFoundFA8F392A-C8CC4E6EB18B6', 'DifferenceFound'],
    ['PostonceOrderToCash-AlarmsFlowLategoodsissue5E51C69B-04C168633E0B9', 'FlowLategoodsissue'],
    ['PostonceHub-Odd', 'PostonceHub-Odd'],
  ])('%s is called %s, without what CloudFormation adds', (id, name) => {
    expect(alarmOf(id, 'It is so. Harm: Much. First: npx postonce status')).toEqual({
      name,
      says: 'It is so. First: npx postonce status',
    })
  })
})

describe('what stands still before the ERP', () => {
  const nowMs = Date.parse('2026-11-24T09:00:00Z')
  const pause = { by: 'ann', reason: 'upgrade', sinceMs: 0 }
  const still = (more: Partial<Parameters<typeof standsStill>[0]>) =>
    standsStill({ pauses: { flows: {} }, budgets: [], calendar: undefined, ...more }, nowMs)

  it('is nothing while all goes on, and of a pause that is over', () => {
    expect(still({})).toEqual([])
    expect(still({ pauses: { account: { ...pause, untilMs: nowMs - 1 }, flows: {} } })).toEqual([])
  })

  it('is the account or flows that are paused, an ERP that is down or throttles, and its maintenance', () => {
    expect(still({ pauses: { account: pause, flows: { refund: { ...pause, untilMs: nowMs + hourMs } } } })).toEqual([
      'paused until it is resumed by ann: upgrade',
      'refund paused until 2026-11-24 10:00:00 UTC by ann: upgrade',
    ])
    const budget = { ...newBudget, notBeforeMs: nowMs + 1000, circuit: { failures: 5, opened: 1, openUntilMs: nowMs } }
    expect(still({ budgets: [budget] })).toEqual([
      'down, tried again at 2026-11-24 09:00:00 UTC',
      'throttled until 2026-11-24 09:00:01 UTC',
    ])
    const calendar = ErpCalendar.parse({
      timeZone: 'UTC',
      maintenance: [{ days: ['tuesday'], from: '08:00', to: '10:00' }],
    })
    expect(still({ calendar })).toEqual(['in maintenance until 2026-11-24 10:00:00 UTC'])
  })
})

describe('the doctor', () => {
  it('says what it saw, and what mends it where it is not well', async () => {
    const findings = [
      await look('table', 'deploy', async () => 'it answers'),
      await look('ERP', 'the secret', () => Promise.reject(new Error('wrong password'))),
    ]
    expect(formatFindings(findings)).toBe('✓ table: it answers\n✗ ERP: wrong password\n    mend: the secret')
  })

  it('takes a clock for another that shows a time before it was asked or after it had answered', () => {
    expect(clockOf(5_000, 4_000, 9_000)).toContain('no more than 1 ms')
    expect(() => clockOf(1_000, 4_000, 9_000)).toThrow('differ by 3000 ms')
    expect(() => clockOf(12_500, 4_000, 9_000)).toThrow('differ by 3500 ms')
  })
})
