import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { parseCsv } from '#domain/csv.ts'
import { readTable } from '../../../bin/local/erp/csv.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'

function table(text: string) {
  const folder = temporaryFolder('csv')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'customers.csv')
  writeFileSync(file, text)
  return readTable(file, { id: 'customerID', joinSurplusInto: 'address' })
}

it('joins what an unquoted comma has torn apart, and tells', () => {
  const { rows, repaired } = table('customerID,address,city,country\nBLONP,24, place Kléber,Strasbourg,France\n')
  expect(rows).toEqual([
    {
      id: 'BLONP',
      values: { customerID: 'BLONP', address: '24, place Kléber', city: 'Strasbourg', country: 'France' },
    },
  ])
  expect(repaired).toEqual(['customers.csv:2 BLONP: has 1 cells too many; joined into address as "24, place Kléber"'])
})

it('leaves out cells that are empty or say NULL', () => {
  expect(table('customerID,address,city\nA,NULL,\n').rows).toEqual([{ id: 'A', values: { customerID: 'A' } }])
})

it('keeps a row that is too short, and skips one without an id or with an id that was there', () => {
  const { rows, repaired, skipped } = table('customerID,address,city\nA,Street\n,Street,City\nA,Street,City\n')
  expect(rows.map(({ id }) => id)).toEqual(['A'])
  expect(repaired).toHaveLength(1)
  expect(skipped).toEqual(['customers.csv:3 has no customerID', 'customers.csv:4 repeats customerID A'])
})

it.each([
  [
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n"1,2","say ""yes"""\r\n',
    [
      ['a', 'b'],
      ['1,2', 'say "yes"'],
    ],
  ],
  ['\uFEFFa\n"two\nlines"\n', [['a'], ['two\nlines']]],
  [
    'a,b\n1,\n',
    [
      ['a', 'b'],
      ['1', ''],
    ],
  ],
  ['a\n\nb\n', [['a'], ['b']]],
])('reads %j', (text, rows) => {
  expect(parseCsv(text)).toEqual(rows)
})
