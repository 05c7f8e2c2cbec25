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

  it('no totals is paid what they come to, in the digits of its currency', () => {
    const { invoices } = matchOf({
      receipts: [receiptOf('10')],
      invoices: [{ number: 'INV-1', lines, taxes: tax('23.75'), prepaid: '8.7' }],
    })
    expect(invoices[0]?.payable).toBe('140.05')
  })
})
