import { describe, expect, it } from 'vitest'
import { invoiceOf, matchOf, receiptOf } from './cases.ts'

type Given = Parameters<typeof matchOf>[0]
const whole = [receiptOf('10')]
const invoice = invoiceOf
const dollars = { ...invoice('10'), currency: 'USD' }
const service = { number: '1', item: 'P1', quantity: '10', unitPrice: '12.50', receiptRequired: false }
const dozen = {
  number: '1',
  item: 'P1',
  quantity: '24',
  unit: 'piece',
  unitPrice: '2.00',
  units: [{ unit: 'box', per: '12' }],
}
const boxes = { number: 'INV-1', lines: [{ line: '1', quantity: '2', unit: 'box', unitPrice: '24.00' }] }
const dear = { number: 'INV-1', lines: [{ line: '1', quantity: '2', unit: 'box', unitPrice: '24.01' }] }
const billed = (line: object) => ({ number: 'INV-1', lines: [{ quantity: '10', unitPrice: '12.50', ...line }] })
const credit = (line: object) => ({ number: 'CN-1', lines: [{ line: '1', ...line }] })

const rows: readonly (readonly [string, string, Given])[] = [
  ['as ordered and received', 'matched', { receipts: whole, invoices: [invoice('10')] }],
  ['in part, less than received', 'matched', { receipts: whole, invoices: [invoice('4')] }],
  ['in two parts', 'matched', { receipts: whole, invoices: [invoice('4'), invoice('6', '12.50', 'INV-2')] }],
  ['two deliveries on one invoice', 'matched', { receipts: [receiptOf('4'), receiptOf('6', 'R2')], invoices: [invoice('10')] }],
  ['by item instead of line', 'matched', { receipts: whole, invoices: [billed({ item: 'P1' })] }],
  ['by a line number with zeros before it', 'matched', { receipts: whole, invoices: [billed({ line: '0001' })] }],
  ['by a number that two lines could have, but for their zeros', 'unknown-line', { order: { lines: [{ number: '1', quantity: '10', unitPrice: '12.50' }, { number: '01', quantity: '10', unitPrice: '12.50' }] }, receipts: whole, invoices: [billed({ line: '001' })] }],
  ['before anything is received', 'missing-receipt', { invoices: [invoice('10')] }],
  ['a further part before its delivery', 'missing-receipt', { receipts: [receiptOf('4')], invoices: [invoice('4'), invoice('6', '12.50', 'INV-2')] }],
  ['more than received, the rest still to come', 'quantity-variance', { receipts: [receiptOf('8')], invoices: [invoice('10')] }],
  ['the same where the policy waits', 'missing-receipt', { receipts: [receiptOf('8')], invoices: [invoice('10')], tolerances: { partlyReceived: 'missing-receipt' } }],
  ['the same after the final delivery', 'quantity-variance', { receipts: [{ ...receiptOf('8'), final: true }], invoices: [invoice('10')], tolerances: { partlyReceived: 'missing-receipt' } }],
  ['what was sent back', 'quantity-variance', { receipts: whole, returns: [receiptOf('2', 'RT1')], invoices: [invoice('10')] }],
  ['all of it although all was sent back', 'quantity-variance', { receipts: whole, returns: [receiptOf('10', 'RT1')], invoices: [invoice('10')] }],
  ['what was sent back, and credited', 'matched', { receipts: whole, returns: [receiptOf('2', 'RT1')], invoices: [invoice('10')], creditNotes: [credit({ quantity: '2', unitPrice: '12.50' })] }],
  ['more than ordered', 'over-invoiced', { receipts: whole, invoices: [invoice('11')] }],
  ['more than ordered, all delivered', 'over-invoiced', { receipts: [receiptOf('12')], invoices: [invoice('12')] }],
  ['more than ordered, over two invoices', 'over-invoiced', { receipts: whole, invoices: [invoice('10'), invoice('1', '12.50', 'INV-2')] }],
  ['more than ordered, before any delivery', 'over-invoiced', { invoices: [invoice('11')] }],
  ['a service as ordered', 'matched', { order: { lines: [service] }, invoices: [invoice('10')] }],
  ['more of a service than ordered', 'over-invoiced', { order: { lines: [service] }, invoices: [invoice('11')] }],
  ['above received within the quantity tolerance', 'matched', { receipts: whole, invoices: [invoice('10.2')], tolerances: { quantity: { percent: '2' } } }],
  ['above received beyond it', 'over-invoiced', { receipts: whole, invoices: [invoice('10.21')], tolerances: { quantity: { percent: '2' } } }],
  ['within one limit, beyond the other', 'over-invoiced', { receipts: whole, invoices: [invoice('10.2')], tolerances: { quantity: { percent: '2', absolute: '0.1' } } }],
  ['a little of what never came, within the tolerance', 'missing-receipt', { invoices: [invoice('1')], tolerances: { quantity: { absolute: '5' } } }],
  ['at a higher price', 'price-variance', { receipts: whole, invoices: [invoice('10', '12.51')] }],
  ['at a higher price within the tolerance', 'matched', { receipts: whole, invoices: [invoice('10', '12.75')], tolerances: { price: { percent: '2' } } }],
  ['at a higher price just beyond it', 'price-variance', { receipts: whole, invoices: [invoice('10', '12.7501')], tolerances: { price: { percent: '2' } } }],
  ['at a higher price within both limits', 'matched', { receipts: whole, invoices: [invoice('10', '12.60')], tolerances: { price: { percent: '2', absolute: '0.10' } } }],
  ['at a higher price within one of two limits', 'price-variance', { receipts: whole, invoices: [invoice('10', '12.61')], tolerances: { price: { percent: '2', absolute: '0.10' } } }],
  ['at a higher price within the supplier’s own tolerance', 'matched', { receipts: whole, invoices: [invoice('10', '13.00')], tolerances: { bySupplier: { S1: { price: { percent: '4' } } } } }],
  ['at a higher price within another supplier’s tolerance', 'price-variance', { receipts: whole, invoices: [invoice('10', '13.00')], tolerances: { bySupplier: { S2: { price: { percent: '4' } } } } }],
  ['within each line’s tolerance, beyond that of the total', 'price-variance', { receipts: whole, invoices: [invoice('10', '13.00')], tolerances: { price: { percent: '5' }, total: { absolute: '4.99' } } }],
  ['at a lower price', 'matched', { receipts: whole, invoices: [invoice('10', '11.00')] }],
  ['at a lower price that the policy wants to see', 'price-variance', { receipts: whole, invoices: [invoice('10', '11.00')], tolerances: { buyersFavour: 'price-variance' } }],
  ['at a higher price, credited', 'matched', { receipts: whole, invoices: [invoice('10', '13.00')], creditNotes: [credit({ amount: '5.00' })] }],
  ['at a higher price, credited in part', 'price-variance', { receipts: whole, invoices: [invoice('10', '13.00')], creditNotes: [credit({ amount: '4.99' })] }],
  ['at a higher price, credited by quantity × difference', 'matched', { receipts: whole, invoices: [invoice('10', '13.00')], creditNotes: [credit({ quantity: '10', unitPrice: '0.50', kind: 'price' })] }],
  ['with an allowance on the line that makes up for it', 'matched', { receipts: whole, invoices: [billed({ line: '1', unitPrice: '13.00', allowances: [{ amount: '5.00' }] })] }],
  ['with a charge on the line', 'price-variance', { receipts: whole, invoices: [billed({ line: '1', charges: [{ amount: '1.00' }] })] }],
  ['with an amount alone', 'matched', { receipts: whole, invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '10', amount: '125.00' }] }] }],
  ['with an amount that its price does not make', 'price-variance', { receipts: whole, invoices: [billed({ line: '1', amount: '120.00' })] }],
  ['in boxes of twelve', 'matched', { order: { lines: [dozen] }, receipts: [receiptOf('24')], invoices: [boxes] }],
  ['in boxes at a higher price', 'price-variance', { order: { lines: [dozen] }, receipts: [receiptOf('24')], invoices: [dear] }],
  ['in pieces where the order and the receipt count boxes', 'matched', { order: { lines: [{ ...dozen, quantity: '2', unit: 'box', unitPrice: '24.00', units: [{ unit: 'box', per: '12' }, { unit: 'piece', per: '1' }] }] }, receipts: [receiptOf('2')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '24', unit: 'EA', unitPrice: '2.00' }] }] }],
  ['in pieces where the order counts boxes and says what one holds', 'matched', { order: { lines: [{ ...dozen, quantity: '2', unit: 'box', unitPrice: '24.00' }] }, receipts: [receiptOf('2')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '24', unit: 'EA', unitPrice: '2.00' }] }] }],
  ['in the same unit, by its code', 'matched', { order: { lines: [{ ...dozen, unit: 'kg', units: [] }] }, receipts: [receiptOf('24')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '24', unit: 'KGM', unitPrice: '2.00' }] }] }],
  ['in the boxes that the order tells of, by their code', 'matched', { order: { lines: [dozen] }, receipts: [receiptOf('24')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '2', unit: 'XBX', unitPrice: '24.00' }] }] }],
  ['in another unit than the order counts', 'quantity-variance', { order: { lines: [{ ...dozen, unit: 'kg', units: [] }] }, receipts: [receiptOf('24')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '24', unit: 'GRM', unitPrice: '2.00' }] }] }],
  ['in a unit without a factor', 'quantity-variance', { order: { lines: [dozen] }, receipts: [receiptOf('24')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '1', unit: 'pallet', unitPrice: '48.00' }] }] }],
  ['priced for a hundred', 'matched', { order: { lines: [{ number: '1', quantity: '250', unitPrice: '8.00', priceQuantity: '100' }] }, receipts: [receiptOf('250')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '250', unitPrice: '0.08' }] }] }],
  ['a line that the order lacks', 'unknown-line', { receipts: whole, invoices: [billed({ line: '2' })] }],
  ['an item that the order lacks', 'unknown-line', { receipts: whole, invoices: [billed({ item: 'P2' })] }],
  ['another item under the line’s number', 'unknown-line', { receipts: whole, invoices: [billed({ line: '1', item: 'P2' })] }],
  ['neither line nor item', 'unknown-line', { receipts: whole, invoices: [billed({})] }],
  ['another order', 'unknown-line', { receipts: whole, invoices: [{ ...invoice('10'), order: 'PO2' }] }],
  ['from another supplier', 'unknown-line', { receipts: whole, invoices: [{ ...invoice('10'), supplier: 'S2' }] }],
  ['in another currency', 'wrong-currency', { receipts: whole, invoices: [dollars] }],
  ['under a number that was there', 'duplicate-number', { receipts: whole, invoices: [invoice('5'), invoice('5', '12.50', 'inv 001')] }],
  ['under a number that is booked already', 'duplicate-number', { receipts: whole, invoices: [invoice('10')], knownNumbers: ['INV/1'] }],
  ['with the agreed freight', 'matched', { order: { freight: '9.90' }, receipts: whole, invoices: [{ ...invoice('10'), freight: '9.90' }] }],
  ['with freight that was not agreed', 'price-variance', { receipts: whole, invoices: [{ ...invoice('10'), freight: '9.90' }] }],
  ['with freight within its tolerance', 'matched', { order: { freight: '9.90' }, receipts: whole, invoices: [{ ...invoice('10'), freight: '10.00' }], tolerances: { freight: { absolute: '0.10' } } }],
  ['with the agreed freight twice', 'price-variance', { order: { freight: '9.90' }, receipts: whole, invoices: [{ ...invoice('4'), freight: '9.90' }, { ...invoice('6', '12.50', 'INV-2'), freight: '9.90' }] }],
  ['with a charge that was not agreed', 'price-variance', { receipts: whole, invoices: [{ ...invoice('10'), charges: [{ amount: '3.00', reason: 'packing' }] }] }],
  ['without the agreed allowance', 'price-variance', { order: { allowances: [{ amount: '10.00' }] }, receipts: whole, invoices: [invoice('10')] }],
  ['a part with its part of the agreed allowance', 'matched', { order: { allowances: [{ amount: '10.00' }] }, receipts: whole, invoices: [{ ...invoice('4'), allowances: [{ amount: '4.00' }] }] }],
  ['a third with its third of the agreed allowance, cut off to a cent', 'matched', { order: { lines: [{ number: '1', quantity: '3', unitPrice: '100' }], allowances: [{ amount: '20.00' }] }, receipts: [receiptOf('3')], invoices: [{ ...invoice('1', '100'), allowances: [{ amount: '6.66' }] }], tolerances: { total: { absolute: '0' } } }],
  ['a third with a cent less than that', 'price-variance', { order: { lines: [{ number: '1', quantity: '3', unitPrice: '100' }], allowances: [{ amount: '20.00' }] }, receipts: [receiptOf('3')], invoices: [{ ...invoice('1', '100'), allowances: [{ amount: '6.65' }] }] }],
  ['three thirds with a cent less than the agreed allowance in all', 'price-variance', { order: { lines: [{ number: '1', quantity: '3', unitPrice: '100' }], allowances: [{ amount: '20.00' }] }, receipts: [receiptOf('3')], invoices: ['6.66', '6.67', '6.66'].map((amount, index) => ({ ...invoice('1', '100', `INV-${index}`), allowances: [{ amount }] })) }],
  ['at another tax rate', 'price-variance', { order: { lines: [{ number: '1', quantity: '10', unitPrice: '12.50', taxRate: '19' }] }, receipts: whole, invoices: [billed({ line: '1', taxRate: '20' })] }],
  ['in yen, without decimals', 'matched', { order: { currency: 'JPY', lines: [{ number: '1', quantity: '3', unitPrice: '333.5' }] }, receipts: [receiptOf('3')], invoices: [{ number: 'INV-1', netTotal: '1001', lines: [{ line: '1', quantity: '3', amount: '1001' }] }] }],
  ['in yen, one too much', 'price-variance', { order: { currency: 'JPY', lines: [{ number: '1', quantity: '3', unitPrice: '333.5' }] }, receipts: [receiptOf('3')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '3', amount: '1002' }] }] }],
  ['in yen, with half a one', 'price-variance', { order: { currency: 'JPY', lines: [{ number: '1', quantity: '3', unitPrice: '333.5' }] }, receipts: [receiptOf('3')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '3', amount: '1000.5' }] }] }],
  ['in yen, with its tax cut off', 'matched', { order: { currency: 'JPY', lines: [{ number: '1', quantity: '3', unitPrice: '333' }] }, receipts: [receiptOf('3')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '3', unitPrice: '333' }], taxes: [{ rate: '10', base: '999', amount: '99' }], payable: '1098' }] }],
  ['in dinars, to the thousandth', 'matched', { order: { currency: 'KWD', lines: [{ number: '1', quantity: '3', unitPrice: '0.3335' }] }, receipts: [receiptOf('3')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '3', amount: '1.001' }] }] }],
  ['in dinars, a thousandth too much', 'price-variance', { order: { currency: 'KWD', lines: [{ number: '1', quantity: '3', unitPrice: '0.3335' }] }, receipts: [receiptOf('3')], invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '3', amount: '1.002' }] }] }],
  ['with a negative line that takes the surplus back', 'matched', { receipts: whole, invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '11', unitPrice: '12.50' }, { line: '1', quantity: '-1', unitPrice: '12.50' }] }] }],
  ['with a negative line that takes the surplus back for next to nothing, and so does not', 'over-invoiced', { receipts: whole, invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '11', unitPrice: '12.50' }, { line: '1', quantity: '-1', unitPrice: '0.01' }] }] }],
  ['with a negative line that takes back more than was invoiced', 'quantity-variance', { receipts: whole, invoices: [invoice('4'), { number: 'INV-2', lines: [{ line: '1', quantity: '-5', unitPrice: '12.50' }] }] }],
  ['with line amounts that nobody can round to', 'price-variance', { receipts: whole, invoices: [{ number: 'INV-1', lines: Array.from({ length: 10 }, () => ({ line: '1', quantity: '1', unitPrice: '12.50', amount: '12.509' })) }] }],
  ['with a line amount that is rounded up from far below the half', 'price-variance', { order: { lines: [{ number: '1', quantity: '10', unitPrice: '0.001' }] }, receipts: whole, invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '1', unitPrice: '0.001', amount: '0.01' }] }] }],
  ['by the tax number that the order has of the supplier', 'matched', { order: { supplier: { id: 'S1', taxId: 'DE123456789' } }, receipts: whole, invoices: [{ ...invoice('10'), supplier: 'DE123456789' }] }],
  ['by a name of its own with the tax number of the order', 'matched', { order: { supplier: { id: 'S1', taxId: 'DE123456789' } }, receipts: whole, invoices: [{ ...invoice('10'), supplier: { id: 'ACME', taxId: 'DE123456789' } }] }],
  ['by another tax number', 'unknown-line', { order: { supplier: { id: 'S1', taxId: 'DE123456789' } }, receipts: whole, invoices: [{ ...invoice('10'), supplier: 'DE987654321' }] }],
  ['an order without invoices', 'matched', { receipts: whole }],
] // biome-ignore format: a table

