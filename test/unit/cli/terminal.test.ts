import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { exitCodeOf, leaveExitToUs } from '../../../bin/commands/terminal/exit-code.ts'
import { CommandError, explain, InputError } from '../../../bin/commands/terminal/explain.ts'
import { formatMoney } from '../../../bin/commands/terminal/money.ts'
import { readOptions } from '../../../bin/commands/terminal/options.ts'
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

describe('an amount', () => {
  it.each([
    ['1', 'EUR', '1.00 EUR'],
    ['-35.76', 'EUR', '-35.76 EUR'],
    ['10.005', 'EUR', '10.005 EUR'],
    ['100', 'JPY', '100 JPY'],
    ['7', undefined, '7'],
    [undefined, 'EUR', ''],
  ])('of %s %s reads %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency)).toBe(text)
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

describe('an option that is not valid', () => {
  const Options = z.object({ status: z.enum(['open', 'failed']).optional(), limitOf: z.coerce.number().int().min(1) })

  it('is told with its value and the rule', () => {
    expect(readOptions(Options, { status: 'open', limitOf: '3' })).toEqual({ status: 'open', limitOf: 3 })
    expect(() => readOptions(Options, { status: 'bogus', limitOf: '3' })).toThrow(
      '--status must be one of "open", "failed" (was "bogus")',
    )
    expect(() => readOptions(Options, { limitOf: 'x' })).toThrow('--limit-of must be a number (was "x")')
    expect(() => readOptions(Options, { limitOf: '0' })).toThrow('--limit-of must be at least 1 (was "0")')
  })
})

describe('the exit code', () => {
  const program = () => {
    const verb = new Command('verb').requiredOption('--reason <text>')
    const parent = new Command('postonce').addCommand(new Command('audit').addCommand(verb))
    for (const one of [parent, ...parent.commands, verb])
      one.configureOutput({ writeErr: () => {}, writeOut: () => {} })
    leaveExitToUs(parent)
    return parent
  }

  it.each([
    [['bogus'], 2],
    [['audit', 'verb'], 2],
    [['audit', 'verb', '--bogus'], 2],
    [['audit', '--help'], 0],
  ])('of postonce %j is %i, and never the 1 of what was found', async (words, code) => {
    const error = await program()
      .parseAsync(words, { from: 'user' })
      .catch((thrown: unknown) => thrown)
    expect(exitCodeOf(error)).toBe(code)
  })

  it('is 2 for what cannot be read as well, and 1 for whatever else went wrong', () => {
    expect(exitCodeOf(new InputError('x'))).toBe(2)
    expect(exitCodeOf(new CommandError('x'))).toBe(1)
  })
})
