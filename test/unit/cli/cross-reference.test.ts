import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readCrossReferences } from '../../../bin/commands/cross-reference/read-rows.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'

const folder = temporaryFolder('cli')
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(text: string): string {
  const file = join(folder, 'ids.csv')
  writeFileSync(file, text)
  return file
}

describe('importing cross-references', () => {
  it('takes the four columns in any order, quoted or not, and leaves others alone', () => {
    const file = fileOf(
      'note,kind,system,id,erpId\n"a, b",customer,shop,"C 1",12\r\n,item,shop,P01,7\n,supplier,shop,S001,9\n,purchase-tax,shop,20,4\n',
    )
    expect(readCrossReferences(file)).toEqual([
      { system: 'shop', kind: 'customer', id: 'C 1', erpId: '12' },
      { system: 'shop', kind: 'item', id: 'P01', erpId: '7' },
      { system: 'shop', kind: 'supplier', id: 'S001', erpId: '9' },
      { system: 'shop', kind: 'purchase-tax', id: '20', erpId: '4' },
    ])
  })

  it('names row, column, value and rule, so that nothing is written by half', () => {
    const file = fileOf('system,kind,id,erpId\nshop,customer,C1,12\nshop,vendor,V1,\n')
    expect(() => readCrossReferences(file)).toThrow(/^Row 3 of .*kind "vendor": .*erpId "": must not be empty/)
  })

  it('names a column that is missing', () => {
    expect(() => readCrossReferences(fileOf('system,kind,id\n'))).toThrow(/lacks the column erpId/)
  })
})