describe('an invoice for', () => {
  it.each(rows)('%s is %s', (_case, outcome, given) => {
    expect(matchOf(given).outcome).toBe(outcome)
  })
})

describe('a finding', () => {
  it('names line, expected, found and tolerance, and says in words what is wrong', () => {
    const { invoices } = matchOf({
      receipts: whole,
      invoices: [invoice('10', '13.00')],
      tolerances: { price: { absolute: '0.10', percent: '2' } },
    })
    expect(invoices[0]?.findings).toEqual([
      {
        outcome: 'price-variance',
        rule: 'price',
        line: '1',
        documentLine: '1',
        expected: '12.50',
        found: '13.00',
        tolerance: '0.10 and 2 %',
        explanation: 'Line 1 has a net price of 13.00, and order line 1 one of 12.50: 5.00 more for the line.',
      },
    ])
  })

  it('stands beside the others of its line, and the worst decides', () => {
    const { invoices } = matchOf({ receipts: [receiptOf('8')], invoices: [invoice('10', '13.00')] })
    expect(invoices[0]?.findings.map(({ outcome }) => outcome)).toEqual(['quantity-variance', 'price-variance'])
    expect(invoices[0]?.outcome).toBe('quantity-variance')
  })
})

describe('what does not count', () => {
  it('leaves the quantity to the others: a duplicate does not make an order over-invoiced', () => {
    const { invoices, lines } = matchOf({ receipts: whole, invoices: [invoice('10'), invoice('10', '12.50', 'INV1')] })
    expect(invoices.map(({ outcome, payable }) => [outcome, payable])).toEqual([
      ['matched', '125.00'],
      ['duplicate-number', '0.00'],
    ])
    expect(lines[0]).toMatchObject({ invoiced: '10', matchedQuantity: '10', matchedAmount: '125.00' })
  })

  it('is told where goods fit no line', () => {
    const { outcome, goodsFindings } = matchOf({
      receipts: [
        { number: 'R1', lines: [{ line: '7', quantity: '1' }] },
        { ...receiptOf('1', 'R2'), order: 'PO9' },
      ],
    })
    expect(outcome).toBe('unknown-line')
    expect(goodsFindings.map(({ explanation }) => explanation)).toEqual([
      'Receipt R1, line 1: order PO1 has no line 7; it is not counted.',
      'Receipt R2 is for order PO9, not PO1; it is not counted.',
    ])
  })
})

