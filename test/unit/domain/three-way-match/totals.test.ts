import { describe, expect, it } from 'vitest'
import { matchOf, receiptOf } from './cases.ts'

const lines = [{ line: '1', quantity: '10', unitPrice: '12.50' }]
const tax = (amount: string, base = '125.00') => [{ rate: '19', base, amount }]

/** What the invoice states, and the rules that it breaks. */
const rows: readonly (readonly [string, object, readonly string[]])[] = [
  ['nothing', {}, []],
  ['the right net total', { netTotal: '125' }, []],
  ['a net total a cent off', { netTotal: '125.01' }, ['net-total']],
  ['a net total with an allowance', { netTotal: '120.00', allowances: [{ amount: '5.00' }] }, []],
  ['a net total without the allowance it grants', { netTotal: '125.00', allowances: [{ amount: '5.00' }] }, ['net-total']],
  ['the right tax', { taxes: tax('23.75') }, []],
  ['a tax that is rounded', { taxes: tax('23.75', '124.98') }, []],
  ['a tax that is cut off to a cent', { taxes: tax('23.74', '124.98') }, []],
  ['a tax that is cut off a cent too far', { taxes: tax('23.73', '124.98') }, ['tax-amount']],
  ['a tax that is rounded up by more than half a cent', { taxes: tax('23.75', '124.96') }, ['tax-amount']],
  ['a tax finer than a cent', { taxes: tax('23.745') }, ['smallest-unit']],
  ['a tax that rate and base do not make', { taxes: tax('24.75') }, ['tax-amount']],
  ['a tax on more than the net total', { taxes: tax('38.00', '200.00') }, ['tax-base']],
  ['a tax on a part, the rest untaxed', { taxes: tax('19.00', '100.00') }, []],
  ['a tax total that its parts do not make', { taxes: tax('23.75'), taxTotal: '24.00' }, ['tax-total']],
  ['the right gross total', { taxes: tax('23.75'), grossTotal: '148.75' }, []],
  ['a gross total a cent off', { taxes: tax('23.75'), grossTotal: '148.76' }, ['gross-total']],
  ['the right payable amount', { taxes: tax('23.75'), prepaid: '100.00', rounding: '0.05', payable: '48.80' }, []],
  ['a payable amount that forgets the prepayment', { prepaid: '100.00', payable: '125.00' }, ['payable']],
  ['the tax total of its lines’ rates', { lines: [{ ...lines[0], taxRate: '19' }], taxTotal: '23.75' }, []],
  ['another tax total than its lines’ rates make', { lines: [{ ...lines[0], taxRate: '19' }], taxTotal: '25.00' }, ['tax-total']],
  ['the tax total of its lines’ and its freight’s rates', { lines: [{ ...lines[0], taxRate: '19' }], freight: '10', freightTaxRate: '7', taxTotal: '24.45' }, []],
  ['a tax total that leaves out that of its freight', { lines: [{ ...lines[0], taxRate: '19' }], freight: '10', freightTaxRate: '7', taxTotal: '23.75' }, ['tax-total']],
  ['a rounding of less than one euro', { rounding: '0.50', payable: '125.50' }, []],
  ['a rounding that is money of its own', { rounding: '100.00', payable: '225.00' }, ['rounding']],
  ['a prepayment below zero, which would be paid on top', { prepaid: '-100.00', payable: '225.00' }, ['prepaid']],
  ['a prepayment of more than all', { prepaid: '130.00', payable: '-5.00' }, ['prepaid']],
  ['a prepayment of all, rounded up', { prepaid: '125.50', rounding: '0.50', payable: '0' }, []],
  ['a prepayment of more than all is rounded to', { prepaid: '125.51', rounding: '0.50', payable: '-0.01' }, ['prepaid']],
  ['a prepayment of all, before it is rounded down', { prepaid: '125.00', rounding: '-0.50', payable: '-0.50' }, []],
  ['a net total above lines that need no rounding', { lines: Array.from({ length: 10 }, () => ({ line: '1', quantity: '1', unitPrice: '12.50' })), netTotal: '125.05' }, ['net-total']],
  ['a tax above that of lines whose tax needs no rounding', { lines: Array.from({ length: 10 }, () => ({ line: '1', quantity: '1', unitPrice: '12.00' })), taxes: [{ rate: '20', base: '120.00', amount: '24.05' }] }, ['tax-amount']],
  ['a tax at the rate of its lines', { lines: [{ ...lines[0], taxRate: '19' }], taxes: tax('23.75') }, []],
  ['a tax at another rate than that of its lines', { lines: [{ ...lines[0], taxRate: '7' }], taxes: tax('23.75') }, ['tax-base', 'tax-base']],
  ['a tax on less than its lines bear', { lines: [{ ...lines[0], taxRate: '19' }], taxes: tax('19.00', '100.00') }, ['tax-base']],
  ['a tax that leaves out what bears none', { lines: [{ ...lines[0], taxRate: '19' }], allowances: [{ amount: '5.00', taxRate: '0' }], taxes: tax('23.75') }, []],
  ['a tax on a charge that names no rate', { lines: [{ ...lines[0], taxRate: '19' }], freight: '10', taxes: tax('25.65', '135.00') }, []],
  ['the amounts of two rates the wrong way round', { lines: [{ line: '1', quantity: '6', unitPrice: '12.50', taxRate: '20' }, { line: '1', quantity: '4', unitPrice: '12.50', taxRate: '10' }], taxes: [{ rate: '20', base: '50.00', amount: '10.00' }, { rate: '10', base: '75.00', amount: '7.50' }] }, ['tax-base', 'tax-base']],
  ['no amount of a rate that its lines bear', { lines: [{ line: '1', quantity: '6', unitPrice: '12.50', taxRate: '20' }, { line: '1', quantity: '4', unitPrice: '12.50', taxRate: '10' }], taxes: [{ rate: '20', base: '125.00', amount: '25.00' }] }, ['tax-base', 'tax-base']],
] // biome-ignore format: a table

