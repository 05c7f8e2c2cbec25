import { generateKeyPairSync } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { daysOf } from '../../../bin/commands/audit/days.ts'
import { formatFinding } from '../../../bin/commands/audit/format-finding.ts'
import { readExport, readKey } from '../../../bin/commands/audit/read-files.ts'
import { InputError } from '../../../bin/commands/terminal/explain.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'

const folder = temporaryFolder('audit')
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('what audit verify reads', () => {
  it('is an export whose lines each end with a line break', () => {
    expect(readExport(file('day.jsonl', 'a\nb\n'))).toEqual(['a', 'b'])
  })

  it('is a public key, and nothing else', () => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })
    expect(readKey(file('audit.pem', pem.toString()))).toBe(pem.toString())
    expect(() => readKey(file('empty.pem', ''))).toThrow(/^--key .+empty\.pem must be a public key in PEM/)
    expect(() => readKey(file('day.pem', '{"export":{}}'))).toThrow(InputError)
  })

  it('is not found to be tampered with where it cannot be read', () => {
    expect(() => readExport(join(folder, 'nowhere'))).toThrow(/nowhere cannot be read: ENOENT/)
    expect(() => readExport(join(folder, 'nowhere'))).toThrow(InputError)
    expect(() => readKey(folder)).toThrow(InputError)
  })
})

describe('what audit verify says', () => {
  it('names an entry by its case and place', () => {
    const entry = { what: 'entry', case: 'shop/sales-order/T1', place: 2, day: '2026-11-24' } as const
    expect(formatFinding({ ...entry, kind: 'changed', line: 12 })).toBe(
      'Line 12: the entry shop/sales-order/T1 2 was changed.',
    )
  })

  it('says of a chain that the end of the file lacks only of which day it was', () => {
    expect(formatFinding({ what: 'chain', kind: 'removed', line: 79, day: '2026-11-24' })).toBe(
      'Line 79: the proof of a chain of 2026-11-24 was removed.',
    )
  })

  it('does not say that a chain stands in its own place', () => {
    const chain = { what: 'chain', case: 'shop/sales-order/T1', place: 1, day: '2026-11-24' } as const
    expect(formatFinding({ ...chain, kind: 'reordered', line: 3, found: 'shop/sales-order/T1 1' })).toBe(
      'Line 3: the proof of shop/sales-order/T1 1 is not where it was.',
    )
  })

  it('does not give a strange line the name of the entry that follows it', () => {
    expect(formatFinding({ what: 'line', kind: 'inserted', line: 21, day: '2026-11-24' })).toBe(
      'Line 21: something that is no line of an export was inserted.',
    )
  })

  it('leaves open whether a seal was changed or is under another key', () => {
    expect(formatFinding({ what: 'seal', kind: 'changed', line: 2, day: '2026-11-24' })).toBe(
      'Line 2: the seal of 2026-11-24 was changed, or --key is not the key that signed it.',
    )
  })
})

describe('the days that are exported', () => {
  it.each([
    [{}, { from: '2026-11-24', to: '2026-11-24' }],
    [{ day: '2026-11-20' }, { from: '2026-11-20', to: '2026-11-20' }],
    [{ from: '2026-11-20' }, { from: '2026-11-20', to: '2026-11-20' }],
    [
      { from: '2026-11-20', to: '2026-11-22' },
      { from: '2026-11-20', to: '2026-11-22' },
    ],
  ])('of %j', (given, days) => {
    expect(daysOf(given, '2026-11-24')).toEqual(days)
  })

  it.each([
    [{ day: '2026-11-20', from: '2026-11-19' }, '--day is one day; it goes with neither --from nor --to.'],
    [{ to: '2026-11-20' }, '--to needs --from.'],
    [{ from: '2026-11-21', to: '2026-11-20' }, '--from 2026-11-21 is after --to 2026-11-20.'],
  ])('are not guessed of %j', (given, message) => {
    expect(() => daysOf(given, '2026-11-24')).toThrow(message)
  })
})