describe('a credit note', () => {
  it('is matched by what was invoiced, and lowers what is paid', () => {
    const { creditNotes, totals, lines } = matchOf({
      receipts: whole,
      returns: [receiptOf('2', 'RT1')],
      invoices: [invoice('10')],
      creditNotes: [credit({ quantity: '2', unitPrice: '12.50' })],
    })
    expect(creditNotes[0]).toMatchObject({ outcome: 'matched', payable: '25.00' })
    expect(totals).toEqual({ ordered: '125.00', matched: '100.00', payable: '100.00' })
    expect(lines[0]).toMatchObject({ invoiced: '10', credited: '2', matchedQuantity: '8' })
  })

  it.each([
    ['more than was invoiced', 'quantity-variance', { quantity: '11', unitPrice: '12.50' }],
    ['at less than it was invoiced at', 'price-variance', { quantity: '2', unitPrice: '10.00' }],
    ['a line that the order lacks', 'unknown-line', { line: '9', amount: '1.00' }],
    ['a price that is lowered by more than was invoiced', 'price-variance', { amount: '125.01' }],
  ])('for %s is %s', (_case, outcome, line) => {
    const { creditNotes } = matchOf({ receipts: whole, invoices: [invoice('10')], creditNotes: [credit(line)] })
    expect(creditNotes[0]?.outcome).toBe(outcome)
  })

  it.each([
    ['that keeps something back', [], [{ amount: '5.00' }], 'price-variance'],
    ['that takes back its part of what the invoice granted', [{ amount: '25.00' }], [{ amount: '5.00' }], 'matched'],
    ['that takes back more of it', [{ amount: '25.00' }], [{ amount: '5.01' }], 'price-variance'],
  ])('%s is compared with what was invoiced', (_case, granted, allowances, outcome) => {
    const { creditNotes } = matchOf({
      receipts: whole,
      returns: [receiptOf('2', 'RT1')],
      invoices: [{ ...invoice('10'), allowances: granted }],
      creditNotes: [{ ...credit({ quantity: '2', unitPrice: '12.50' }), allowances }],
    })
    expect(creditNotes[0]?.outcome).toBe(outcome)
  })

  it.each([
    ['an amount that is rounded', { amount: '3.33' }, '0', 'matched'],
    ['an amount that is a cent too low', { amount: '3.32' }, '0', 'price-variance'],
    ['what its part of the allowance comes to, rounded up', { unitPrice: '3.3333' }, '0.67', 'matched'],
    ['a cent less than that', { unitPrice: '3.3333' }, '0.68', 'price-variance'],
  ])('that gives back a third by %s', (_case, line, kept, outcome) => {
    const { creditNotes } = matchOf({
      order: { lines: [{ number: '1', quantity: '3', unitPrice: '3.3333' }] },
      receipts: [receiptOf('3')],
      invoices: [{ ...invoice('3', '3.3333'), allowances: [{ amount: '2.00' }] }],
      creditNotes: [{ ...credit({ quantity: '1', ...line }), allowances: [{ amount: kept }] }],
    })
    expect(creditNotes[0]?.outcome).toBe(outcome)
  })

  it('covers no invoice before it has matched itself', () => {
    const surplus = { receipts: whole, invoices: [invoice('12')] }
    const outcomeWith = (unitPrice: string) =>
      matchOf({ ...surplus, creditNotes: [credit({ quantity: '2', unitPrice })] }).invoices[0]?.outcome
    expect([outcomeWith('12.50'), outcomeWith('1.00')]).toEqual(['matched', 'over-invoiced'])
  })

  it('covers no invoice either when it is a negative line of one that does not match', () => {
    const takesBack = (more: object) =>
      matchOf({
        receipts: whole,
        invoices: [
          invoice('12'),
          { number: 'INV-2', lines: [{ line: '1', quantity: '-2', unitPrice: '12.50' }], ...more },
        ],
      }).invoices.map(({ outcome }) => outcome)
    expect(takesBack({})).toEqual(['matched', 'matched'])
    expect(takesBack({ rounding: '20.00' })).toEqual(['over-invoiced', 'price-variance'])
  })

  it.each([[{ amount: '-5.00' }], [{ quantity: '0', unitPrice: '0', allowances: [{ amount: '5.00' }] }]])(
    'covers no invoice either when it is a line %o that lowers the price in one that does not match',
    (line) => {
      const lowers = (more: object) =>
        matchOf({
          receipts: whole,
          invoices: [invoice('10', '13.00'), { number: 'INV-2', lines: [{ line: '1', ...line }], ...more }],
        }).invoices.map(({ outcome }) => outcome)
      expect(lowers({})).toEqual(['matched', 'matched'])
      expect(lowers({ rounding: '20.00' })).toEqual(['price-variance', 'price-variance'])
    },
  )
})
