import { describe, expect, it } from 'vitest'
import { clockOf } from '../../../bin/commands/doctor/examine.ts'
import { formatFindings, look } from '../../../bin/commands/doctor/findings.ts'
import { formatStatus, needsSomebody } from '../../../bin/commands/status/format-status.ts'
import type { Status } from '../../../bin/commands/status/read-status.ts'

const hourMs = 3_600_000
const quiet: Status = {
  cases: [{ process: 'order-to-cash', status: 'open', count: 3, sinceMs: 0 }],
  waiting: [{ what: 'questions for a person', command: 'inbox', count: 0, sinceMs: undefined }],
  deadLetters: 0,
  erp: { account: 'tryton', underWay: 1, inLine: 4 },
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
    ['an alarm', { alarms: ['PostonceHub-x'] }],
  ])('needs somebody for %s, and for nothing that goes on by itself', (_what, more) => {
    expect(needsSomebody(quiet)).toBe(false)
    expect(needsSomebody({ ...quiet, ...more })).toBe(true)
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
