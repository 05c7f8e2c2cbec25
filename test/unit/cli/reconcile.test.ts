import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { DifferenceItem } from '#aws/reconciliation/difference-store.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import {
  formatAgreement,
  formatComparison,
  formatDifferences,
} from '../../../bin/commands/reconcile/format-differences.ts'
import { failureOf, whenFree } from '../../../bin/commands/reconcile/invoke-reconciler.ts'
import { readSourceFile } from '../../../bin/commands/reconcile/read-source-file.ts'
import { refuseSenseless } from '../../../bin/commands/reconcile/senseless.ts'
import { sinceOf } from '../../../bin/commands/reconcile/since.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'

const folder = temporaryFolder('source')
afterAll(() => rmSync(folder, { recursive: true }))

async function read(name: string, text: string): Promise<readonly BookRecord[]> {
  const file = join(folder, name)
  writeFileSync(file, text)
  const records: BookRecord[] = []
  for await (const record of readSourceFile(file, 'erp')) records.push(record)
  return records
}

const head = 'case,document,number,onDay,amount,currency,lines'
const record = {
  key: 'shop/sales-order/T1/goods-issue/DN-1',
  posting: 'shop/sales-order/T1/goods-issue/DN-1',
  document: 'goods-issue',
  number: 'DN-1',
  onDay: '2026-11-24',
  company: 'erp',
  standing: 'in-effect',
  sinceMs: Date.UTC(2026, 10, 24),
}

describe("a source's file", () => {
  it('is read as CSV and as JSON lines, with the same records', async () => {
    const csv = `\uFEFF${head}\r\nshop/sales-order/T1,goods-issue,DN-1,2026-11-24,,,1=2; 2=0.5\r\n\r\n`
    const lines = [
      { line: '1', quantity: '2' },
      { line: '2', quantity: '0.5' },
    ]
    const { key: _key, posting: _posting, company: _company, standing: _standing, sinceMs: _sinceMs, ...told } = record
    const json = `${JSON.stringify({ case: 'shop/sales-order/T1', ...told, lines })}\n`
    expect(await read('a.csv', csv)).toEqual([{ ...record, lines }])
    expect(await read('a.jsonl', json)).toEqual([{ ...record, lines }])
  })

  it.each([
    [
      'a.csv',
      `${head}\nshop/sales-order/T1,bill,DN-1,2026-11-24,,,`,
      /^Line 2 of .+a\.csv is not valid: document .+ \(was "bill"\)/,
    ],
    [
      'a.csv',
      `${head}\nshop/sales-order/T1,goods-issue,DN-1,24.11.2026,,,`,
      /Line 2 .+ onDay .+ \(was "24\.11\.2026"\)/,
    ],
    [
      'a.csv',
      `${head}\nT1,goods-issue,DN-1,2026-11-24,,,`,
      /case must be a case, such as shop\/sales-order\/T1001 \(was "T1"\)/,
    ],
    [
      'a.csv',
      `${head}\nshop/sales-order/T1,sales-order,T1,2026-11-24,1.1e3,EUR,`,
      /amount must be a decimal as text.+ \(was "1\.1e3"\)/,
    ],
    ['a.csv', `${head}\nshop/sales-order/T1,sales-order,T1,2026-11-24,10,,`, /currency must be there with an amount/],
    ['a.csv', `${head}\nshop/sales-order/T1,goods-issue,DN-1,2026-11-24`, /^Line 2 of .+: has 4 cells, must have 7$/],
    ['a.csv', 'case,number\nx,1', /^Line 1 of .+ lacks the column document, onDay$/],
    [
      'b.csv',
      `${head}\nT1,goods-issue,DN-1,2026-11-24,,,\nshop/sales-order/T1,goods-issue,DN-1,today,,,`,
      /^Line 2 of .+; Line 3 of .+ onDay .+ \(was "today"\)$/,
    ],
    [
      'b.csv',
      `${head}\n${'x,goods-issue,DN-1,2026-11-24,,,\n'.repeat(12)}`,
      /^Line 2 of .+; Line 11 of [^;]+; and 2 more$/,
    ],
    ['a.jsonl', '{"case":', /^Line 1 of .+a\.jsonl: /],
    ['a.jsonl', '{"case":"a/b/1","document":"goods-issue","number":"1","onDay":"2026-11-24","colour":"red"}', /colour/],
    ['a.txt', '', /must end with \.csv or \.jsonl/],
  ])('is refused with line, field, value and rule: %s %s', async (name, text, message) => {
    await expect(read(name, text)).rejects.toThrow(message)
  })
})

describe('--since', () => {
  const nowMs = Date.UTC(2026, 10, 25, 12)
  it.each([
    ['2026-11-24', Date.UTC(2026, 10, 24)],
    ['2026-11-24T10:00:00Z', Date.UTC(2026, 10, 24, 10)],
    ['3h', nowMs - 3 * 3_600_000],
    ['7d', nowMs - 7 * 86_400_000],
    ['90m', nowMs - 90 * 60_000],
  ])('%s is read', (text, expected) => {
    expect(sinceOf(text, nowMs)).toBe(expected)
  })
  it.each(['yesterday', '2026-13-01', '2026-11-26', '7w', ''])('"%s" is refused', (text) => {
    expect(() => sinceOf(text, nowMs)).toThrow(`--since ${text} must be`)
  })
})

