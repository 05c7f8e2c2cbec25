import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { saleLines, saleLineWire, unitPriceFor } from '#connectors/tryton/mapping.ts'
import { convert } from '#connectors/tryton/payment-on-account.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { BusinessError } from '#domain/errors.ts'
import { sum } from '#domain/money.ts'

const services = { freight: { product: 1, unit: 1 }, rounding: { product: 2, unit: 1 } }
const ids = { customerId: '5', itemIds: { A: '10', B: '11' }, taxIds: { standard: '3' } }

function order(
  lines: readonly Partial<SalesOrder['lines'][number]>[],
  rest: Partial<SalesOrder> = {},
  rounding: 'half-even' | 'half-up' = 'half-up',
) {
  const full = lines.map((line, index) => ({
    number: String(index + 1),
    item: { id: 'A' },
    quantity: '1',
    unitPrice: '1',
    ...line,
  }))
  const salesOrder = {
    number: 'T1',
    orderedOn: '2026-01-05',
    currency: 'EUR',
    customer: { id: 'C' },
    lines: full,
    ...rest,
  }
  return priceSalesOrder(SalesOrder.parse(salesOrder), rounding)
}

describe('the unit price on a sale', () => {
  it.each([
    [
      'holds a discount in its four decimals',
      { quantity: '12', unitPrice: '14.90', discount: '0.15' },
      '12.6650',
      '151.98',
    ],
    ['follows an amount that was rounded half up', { quantity: '10', unitPrice: '1.0125' }, '1.0130', '10.13'],
    ['is zero for a gift', { quantity: '3', unitPrice: '9.99', discount: '1' }, '0.0000', '0.00'],
    ['keeps a price of its own with four decimals', { quantity: '7', unitPrice: '0.3333' }, '0.3333', '2.33'],
  ])('%s', (_name, line, unitPrice, amount) => {
    const [priced] = order([line]).lines
    expect(priced && unitPriceFor(priced, 'EUR')).toEqual({ unitPrice, amount })
  })

  it("always makes Tryton's rounding give the order's own amount, up to a hundred pieces", () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 100 }).map(String),
      unitPrice: fc.integer({ min: 0, max: 99_999 }).map((cents) => new Big(cents).div(100).toFixed(2)),
      discount: fc.integer({ min: 0, max: 1000 }).map((mills) => new Big(mills).div(1000).toFixed(3)),
    })
    fc.assert(
      fc.property(line, fc.constantFrom('half-even' as const, 'half-up' as const), (values, rounding) => {
        const [priced] = order([values], {}, rounding).lines
        if (priced === undefined) throw new Error('no line')
        const { unitPrice } = unitPriceFor(priced, 'EUR')
        const inTryton = new Big(unitPrice).times(priced.quantity).round(2, Big.roundHalfEven)
        expect(inTryton.toFixed(2)).toBe(priced.amount)
      }),
    )
  })
})

describe('the lines of a sale', () => {
  it('add up to the net total of the order, whatever the quantities', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 100_000 }).map(String),
      unitPrice: fc.integer({ min: 0, max: 9_999_999 }).map((parts) => new Big(parts).div(10_000).toFixed(4)),
      discount: fc.integer({ min: 0, max: 10_000 }).map((parts) => new Big(parts).div(10_000).toFixed(4)),
    })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        const priced = order(lines, { freight: '4.95' })
        const amounts = saleLines(priced, ids, services).map(({ amount }) => amount)
        expect(sum(amounts).toFixed(2)).toBe(priced.netTotal)
      }),
    )
  })

  it('carry the freight as a service with its own tax', () => {
    const priced = order([{}], { freight: '32.38', freightTaxCode: 'standard' })
    expect(saleLines(priced, ids, services)[1]).toMatchObject({
      key: '(freight)',
      product: 1,
      quantity: '1',
      unitPrice: '32.38',
      amount: '32.38',
      taxes: [3],
    })
  })

  it('have no freight line when the freight is nothing', () => {
    expect(saleLines(order([{}], { freight: '0.00' }), ids, services)).toHaveLength(1)
  })

  it('carry what no unit price can express on a rounding line', () => {
    const lines = saleLines(order([{ quantity: '250', unitPrice: '0.0405' }]), ids, services)
    expect(lines.map(({ key, amount }) => [key, amount])).toEqual([
      ['1', '10.12'],
      ['(rounding)', '0.01'],
    ])
  })

  it.each([
    ['item', [{ item: { id: 'Z' } }], {}, 'UNKNOWN_ITEM', 'lines[0].item.id'],
    ['tax of a line', [{}, { taxCode: 'none' }], {}, 'UNKNOWN_TAX', 'lines[1].taxCode'],
    ['tax of the freight', [{}], { freight: '1', freightTaxCode: 'none' }, 'UNKNOWN_TAX', 'freightTaxCode'],
    [
      'item named like a part of every object',
      [{ item: { id: 'constructor' } }],
      {},
      'UNKNOWN_ITEM',
      'lines[0].item.id',
    ],
  ])('are refused, naming the field, with an unknown %s', (_name, lines, rest, code, field) => {
    const work = () => saleLines(order(lines, rest), ids, services)
    expect(work).toThrow(BusinessError)
    expect(work).toThrow(expect.objectContaining({ code, field }))
  })

  it("go out in Tryton's own form", () => {
    const [line] = saleLines(
      order([{ quantity: '2.0', unitPrice: '9.99', taxCode: 'standard', item: { id: 'A', name: 'Tea' } }]),
      ids,
      services,
    )
    expect(line && saleLineWire(line, 1, 4)).toEqual({
      type: 'line',
      sequence: 1,
      product: 10,
      quantity: 2,
      unit: 4,
      note: '1',
      description: 'Tea',
      unit_price: { __class__: 'Decimal', decimal: '9.9900' },
      taxes: [['add', [3]]],
    })
  })
})

describe('money in a foreign currency', () => {
  it.each([
    ['10.00', '1', '0.345', 'KWD', '3.450'],
    ['12.345', '0.345', '1', 'EUR', '35.78'],
    ['10.00', '1', '160.55', 'JPY', '1606'],
    ['10.00', '1', '160.45', 'JPY', '1604'],
  ])('of %s at %s to %s is booked in %s as %s', (amount, from, to, code, booked) => {
    expect(convert(amount, { rate: from }, { rate: to, code })).toBe(booked)
  })
})
