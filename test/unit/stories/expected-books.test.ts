import { describe, expect, it } from 'vitest'
import { differencesOf } from '../../cloud/stories/differences.ts'
import { expectedBooks } from '../../cloud/stories/oracle/expected-books.ts'
import type { Told } from '../../cloud/stories/oracle/told.ts'
import type { Happening, OrderVersion, Story } from '../../cloud/stories/story.ts'

/** 2 × 10.00 and 1 × 4.00 with 20 %, freight 5.00 without tax: 33.80 in all. */
const order: OrderVersion = {
  version: 1,
  lines: [
    { number: '10', item: 'P01', quantity: '2', unitPrice: '10.00', taxCode: 'standard' },
    { number: '20', item: 'P02', quantity: '1', unitPrice: '4.00', taxCode: 'standard' },
  ],
  freight: '5.00',
}
const submitted: Happening = { kind: 'order', order }
const issue = (number: string, lines?: readonly { line: string; quantity: string }[]): Happening => ({
  kind: 'goods-issue',
  number,
  ...(lines && { lines }),
})
const payment = (amount: string): Happening => ({ kind: 'payment', number: 'PAY', amount })
const storyOf = (...happenings: Happening[]): Story => ({
  index: 1,
  number: 'T1',
  customer: 'K1',
  title: '',
  acts: [happenings],
})
/** Statements in the order in which the hub made them. */
const toldInOrder = (...said: readonly (readonly [type: string, about?: string, amount?: string])[]): readonly Told[] =>
  [['SalesOrderCreated', '', '33.80'] as const, ...said].map(([type, about = '', amount], index) => ({
    type,
    about,
    amount,
    atMs: index,
  }))

