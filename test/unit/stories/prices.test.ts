import { describe, expect, it } from 'vitest'
import { cents, divided, exact, minus, plain, rounded, times } from '../../cloud/stories/oracle/decimal.ts'
import { grossOf, orderTotal, unitPriceOf } from '../../cloud/stories/oracle/prices.ts'
import type { OrderVersion } from '../../cloud/stories/story.ts'

const order: OrderVersion = {
  version: 1,
  lines: [
    { number: '10', item: 'P01', quantity: '12', unitPrice: '14.90', discount: '0.15', taxCode: 'standard' },
    { number: '20', item: 'P05', quantity: '3', unitPrice: '11.70', taxCode: 'reduced' },
  ],
  freight: '32.38',
  freightTaxCode: 'standard',
}

describe("the oracle's decimals", () => {
  it('are exact, and round a tie to the even digit or away from zero', () => {
    const table = [
      ['63.325', '63.32', '63.33'],
      ['63.335', '63.34', '63.34'],
      ['63.3251', '63.33', '63.33'],
      ['-63.325', '-63.32', '-63.33'],
      ['0.005', '0.00', '0.01'],
      ['7', '7.00', '7.00'],
    ] as const
    for (const [from, even, away] of table) {
      expect([cents(rounded(exact(from), 2, 'even')), cents(rounded(exact(from), 2, 'away'))]).toEqual([even, away])
    }
    expect(plain(times(exact('0.1'), exact('0.2')))).toBe('0.02')
    expect(plain(minus(exact('0.3'), exact('0.1')))).toBe('0.2')
    expect(plain(divided(exact('10'), exact('3'), 4, 'even'))).toBe('3.3333')
  })
})

describe("the oracle's prices", () => {
  it('keep four digits of a discounted price', () => {
    const [line] = order.lines
    expect(line && plain(unitPriceOf(line))).toBe('12.665')
  })

  it('give way to the amount of the shop where Tryton would round a tie the other way', () => {
    // 14.90 × 0.85 = 12.665: the shop says 12.67, half to even would be 12.66.
    const line = { number: '1', item: 'P01', quantity: '1', unitPrice: '14.90', discount: '0.15' }
    expect(plain(unitPriceOf(line))).toBe('12.67')
  })

  it('tax each rate once over the whole document, half to even', () => {
    // Net 151.98 + 35.10 + 32.38; 20 % of 184.36 is 36.872, 5 % of 35.10 is 1.755.
    expect(cents(orderTotal(order))).toBe('258.09')
  })

  it('take the tax from what the line is before it is rounded, as Tryton does', () => {
    // 2 × 47.4525 = 94.905, half to even 94.90; 5 % of 94.905 is 4.74525, so 4.75, where 5 % of 94.90 would be 4.74.
    const line = { number: '1', item: 'P07', quantity: '3', unitPrice: '49.95', discount: '0.05' }
    const reduced: OrderVersion = { version: 1, lines: [{ ...line, taxCode: 'reduced' }] }
    expect(cents(grossOf(reduced, [{ line: '1', quantity: '2' }], false))).toBe('99.65')
  })

  it('put the freight on one document only, and round each part by itself', () => {
    // 5 × 12.665 = 63.325, half to even 63.32; 20 % of 63.325 is 12.665, half to even 12.66.
    expect(cents(grossOf(order, [{ line: '10', quantity: '5' }], false))).toBe('75.98')
    // With freight: 20 % of 95.705 is 19.141.
    expect(cents(grossOf(order, [{ line: '10', quantity: '5' }], true))).toBe('114.84')
  })
})
