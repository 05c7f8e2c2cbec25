import { describe, expect, it } from 'vitest'
import { explain } from '../../../bin/commands/terminal/explain.ts'
import { formatTable } from '../../../bin/commands/terminal/table.ts'
import { formatAge, formatTime } from '../../../bin/commands/terminal/time.ts'

describe('what people read', () => {
  it('aligns columns, amounts to the right, and leaves no blanks at the end', () => {
    const columns = [{ title: 'CASE' }, { title: 'NET', align: 'right' as const }, { title: 'ERROR' }]
    const rows = [
      ['shop/sales-order/Ä1', '9.80', ''],
      ['x', '1263.66', 'CONFLICT'],
    ]
    expect(formatTable(columns, rows).split('\n')).toEqual([
      'CASE                     NET  ERROR',
      'shop/sales-order/Ä1     9.80',
      'x                    1263.66  CONFLICT',
    ])
  })

  it.each([
    [0, '0 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_199_000, '120 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 d'],
    [-5, '0 s'],
  ])('says %i ms as %s', (ageMs, text) => {
    expect(formatAge(ageMs)).toBe(text)
  })

  it('says a moment in UTC', () => {
    expect(formatTime(Date.UTC(2026, 10, 24, 9, 54, 2))).toBe('2026-11-24 09:54:02')
  })
})

describe('what people are told of an error', () => {
  it('says what to do when nothing listens', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
    expect(explain(new Error('fetch failed', { cause: refused }))).toContain('npm run local')
    expect(explain(new AggregateError([refused]))).toContain('npm run local')
  })

  it('keeps the message of everything else', () => {
    expect(explain(new Error('There is no case T1'))).toBe('There is no case T1')
    expect(explain('odd')).toBe('odd')
  })
})
