import { describe, expect, it } from 'vitest'
import { purchaseBooksOf } from '#domain/purchase/books.ts'

const posted = (kind: string, number: string, quantity?: string, amount?: string) => ({
  kind,
  number,
  status: 'posted' as const,
  document: { id: number, amount, lines: quantity === undefined ? [] : [{ line: '1', quantity }] },
})
const lines = [{ line: '1', quantity: '10' }]
const order = posted('purchase-order', 'PO-1')

describe('the books of a purchase', () => {
  it.each([
    ['nothing', [], { isOrdered: false, isReceived: false, isBilled: true }],
    ['an order', [order], { isOrdered: true, hasReceived: false, isReceived: false }],
    ['a part', [order, posted('goods-receipt', 'A', '4')], { hasReceived: true, isReceived: false, isBilled: false }],
    [
      'all of it in two parts, billed together',
      [
        order,
        posted('goods-receipt', 'A', '4'),
        posted('goods-receipt', 'B', '6'),
        posted('supplier-invoice', 'I', '10', '9'),
      ],
      { isReceived: true, isBilled: true },
    ],
    ['more than ordered', [order, posted('goods-receipt', 'A', '12')], { isReceived: true, isBilled: false }],
    [
      'what goes back need not be billed',
      [
        order,
        posted('goods-receipt', 'A', '10'),
        posted('supplier-return', 'R', '2'),
        posted('supplier-invoice', 'I', '8', '9'),
      ],
      { isReceived: true, isBilled: true },
    ],
    [
      'what is credited is not billed',
      [
        order,
        posted('goods-receipt', 'A', '10'),
        posted('supplier-invoice', 'I', '10', '9'),
        posted('supplier-credit-note', 'C', '1', '1'),
      ],
      { isBilled: false },
    ],
    ['a short close', [order, posted('purchase-order-closing', 'PO-1')], { isClosed: true, isReceived: true }],
    ['a cancellation', [order, posted('purchase-order-cancellation', 'PO-1')], { isCancelled: true, isReceived: true }],
  ])('with %s', (_what, postings, expected) => {
    expect(purchaseBooksOf(lines, postings)).toMatchObject(expected)
  })

  it.each([
    ['a service is not waited for, but its invoice is', { isService: true }, { isReceived: true, isBilled: false }],
    ['what is free is received, and no invoice is waited for', { isFree: true }, { isReceived: false, isBilled: true }],
  ])('%s', (_what, more, expected) => {
    expect(purchaseBooksOf([{ line: '1', quantity: '10', ...more }], [order])).toMatchObject(expected)
  })

  it('count what a posting that is not posted says for nothing', () => {
    const claimed = { ...posted('goods-receipt', 'A', '10'), status: 'claimed' as const }
    expect(purchaseBooksOf(lines, [order, claimed])).toMatchObject({ hasReceived: false })
  })

  it('settle an invoice over the bank and over the account, where a credit note has left something', () => {
    const postings = [
      ...[posted('supplier-invoice', '2026/1', '10', '100.00'), posted('supplier-credit-note', 'C', '1', '10.00')],
      posted('supplier-payment-allocation', 'supplier-credit-note/C/0+10'),
      posted('supplier-payment-allocation', 'supplier-invoice/2026/1/0+4'),
      posted('supplier-payment', 'supplier-invoice/2026/1/4+50'),
    ]
    const books = purchaseBooksOf(lines, postings)
    expect(books.invoices).toEqual([{ number: '2026/1', amount: '100.00', allocated: '54', open: '46' }])
    expect(books.creditNotes).toEqual([{ number: 'C', amount: '10.00', allocated: '10', open: '0' }])
    expect(books.onAccount).toBe('6')
  })

  it('refuse an invoice that was posted without its amount, which would count as paid', () => {
    expect(() => purchaseBooksOf(lines, [posted('supplier-invoice', 'I', '1')])).toThrow('without its amount')
  })
})