describe('what is printed', () => {
  it('is one difference a line, with what both say and what can be done', () => {
    const item: DifferenceItem = {
      ...{ pk: 'p', sk: 's', content: 'c', status: 'open', firstSeenMs: 0, lastSeenMs: 0 },
      difference: {
        ...{
          class: 'amount',
          key: 'R1',
          document: 'customer-invoice',
          posting: 'shop/sales-order/T1/customer-invoice/DN-1',
        },
        ...{ onDay: '2026-11-24', company: 'erp', currency: 'EUR', amount: '-0.01', erpIds: ['9'] },
        facets: [{ what: 'amount', hub: '44.50', erp: '44.49' }],
        repairs: ['adjust', 'adopt', 'ignore'],
      },
    }
    expect(
      formatDifferences([item], 3 * 3_600_000)
        .split('\n')[1]
        ?.split(/ {2,}/),
    ).toEqual([
      ...['amount', 'shop/sales-order/T1/customer-invoice/DN-1', '-0.01 EUR', '3 h'],
      ...['amount: hub 44.50, erp 44.49', 'adjust, adopt, ignore', 'R1'],
    ])
    expect(formatDifferences([], 0)).toBe('The books agree: there is no difference.')
  })

  it('says of books that agree until when they are compared, and never that of books that nobody has compared', () => {
    const untilMs = Date.UTC(2026, 10, 24, 9)
    expect(formatAgreement(untilMs)).toBe(
      'The books agree: there is no difference until 2026-11-24 09:00:00 UTC, up to where the clock has compared them. --since 1d compares what is younger now.',
    )
    expect(formatAgreement(untilMs, 'refund')).toMatch(/^The books agree on what refund brings: there is no/)
    expect(formatAgreement(undefined)).toMatch(/^The clock has compared nothing yet: .+ npx postonce reconcile --since/)
  })

  it('marks the control totals that differ', () => {
    const row = { document: 'customer-invoice', onDay: '2026-11-24', company: 'erp', currency: 'EUR' }
    const [same, other] = [
      { count: 1, amount: '44.5' },
      { count: 1, amount: '44.49' },
    ]
    const text = formatComparison({
      ...{ isThrough: true, untilMs: 0, documents: 2, gone: 0 },
      totals: [
        { ...row, hub: same, erp: other },
        { ...row, hub: same, erp: same },
      ],
    })
    expect(text.split('\n').filter((line) => line.endsWith('≠'))).toHaveLength(1)
  })

  it('gives amounts all digits of their currency, and leaves out none that they have', () => {
    const row = { document: 'customer-invoice', onDay: '2026-11-24', company: 'erp' }
    const side = (amount: string) => ({ count: 1, amount })
    const text = formatComparison({
      ...{ isThrough: true, untilMs: 0, documents: 2, gone: 0 },
      totals: [
        { ...row, currency: 'EUR', hub: side('230.4'), erp: side('1') },
        { ...row, currency: 'JPY', hub: side('100'), erp: side('100.005') },
      ],
    })
    expect(text).toMatch(/ 230\.40 EUR +1\.00 EUR /)
    expect(text).toMatch(/ 100 JPY +100\.005 JPY /)
  })
})

describe('what makes no sense', () => {
  it('is refused before anything is compared: a flow that there is not, one that brings nothing, --settled alone', () => {
    expect(() => refuseSenseless({ flow: 'goods-isue' })).toThrow('There is no flow goods-isue that')
    expect(() => refuseSenseless({ flow: 'sweep' })).toThrow('There is no flow sweep that')
    expect(() => refuseSenseless({ settled: true })).toThrow('--settled needs --since')
    expect(() => refuseSenseless({ settled: true, since: '1d', flow: 'goods-issue' })).not.toThrow()
  })
})

describe('whoever asks while the function is at work for somebody else', () => {
  it('is told so once and waits, and does not wait for ever', async () => {
    const said: string[] = []
    const patience = { mostTries: 3, pause: async () => {}, say: (text: string) => said.push(text) }
    let busy = 2
    const invoke = async () => {
      if (busy-- > 0) throw new Error('busy')
      return 'answer'
    }
    expect(await whenFree(invoke, () => true, patience)).toBe('answer')
    expect(said).toEqual(['ReconcileBooks is at work for somebody else; waiting for it …'])
    busy = 3
    await expect(whenFree(invoke, () => true, patience)).rejects.toThrow('at work for somebody else; try again')
    busy = 1
    await expect(whenFree(invoke, () => false, patience)).rejects.toThrow('busy')
  })
})

describe('an error of the function that compares', () => {
  it('is told in its own words, without its trace', () => {
    const text = JSON.stringify({
      errorMessage: 'Tryton could not be asked',
      errorType: 'RetryableError',
      trace: ['at x'],
    })
    expect(failureOf(text)).toBe('ReconcileBooks ended with an error: Tryton could not be asked')
    expect(failureOf('gone')).toBe('ReconcileBooks ended with an error: gone')
  })
})