describe('an invoice that states', () => {
  it.each(rows)('%s', (_case, stated, rules) => {
    const { invoices } = matchOf({
      order: { freight: '10' },
      receipts: [receiptOf('10')],
      invoices: [{ number: 'INV-1', lines, ...stated }],
    })
    expect(invoices[0]?.findings.map(({ rule }) => rule)).toEqual(rules)
    expect(invoices[0]?.outcome).toBe(rules.length === 0 ? 'matched' : 'price-variance')
  })

  it.each([
    ['HUF', '2.50', []],
    ['HUF', '10.50', ['rounding']],
    ['JPY', '9', []],
    ['EUR', '1.50', ['rounding']],
  ])('a rounding in %s of %s: %j', (currency, rounding, rules) => {
    const { invoices } = matchOf({
      order: { currency, lines: [{ number: '1', quantity: '10', unitPrice: '12.00' }] },
      receipts: [receiptOf('10')],
      invoices: [{ number: 'INV-1', lines: [{ line: '1', quantity: '10', unitPrice: '12.00' }], rounding }],
    })
    expect(invoices[0]?.findings.map(({ rule }) => rule)).toEqual(rules)
  })

  it('no totals is paid what they come to, in the digits of its currency', () => {
    const { invoices } = matchOf({
      receipts: [receiptOf('10')],
      invoices: [{ number: 'INV-1', lines, taxes: tax('23.75'), prepaid: '8.7' }],
    })
    expect(invoices[0]?.payable).toBe('140.05')
  })

  const atSeven = { lines: [{ number: '1', quantity: '10', unitPrice: '12.50', taxRate: '7' }] }

  it.each([
    ['a breakdown at another rate', { taxes: tax('23.75') }, ['tax-base', 'tax-base']],
    ['a breakdown at the rate of the order', { taxes: [{ rate: '7', base: '125.00', amount: '8.75' }] }, []],
    ['another tax total than the order’s rates make', { taxTotal: '23.75', grossTotal: '148.75' }, ['tax-total']],
    ['the tax total of the order’s rates', { taxTotal: '8.75', grossTotal: '133.75' }, []],
  ])('%s is held against the order’s rate, where its lines name none', (_case, stated, rules) => {
    const { invoices } = matchOf({
      order: atSeven,
      receipts: [receiptOf('10')],
      invoices: [{ number: 'INV-1', lines, ...stated }],
    })
    expect(invoices[0]?.findings.map(({ rule }) => rule)).toEqual(rules)
  })
})
