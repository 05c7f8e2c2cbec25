import { describe, expect, it } from 'vitest'
import { readUbl } from '#ubl/read-ubl.ts'
import { fixed } from '../../cloud/stories/oracle/decimal.ts'
import type { Told } from '../../cloud/stories/oracle/told.ts'
import { drawPurchase } from '../../cloud/stories/purchases/draw.ts'
import { grossOf, netOf } from '../../cloud/stories/purchases/oracle/amounts.ts'
import { isBill } from '../../cloud/stories/purchases/oracle/billed.ts'
import { mayEndBeforeItsChange } from '../../cloud/stories/purchases/oracle/decided.ts'
import { expectedPurchase } from '../../cloud/stories/purchases/oracle/expected.ts'
import {
  type BilledLine,
  currencies,
  type Happening,
  type PurchaseStory,
  type Requisition,
} from '../../cloud/stories/purchases/story.ts'
import { ublOf } from '../../cloud/stories/purchases/ubl.ts'

/** 10 × 10.00 with 20 % and 4 × 2.50 without tax: 110.00 net, 130.00 in all. */
const order: Requisition = {
  version: 1,
  lines: [
    { number: '10', item: 'P01', quantity: '10', unitPrice: '10.00', taxRate: '20' },
    { number: '20', item: 'P02', quantity: '4', unitPrice: '2.50', taxRate: '0' },
  ],
}
const requested: Happening = { kind: 'requisition', order }
const received: Happening = { kind: 'goods-receipt', number: 'DN' }
const cups = (quantity: string, unitPrice = '10.00'): BilledLine => ({
  ...{ line: '10', quantity, unitPrice, taxRate: '20' },
})
const lamps: BilledLine = { line: '20', quantity: '4', unitPrice: '2.50', taxRate: '0' }
const invoice = (lines: readonly BilledLine[], more: Partial<Extract<Happening, { kind: 'supplier-invoice' }>> = {}) =>
  ({ kind: 'supplier-invoice', number: 'INV', taxIsOf: 'document', dueInDays: 0, lines, ...more }) as const
const credit = (lines: readonly BilledLine[]) =>
  ({ kind: 'supplier-credit-note', of: 'quantity', number: 'CN', taxIsOf: 'document', lines }) as const
const back: Happening = { kind: 'supplier-return', number: 'RET', lines: [{ line: '10', quantity: '2' }] }

const storyOf = (...acts: (readonly Happening[])[]): PurchaseStory => ({
  ...{ index: 1, number: 'P1', supplier: 'S1', currency: 'EUR', title: '', acts },
})
const told = (...said: readonly (readonly [type: string, about: string, amount?: string])[]): readonly Told[] =>
  [['PurchaseOrderCreated', '', '130.00'] as const, ...said].map(([type, about, amount], index) => ({
    ...{ type, about, amount, atMs: index },
  }))
const paid = (amount: string) => ['SupplierPaymentPosted', `supplier-invoice/INV/0+${amount}`] as const
const asUsual = [
  ['GoodsReceiptPosted', 'DN'],
  ['SupplierInvoicePosted', 'INV'],
] as const

