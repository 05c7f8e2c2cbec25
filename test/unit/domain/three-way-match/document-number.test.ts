import { describe, expect, it } from 'vitest'
import { numberRegister } from '#domain/three-way-match/document-number.ts'

const rows: readonly (readonly [string, string, 'same' | 'another'])[] = [
  ['INV-1', 'INV-1', 'same'],
  ['INV-1', 'inv-1', 'same'],
  ['INV-1', ' INV 1 ', 'same'],
  ['INV-1', 'INV/1', 'same'],
  ['INV-1', 'INV.1', 'same'],
  ['INV-1', 'INV_1', 'same'],
  ['INV-1', 'INV#1', 'same'],
  ['INV-1', 'INV–1', 'same'],
  ['INV-1', 'INV1', 'same'],
  ['INV-1', 'INV-0001', 'same'],
  ['INV-1', 'ＩＮＶ-１', 'same'],
  ['0042', '42', 'same'],
  ['2024-001', '2024-1', 'same'],
  ['2024-001', '2024001', 'same'],
  ['INV 2024/001', 'inv2024001', 'same'],
  ['INV-1', 'INV-2', 'another'],
  ['INV-1', 'INV-10', 'another'],
  ['INV-1', 'INV-1A', 'another'],
  ['INV-1', 'RE-1', 'another'],
  ['INV-1', '1', 'another'],
  ['100', '1', 'another'],
  ['0', '00', 'same'],
  ['--', '//', 'another'],
]

describe("a supplier's document number", () => {
  it.each(rows)('%s and %s are %s', (one, other, verdict) => {
    const seenBefore = numberRegister()
    expect(seenBefore(one)).toBeUndefined()
    expect(seenBefore(other)).toBe(verdict === 'same' ? one : undefined)
  })
})
