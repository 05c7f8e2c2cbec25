import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { matchThreeWay } from '#domain/three-way-match/match.ts'
import { MatchResult } from '#domain/three-way-match/match-result.ts'
import { outcomes } from '#domain/three-way-match/outcome.ts'
import { quantityTable } from '#domain/three-way-match/quantity-table.ts'
import { TolerancePolicy } from '#domain/three-way-match/tolerance.ts'
import { readMatchFile } from '../../../bin/commands/match/read-match-file.ts'
import { InputError } from '../../../bin/commands/terminal/explain.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'

const page = readFileSync(new URL('../../../docs/match.md', import.meta.url), 'utf8')
const [example = '', policy = ''] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json ?? '')
const folder = temporaryFolder('match')
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(text: string): string {
  const file = join(folder, 'match.json')
  writeFileSync(file, text)
  return file
}

const order =
  '{"number":"PO1","supplier":"S1","currency":"EUR","lines":[{"number":1,"quantity":1.10,"unitPrice":9.80}]}'

describe('docs/match.md', () => {
  it('has an example that comes out as it says', () => {
    const result = matchThreeWay(readMatchFile(fileOf(example)))
    expect(MatchResult.parse(result)).toEqual(result)
    expect(result.lines.map(({ outcome }) => outcome)).toEqual(['matched', 'price-variance'])
    expect(result.invoices[0]?.findings.map(({ rule }) => rule)).toEqual(['price'])
  })

  it('has a policy that the schema takes, and names every rule of it', () => {
    expect(TolerancePolicy.safeParse(JSON.parse(policy)).error?.issues ?? []).toEqual([])
    for (const rule of Object.keys(TolerancePolicy.shape)) expect(page).toContain(`| \`${rule}\` |`)
  })

  it('has the outcomes and the quantity table as the code has them', () => {
    const [byWorst = '', byQuantity = ''] = page.split('Quantities are judged by this table')
    const named = (text: string, column: RegExp) => [...text.matchAll(column)].map(([, outcome]) => outcome)
    expect(named(byWorst.split('## Outcomes')[1] ?? '', /^\| `([a-z-]+)` \|/gm)).toEqual([...outcomes])
    expect(named(byQuantity, /^\| \d \|.*\| `([a-z-]+)` \|$/gm)).toEqual(quantityTable.map(({ outcome }) => outcome))
  })
})

describe('a match file', () => {
  it('keeps the digits of a number as they stand', () => {
    const input = readMatchFile(fileOf(`\uFEFF{"order":${order}}`))
    expect(input.order.lines[0]).toMatchObject({ number: '1', quantity: '1.10', unitPrice: '9.80' })
  })

  it('takes what is null as what is not given, unless it has to be', () => {
    const given = `{"order":${order.replace('"quantity"', '"taxRate":null,"quantity"')},"receipts":null,"tolerances":null}`
    expect(readMatchFile(fileOf(given))).toEqual(readMatchFile(fileOf(`{"order":${order}}`)))
    expect(() => readMatchFile(fileOf(given.replace('"PO1"', 'null')))).toThrow(/order\.number .*\(was missing\)/)
  })

  it.each([
    ['is not JSON', '{', /is not JSON/],
    ['lacks the order', '{}', /order .*\(was missing\)/],
    ['has a number with an exponent', `{"order":${order.replace('9.80', '1e3')}}`, /order\.lines\[0\]\.unitPrice must be a decimal .*\(was "1e3"\)/],
    ['has a field that nobody knows', `{"order":${order},"tolerances":{"price":{"pct":2}}}`, /tolerances\.price\.pct is a field that is not known here \(was "2"\)/],
    ['has a box in rounded parts', `{"order":${order.replace('"quantity"', '"units":[{"unit":"piece","per":0.0833}],"quantity"')}}`, /units\[0\]\.per must be exact: .*\(was "0\.0833"\)/],
    ['has a supplier that is none', `{"order":${order.replace('"S1"', '{}')}}`, /order\.supplier must be an id such as "S1"/],
    ['has a receipt twice', `{"order":${order},"receipts":[${'{"number":"R1","lines":[{"line":1,"quantity":1}]},'.repeat(2).slice(0, -1)}]}`, /receipts\[1\]\.number must be there once/],
    ['has an invoice without a number', `{"order":${order},"invoices":[{"lines":[{"line":1,"amount":1}]}]}`, /invoices\[0\]\.number must be there \(was missing\)/],
    ['has no list of receipts', `{"order":${order},"receipts":{"number":"R1"}}`, /receipts must be a list .* \(was \{"number":"R1"\}\)/],
    ['has a number that is empty', `{"order":${order.replace('"PO1"', '""')}}`, /: order\.number must not be empty \(was ""\)$/],
    ['has more digits than are kept', `{"order":${order},"receipts":[{"number":"R1","lines":[{"line":"1","quantity":"1234567890123456789"}]}]}`, /quantity must be a decimal as text, .+ at most 18 digits before the point and 30 after it \(was "1234567890123456789"\)/],
    ['has a policy that there is not', `{"order":${order},"tolerances":{"buyersFavour":"yes"}}`, /tolerances\.buyersFavour must be one of "matched", "price-variance" \(was "yes"\)/],
    ['has a receipt of nothing', `{"order":${order},"receipts":[{"number":"R1","lines":[]}]}`, /receipts\[0\]\.lines must have at least 1 \(was \[\]\)/],
    ['has a day that is none', `{"order":${order},"invoices":[{"number":"I","issuedOn":"2.11.","lines":[{"line":1,"amount":1}]}]}`, /issuedOn must be a date such as .* \(was "2\.11\."\)/],
    ['has a line without a price', `{"order":${order},"invoices":[{"number":"I","lines":[{"line":1,"quantity":1}]}]}`, /invoices\[0\]\.lines\[0\] must have an amount, or a quantity and a unitPrice/],
  ])('that %s is refused by field, value and rule', (_case, text, message) => {
    const read = () => readMatchFile(fileOf(text))
    expect(read).toThrow(message)
    expect(read).toThrow(InputError)
  }) // biome-ignore format: a table

  it('that is not there is refused by name', () => {
    expect(() => readMatchFile(join(folder, 'none.json'))).toThrow(/none\.json cannot be read/)
  })
})