describe("the oracle's books of a purchase", () => {
  it('that is received, billed and paid are even, and hold what the documents are over', () => {
    const story = storyOf([requested, received, invoice([cups('10'), lamps])])
    const { books, status, wrong } = expectedPurchase(story, told(...asUsual, paid('130')))
    expect({ status, wrong }).toEqual({ status: 'completed', wrong: [] })
    expect(books).toEqual({
      ...{ purchases: 1, ordered: '110.00', receipts: ['P01 10, P02 4'], returns: [], stock: { P01: '10', P02: '4' } },
      ...{ invoices: ['INV: 110.00 + 20.00, open 0.00'], creditNotes: [], openCredit: '0.00', payments: ['130.00'] },
      ...{ payable: '0.00', onAccount: '0.00', expense: '110.00', inputTax: '20.00' },
    })
  })

  it.each([
    ['was not told', told(...asUsual), 'payments of nothing were told, should be 130.00'],
    ['is over less', told(...asUsual, paid('129.99')), 'payments of 129.99 were told, should be 130.00'],
    [
      'was told twice',
      told(...asUsual, paid('130'), ['SupplierPaymentPosted', 'supplier-invoice/INV/130+130']),
      'payments of 130.00, 130.00 were told, should be 130.00',
    ],
  ])('find a payment that %s', (_how, said, difference) => {
    const story = storyOf([requested, received, invoice([cups('10'), lamps])])
    expect(expectedPurchase(story, said).wrong).toEqual([difference])
  })

  it('have nothing of an invoice before its goods, and ask nobody', () => {
    const story = storyOf([requested, invoice([cups('10')])])
    const { books, status, wrong } = expectedPurchase(story, told())
    expect({ status, wrong }).toEqual({ status: 'open', wrong: [] })
    expect(books).toMatchObject({ invoices: [], payable: '0.00' })
  })

  it('owe what is not due yet, less what was credited', () => {
    const story = storyOf(
      [requested, received, invoice([cups('10'), lamps], { dueInDays: 30 })],
      [back, credit([cups('2')])],
    )
    const said = told(...asUsual, ['SupplierReturnPosted', 'RET'], ['SupplierCreditNotePosted', 'CN'])
    const { books, status, wrong } = expectedPurchase(story, said)
    expect({ status, wrong }).toEqual({ status: 'open', wrong: [] })
    expect(books).toMatchObject({
      ...{ invoices: ['INV: 110.00 + 20.00, open 106.00'], creditNotes: ['CN: 20.00 + 4.00'], openCredit: '0.00' },
      ...{ payable: '106.00', expense: '90.00', stock: { P01: '8', P02: '4' } },
    })
  })

  it('keep the credit open that comes when all is paid', () => {
    const story = storyOf([requested, received, invoice([cups('10'), lamps])], [back, credit([cups('2')])])
    const said = [...asUsual, ['SupplierReturnPosted', 'RET'], ['SupplierCreditNotePosted', 'CN']] as const
    expect(expectedPurchase(story, told(...said, paid('130')))).toMatchObject({
      ...{ status: 'open', wrong: [], books: { openCredit: '24.00', payable: '-24.00' } },
    })
    // It comes in an act of its own, so that nothing of the payment can have been saved by it.
    expect(expectedPurchase(story, told(...said, paid('106'))).wrong).not.toEqual([])
  })

  it('believe the payment where a credit note comes at the same time, within what may be', () => {
    const story = storyOf([requested, received], [back], [invoice([cups('10'), lamps]), credit([cups('2')])])
    const said = [...asUsual, ['SupplierReturnPosted', 'RET'], ['SupplierCreditNotePosted', 'CN']] as const
    const paying = (amount: string) => expectedPurchase(story, told(...said, paid(amount)))
    expect(paying('106')).toMatchObject({ wrong: [], status: 'completed', books: { payable: '0.00' } })
    expect(paying('130')).toMatchObject({ wrong: [], status: 'open', books: { payable: '-24.00' } })
    expect(paying('100').wrong).not.toEqual([])
  })

  it.each([
    ['dearer than the tolerance', [cups('10', '10.21'), lamps], 'variance'],
    ['dearer within the tolerance', [cups('10', '10.20'), lamps], 'matched'],
    ['over more than arrived', [cups('11'), lamps], 'variance'],
    ['cheaper', [cups('10', '9.00'), lamps], 'matched'],
  ] as const)('of an invoice that is %s: it is a %s unless somebody accepts it', (_how, lines, verdict) => {
    const of = (answer?: 'accept' | 'dispute') => {
      const story = storyOf([requested, received, invoice(lines, answer && { answer })])
      return expectedPurchase(story, told()).books.invoices.length
    }
    const isMatched = verdict === 'matched'
    expect([of(), of('dispute'), of('accept')]).toEqual([isMatched ? 1 : 0, isMatched ? 1 : 0, 1])
  })

  // Two in a hundred, and two pieces.
  it.each([
    ['within both limits', '50', '51', 1],
    ['within one limit, beyond the part', '50', '52', 0],
    ['within the part, beyond two pieces', '200', '203', 0],
    ['within the part, and two pieces', '200', '202', 1],
    ['although nothing arrived', '0', '1', 0],
  ] as const)('of many pieces take an invoice over more than arrived %s', (_how, of, quantity, invoices) => {
    const line = { number: '10', item: 'P01', quantity: '300', unitPrice: '1.00', taxRate: '20' }
    const many: Happening = { kind: 'requisition', order: { version: 1, lines: [line] } }
    const came: Happening = { kind: 'goods-receipt', number: 'DN', lines: [{ line: '10', quantity: of }] }
    const story = storyOf([many, ...(of === '0' ? [] : [came]), invoice([cups(quantity, '1.00')])])
    expect(expectedPurchase(story, told()).books.invoices).toHaveLength(invoices)
  })

  it('have a number once, in whatever spelling, although there are goods for both', () => {
    const again = invoice([cups('5')], { number: 'i n-v', answer: 'dispute' })
    const story = storyOf([requested, received, invoice([cups('5'), lamps])], [again])
    const said = told(...asUsual, paid('70'), ['SupplierInvoiceDisputed', 'supplier-invoice/i n-v'])
    expect(expectedPurchase(story, said)).toMatchObject({ wrong: [], status: 'open' })
  })

  it('have nothing of what is billed above the order, although it has arrived, unless somebody accepts it', () => {
    const surplus: Happening = { kind: 'goods-receipt', number: 'DN', lines: [{ line: '10', quantity: '11' }] }
    const invoices = (answer?: 'accept') =>
      expectedPurchase(storyOf([requested, surplus, invoice([cups('11')], answer && { answer })]), told()).books
        .invoices
    expect([invoices().length, invoices('accept').length]).toEqual([0, 1])
  })

  it('are empty where nobody has approved it, and the inbox asks', () => {
    const story: PurchaseStory = { ...storyOf([requested, received]), approval: 'nobody' }
    const { books, status, asks } = expectedPurchase(story, [])
    expect({ status, asks, purchases: books.purchases }).toEqual({ status: 'open', asks: ['approval'], purchases: 0 })
    expect(expectedPurchase(story, told()).wrong).toEqual(['PurchaseOrderCreated  was told'])
  })
})

