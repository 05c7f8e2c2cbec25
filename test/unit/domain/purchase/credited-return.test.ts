import { describe, expect, it } from 'vitest'
import type { PostingFacts } from '#domain/posted-documents.ts'
import { creditedReturn } from '#domain/purchase/credited-return.ts'

const posting = (kind: string, number: string, line: string, quantity: string): PostingFacts => ({
  kind,
  number,
  status: 'posted',
  document: { id: number, lines: [{ line, quantity }] },
})
const three = posting('supplier-return', 'R1', '1', '3')
const five = posting('supplier-return', 'R2', '1', '5')
const of = (line: string, quantity?: string) => [{ line, quantity }]

describe('the return that a credit note credits', () => {
  it.each<[string, readonly PostingFacts[], ReturnType<typeof of>, string | undefined]>([
    ['is the one that went back', [three], of('1', '3'), 'R1'],
    ['has at least as many', [three, five], of('1', '4'), 'R2'],
    [
      'is none that is credited already',
      [three, five, posting('supplier-credit-note', 'A', '1', '3')],
      of('1', '3'),
      'R2',
    ],
    ['is none for another line', [three], of('2', '1'), undefined],
    ['is none for an amount', [three], of('1'), undefined],
    ['is none that is not posted', [{ ...three, status: 'claimed' }], of('1', '3'), undefined],
    [
      'is the same once it is posted',
      [three, five, posting('supplier-credit-note', 'C', '1', '3')],
      of('1', '3'),
      'R1',
    ],
  ])('%s', (_what, postings, lines, expected) => {
    expect(creditedReturn(postings, 'C', lines)).toBe(expected)
  })
})
