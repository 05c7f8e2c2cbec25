import { describe, expect, it } from 'vitest'
import { PurchaseOrder, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { type CaseBill, type MatchInCase, matchInCase } from '#domain/purchase/match-in-case.ts'
import { TolerancePolicy } from '#domain/three-way-match/tolerance.ts'

const order = PurchaseOrder.parse({
  number: 'R-1',
  supplier: 'S1',
  currency: 'EUR',
  lines: [{ number: '1', item: 'P01', quantity: '10', unitPrice: '5.00' }],
})
type Given = Partial<CaseBill> & { lines?: readonly unknown[]; more?: Readonly<Record<string, unknown>> }
const fields = (number: string, quantity: string, { lines, more }: Given) => ({
  number,
  issuedOn: '2026-11-10',
  lines: lines ?? [{ line: '1', quantity, unitPrice: '5.00' }],
  ...more,
})
const stands = ({ isPosted = false, isDuplicate = false }: Given) => ({ isPosted, isDuplicate })
const invoice = (number: string, quantity: string, given: Given = {}): CaseBill => ({
  ...stands(given),
  kind: 'supplier-invoice',
  document: SupplierInvoice.parse(fields(number, quantity, given)),
})
const creditNote = (number: string, quantity: string, given: Given & { isAccepted?: boolean } = {}): CaseBill => ({
  ...stands(given),
  kind: 'supplier-credit-note',
  isAccepted: given.isAccepted ?? false,
  document: SupplierCreditNote.parse(fields(number, quantity, given)),
})
const receipt = (quantity: string) => [{ number: 'DN-1', lines: [{ line: '1', quantity }] }]
const match = (own: CaseBill, more: Partial<MatchInCase> = {}) =>
  matchInCase({
    order,
    tolerances: TolerancePolicy.parse({}),
    receipts: receipt('10'),
    returns: [],
    isEnded: false,
    others: [],
    ...more,
    own,
  })

describe('a supplier’s document within its case', () => {
  it.each<[string, ReturnType<typeof matchInCase>, Partial<ReturnType<typeof matchInCase>>]>([
    ['matches what was received', match(invoice('A', '10')), { outcome: 'matched', payable: '50.00', summary: '' }],
    ['waits for goods', match(invoice('A', '10'), { receipts: [] }), { outcome: 'missing-receipt' }],
    [
      'no longer waits for goods once the order has ended',
      match(invoice('A', '10'), { receipts: [], isEnded: true }),
      { outcome: 'quantity-variance', summary: expect.stringContaining('nothing further is to come') },
    ],
    [
      'no longer waits for the rest, whatever the policy says, once the order has ended',
      match(invoice('A', '10'), {
        receipts: receipt('6'),
        isEnded: true,
        tolerances: TolerancePolicy.parse({ partlyReceived: 'missing-receipt' }),
      }),
      { outcome: 'quantity-variance' },
    ],
    [
      'comes after what is posted, whatever its date',
      match(invoice('A', '10', { more: { issuedOn: '2026-11-01' } }), {
        others: [invoice('B', '10', { isPosted: true })],
      }),
      { outcome: 'over-invoiced' },
    ],
    [
      'comes before a later one that is not posted',
      match(invoice('A', '10', { more: { issuedOn: '2026-11-01' } }), { others: [invoice('B', '10')] }),
      { outcome: 'matched' },
    ],
    [
      'is not lowered by a credit note that nobody has checked',
      match(invoice('A', '12'), { others: [creditNote('C', '2')] }),
      { outcome: 'over-invoiced' },
    ],
    [
      'is lowered by one that matched',
      match(invoice('A', '12'), { others: [creditNote('C', '2', { isAccepted: true })] }),
      { outcome: 'matched' },
    ],
    [
      'has a number that was used elsewhere',
      match(invoice('inv 1', '10'), { usedBefore: { number: 'INV-1', where: 'erp/purchase-requisition/R-0' } }),
      {
        outcome: 'duplicate-number',
        isBookable: true,
        summary:
          'The number inv 1 of this supplier was there before as INV-1; the document is not counted. It was used in erp/purchase-requisition/R-0.',
      },
    ],
    [
      'has its number although a later claim to it stands in the case',
      match(invoice('INV-1', '10'), {
        others: [invoice('inv 1', '10', { isDuplicate: true, more: { issuedOn: '2026-11-01' } })],
      }),
      { outcome: 'matched' },
    ],
    [
      'has its number before the other that has it too was matched',
      match(invoice('INV-1', '10'), { others: [invoice('inv 1', '10', { more: { issuedOn: '2026-11-01' } })] }),
      { outcome: 'matched' },
    ],
    [
      'has what was received, although another whose number was used before would take it up',
      match(invoice('B', '10'), {
        others: [invoice('A', '10', { isDuplicate: true, more: { issuedOn: '2026-11-01' } })],
      }),
      { outcome: 'matched' },
    ],
    [
      'of another currency cannot be booked',
      match(invoice('A', '10', { more: { currency: 'USD' } })),
      { outcome: 'wrong-currency', isBookable: false },
    ],
    [
      'with a line that was not ordered cannot be booked',
      match(invoice('A', '10', { lines: [{ item: 'P99', quantity: '1', unitPrice: '1' }] })),
      { outcome: 'unknown-line', isBookable: false },
    ],
    [
      'of another supplier can, when a person knows better',
      match(invoice('A', '10', { more: { supplier: 'DE123456789' } })),
      { outcome: 'unknown-line', isBookable: true },
    ],
    [
      'of which a part was paid in advance is for a person, and booked by hand',
      match(invoice('A', '10', { more: { prepaid: '20.00' } })),
      { outcome: 'price-variance', isBookable: false, payable: '30.00' },
    ],
    [
      'credits what was invoiced and went back',
      match(creditNote('C', '2'), {
        returns: [{ number: 'RT-1', lines: [{ line: '1', quantity: '2' }] }],
        others: [invoice('A', '10', { isPosted: true })],
      }),
      { outcome: 'matched', payable: '10.00' },
    ],
    [
      'credits no more than was invoiced, over all that is credited',
      match(creditNote('C', '2', { more: { issuedOn: '2026-11-01' } }), {
        others: [invoice('A', '10', { isPosted: true }), creditNote('D', '9', { isPosted: true, isAccepted: true })],
      }),
      { outcome: 'quantity-variance' },
    ],
  ])('%s', (_what, result, expected) => {
    expect(result).toMatchObject(expected)
  })

  it('says of many differences the first three, and how many more there are', () => {
    const lines = ['1', '2', '3', '4', '5'].map((number) => ({
      number,
      item: `X${number}`,
      quantity: '1',
      unitPrice: '1',
    }))
    const { summary } = match(invoice('A', '1', { lines }))
    expect(summary).toMatch(/^Line 1: .* Line 2: .* Line 3: .* And 2 more\.$/)
  })
})