describe('drawn purchases', () => {
  const drawn = Array.from({ length: 400 }, (_, index) => drawPurchase('T', 'unit', index + 1))

  it('are the same for the same seed, and have numbers that nobody else has', () => {
    expect(drawPurchase('T', 'unit', 7)).toEqual(drawn[6])
    for (const { acts } of drawn) {
      const numbers = acts.flat().flatMap((one) => (one.kind === 'requisition' ? [] : [`${one.kind} ${one.number}`]))
      expect(new Set(numbers).size).toBe(numbers.length)
    }
  })

  it('tell everything that there is to a purchase', () => {
    const kinds = new Set(drawn.flatMap(({ acts }) => acts.flat().map(({ kind }) => kind)))
    expect([...kinds].sort()).toEqual([
      'cancellation',
      'closing',
      'goods-receipt',
      'requisition',
      'supplier-credit-note',
      'supplier-invoice',
      'supplier-return',
    ])
    expect(new Set(drawn.map(({ currency }) => currency))).toEqual(new Set(['EUR', 'USD', 'JPY', 'KWD']))
    expect(new Set(drawn.map(({ approval }) => approval))).toEqual(new Set([undefined, 'approve', 'reject', 'nobody']))
    expect(new Set(drawn.flatMap(({ refused }) => refused?.code ?? [])).size).toBe(5)
  })

  it('have documents in UBL that the norm takes, and that say the same as in JSON', () => {
    const told = drawn.flatMap((story) =>
      story.acts.flat().flatMap((one) => (isBill(one) && one.isUbl ? [{ story, bill: one }] : [])),
    )
    const kinds = ['supplier-invoice EUR', 'supplier-invoice USD', 'supplier-invoice JPY', 'supplier-credit-note EUR']
    expect(told.map(({ story, bill }) => `${bill.kind} ${story.currency}`)).toEqual(expect.arrayContaining(kinds))
    for (const { story, bill } of told) {
      const { digits } = currencies[story.currency]
      const [dueOn, net, gross] = ['2026-12-01', netOf(bill, digits), grossOf(bill, digits)]
      const reading = readUbl(
        Buffer.from(ublOf(story, bill, '2026-11-30', bill.kind === 'supplier-invoice' ? dueOn : undefined)),
      )
      expect(reading).toMatchObject({
        kind: bill.kind,
        document: {
          ...{ number: bill.number, order: story.number, currency: story.currency, supplier: { id: story.supplier } },
          ...{ netTotal: fixed(net, digits), grossTotal: fixed(gross, digits) },
          lines: bill.lines.map(({ line, quantity, taxRate }) => ({ line, quantity, taxRate })),
        },
      })
    }
  })
})

describe('a newer version of a purchase', () => {
  const changed: Happening = { kind: 'requisition', order: { ...order, version: 2 } }
  const withdrawn: Happening = { kind: 'cancellation', number: 'CA' }
  it.each([
    ['with its withdrawal', true, storyOf([requested], [changed, withdrawn])],
    ['after it', true, storyOf([requested, withdrawn], [changed])],
    ['before it', false, storyOf([requested, changed], [withdrawn])],
    ['of one that nobody withdraws', false, storyOf([requested], [changed])],
  ] as const)('%s may be for a person: %s', (_when, may, story) => {
    expect(mayEndBeforeItsChange(story)).toBe(may)
  })
})