describe("the oracle's books", () => {
  it('of an order that is delivered and paid in full are even', () => {
    const { books, status, wrong } = expectedBooks(
      storyOf(submitted, issue('DN'), payment('33.80')),
      toldInOrder(['CustomerInvoiceCreated', 'DN'], ['IncomingPaymentPosted', 'PAY']),
    )
    expect(status).toBe('completed')
    expect(wrong).toEqual([])
    expect(books).toEqual({
      sales: 1,
      deliveries: ['P01 2, P02 1'],
      returns: [],
      invoices: ['33.80'],
      creditNotes: [],
      incoming: ['33.80'],
      outgoing: [],
      receivable: '0.00',
      onAccount: '0.00',
      gone: { P01: '2', P02: '1' },
    })
  })

  it('have the freight on the invoice that the hub told of first', () => {
    const story = storyOf(submitted, issue('A', [{ line: '10', quantity: '1' }]), issue('B'))
    const first = (one: string, other: string) =>
      expectedBooks(story, toldInOrder(['CustomerInvoiceCreated', one], ['CustomerInvoiceCreated', other])).books
        .invoices
    expect(first('A', 'B')).toEqual(['16.80', '17.00'])
    expect(first('B', 'A')).toEqual(['12.00', '21.80'])
  })

  it('of a return with its refund pay out what was credited', () => {
    const story = storyOf(
      submitted,
      issue('DN'),
      payment('33.80'),
      { kind: 'return', number: 'RET', lines: [{ line: '10', quantity: '1' }] },
      { kind: 'refund', number: 'RF', of: 'return', return: 'RET' },
    )
    const said = [
      ['CustomerInvoiceCreated', 'DN'],
      ['IncomingPaymentPosted', 'PAY'],
      ['CreditNoteCreated', 'goods-return/RET'],
    ] as const
    const { books, status, wrong } = expectedBooks(
      story,
      toldInOrder(...said, ['OutgoingPaymentPosted', 'RF/0+12', '12.00']),
    )
    expect([status, wrong]).toEqual(['completed', []])
    expect(books).toMatchObject({ sales: 2, creditNotes: ['12.00'], outgoing: ['12.00'], gone: { P01: '1', P02: '1' } })

    expect(expectedBooks(story, toldInOrder(...said)).wrong).toEqual([
      '12.00 is due to the customer and was not paid out',
    ])
    const tooMuch = toldInOrder(...said, ['OutgoingPaymentPosted', 'RF/0+12.01', '12.01'])
    expect(expectedBooks(story, tooMuch).wrong).toEqual([
      'RF/0+12.01 pays out 12.01 when the customer had 12.00',
      '12.01 was paid out for goods-return/RET, at most 12.00 is due',
    ])
  })

  it('let the credit of an unpaid invoice settle it first', () => {
    const story = storyOf(submitted, issue('DN'), payment('30.00'), {
      kind: 'refund',
      number: 'RF',
      of: 'amount',
      amount: '10.00',
    })
    const { books, wrong } = expectedBooks(
      story,
      toldInOrder(
        ['CustomerInvoiceCreated', 'DN'],
        ['IncomingPaymentPosted', 'PAY'],
        ['CreditNoteCreated', 'refund/RF'],
        ['OutgoingPaymentPosted', 'RF/0+6.2', '6.20'],
      ),
    )
    expect(wrong).toEqual([])
    expect(books).toMatchObject({ creditNotes: ['10.00'], outgoing: ['6.20'], receivable: '0.00', sales: 2 })
  })

  it('credit no more than is invoiced, although parts round up to a cent more', () => {
    // 3 × 0.33 with 5 %: 0.99 and 0.05 (0.0495); each alone is 0.33 and 0.02 (0.0165).
    const small: OrderVersion = {
      version: 1,
      lines: [{ number: '10', item: 'P01', quantity: '3', unitPrice: '0.33', taxCode: 'reduced' }],
    }
    const back = (number: string): Happening => ({ kind: 'return', number, lines: [{ line: '10', quantity: '1' }] })
    const story = storyOf({ kind: 'order', order: small }, issue('DN'), back('A'), back('B'), back('C'))
    const { books, wrong } = expectedBooks(
      story,
      toldInOrder(
        ['CustomerInvoiceCreated', 'DN'],
        ['CreditNoteCreated', 'goods-return/C'],
        ['CreditNoteCreated', 'goods-return/B'],
        ['CreditNoteCreated', 'goods-return/A'],
      ),
    )
    expect(wrong).toEqual([])
    expect(books).toMatchObject({ invoices: ['1.04'], creditNotes: ['0.34', '0.35', '0.35'], receivable: '0.00' })
  })

  it('believe the hub in a change against goods, by the total that it created or the version that it amended to', () => {
    const changed: OrderVersion = { ...order, version: 2, lines: order.lines.slice(0, 1) }
    const story = storyOf(submitted, { kind: 'order', order: changed }, issue('DN'))
    const invoiced = ['CustomerInvoiceCreated', 'DN'] as const
    expect(expectedBooks(story, toldInOrder(invoiced)).books).toMatchObject({ invoices: ['33.80'], sales: 1 })
    const amended = toldInOrder(['SalesOrderAmended', '2'], invoiced)
    expect(expectedBooks(story, amended).books).toMatchObject({ invoices: ['29.00'], sales: 2 })
  })

  it('believe the hub in a cancellation against goods, and ask for a person when the goods lose', () => {
    const story = storyOf(submitted, issue('DN', [{ line: '10', quantity: '1' }]), {
      kind: 'cancellation',
      number: 'C',
    })
    const refused = toldInOrder(
      ['CustomerInvoiceCreated', 'DN'],
      ['SalesOrderCancellationRefused', 'cancellation/C'],
      ['SalesOrderClosingPosted', ''],
    )
    expect(expectedBooks(story, refused)).toMatchObject({ status: 'open', books: { invoices: ['17.00'] }, wrong: [] })
    const cancelled = expectedBooks(story, toldInOrder(['SalesOrderCancellationPosted', 'C']))
    expect(cancelled).toMatchObject({ status: 'rejected', refused: { code: 'NOTHING_TO_DELIVER', owner: 'warehouse' } })
    expect(cancelled.books).toMatchObject({ invoices: [], deliveries: [], sales: 1 })
  })

  it('do not believe that an order was cancelled of which nobody has told', () => {
    const story = storyOf(submitted, { kind: 'cancellation', number: 'C' }, payment('33.80'))
    const expected = expectedBooks(story, toldInOrder(['IncomingPaymentPosted', 'PAY']))
    expect(expected.wrong).toEqual(['SalesOrderCancellationPosted was not told'])
    expect(expected.books).toMatchObject({ receivable: '-33.80', onAccount: '33.80' })
  })

  it('differ from books in which one number is another', () => {
    const { books } = expectedBooks(storyOf(submitted, issue('DN')), toldInOrder(['CustomerInvoiceCreated', 'DN']))
    expect(differencesOf(books, books)).toEqual([])
    const changes = [
      [{ sales: 2 }, 'sales: 2, should be 1'],
      [{ invoices: ['33.80', '33.80'] }, 'invoices: 33.80 | 33.80, should be 33.80'],
      [{ receivable: '33.81' }, 'receivable: 33.81, should be 33.80'],
      [{ onAccount: '0.01' }, 'on account: 0.01, should be 0.00'],
      [{ incoming: ['1.00'] }, 'incoming: 1.00, should be none'],
      [{ deliveries: ['P01 1, P02 1'] }, 'deliveries: P01 1, P02 1, should be P01 2, P02 1'],
      [{ gone: { P01: '1', P02: '1' } }, 'gone: P01 1, P02 1, should be P01 2, P02 1'],
    ] as const
    for (const [change, difference] of changes)
      expect(differencesOf({ ...books, ...change }, books)).toEqual([difference])
  })
})
