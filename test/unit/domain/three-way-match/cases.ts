import type * as z from 'zod'
import { matchThreeWay } from '#domain/three-way-match/match.ts'
import { MatchInput } from '#domain/three-way-match/match-input.ts'
import type { MatchResult } from '#domain/three-way-match/match-result.ts'

type Input = z.input<typeof MatchInput>
type Given = Partial<Omit<Input, 'order'>> & { readonly order?: Partial<Input['order']> }

/** An order for ten of P1 at 12.50, in EUR, from S1; what is given replaces it by field. */
export function inputOf({ order, ...given }: Given): Input {
  return {
    order: {
      number: 'PO1',
      supplier: 'S1',
      currency: 'EUR',
      lines: [{ number: '1', item: 'P1', quantity: '10', unitPrice: '12.50' }],
      ...order,
    },
    ...given,
  }
}

export function matchOf(given: Given): MatchResult {
  return matchThreeWay(MatchInput.parse(inputOf(given)))
}

export function receiptOf(quantity: string, number = 'R1') {
  return { number, lines: [{ line: '1', quantity }] }
}

export function invoiceOf(quantity: string, unitPrice = '12.50', number = 'INV-1') {
  return { number, issuedOn: '2026-11-02', lines: [{ line: '1', quantity, unitPrice }] }
}
