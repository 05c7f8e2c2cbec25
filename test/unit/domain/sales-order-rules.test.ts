import { describe, expect, it } from 'vitest'
import { SalesOrder } from '#domain/documents.ts'
import { findContradictions } from '#domain/sales-order-rules.ts'
import type { Source } from '#domain/sources.ts'

const shop: Source = { system: 'shop', rounding: 'half-up', taxRounding: 'by rate' }
const today = '2026-11-24'

/** Net 10.05 + 10.05 + 2.03 and freight 5.00 = 27.13; tax 20 % of 25.10 = 5.02 and 5 % of 2.03 = 0.10 (0.1015). */
const order = {
  number: 'T1',
  orderedOn: '2026-11-24',
  requestedOn: '2026-11-24',
  currency: 'EUR',
  customer: { id: 'C1' },
  lines: [
    { number: '1', item: { id: 'P1' }, quantity: '1', unitPrice: '10.05', taxCode: 'standard', taxRate: '20' },
    { number: '2', item: { id: 'P1' }, quantity: '3', unitPrice: '3.35', taxCode: 'standard', taxRate: '20.0' },
    { number: '3', item: { id: 'P2' }, quantity: '1', unitPrice: '2.03', taxCode: 'reduced', taxRate: '5' },
  ],
  freight: '5.00',
  freightTaxCode: 'standard',
  freightTaxRate: '20',
  netTotal: '27.13',
  taxTotal: '5.12',
  grossTotal: '32.25',
}

function find(change: Record<string, unknown>, source = shop) {
  return findContradictions(SalesOrder.parse({ ...order, ...change }), source, today)
}

describe('a sales order', () => {
  it('whose totals are the sums of its parts contradicts nothing', () => {
    expect(find({})).toEqual([])
  })
  it('may leave out its totals, its rates, and its taxes', () => {
    expect(find({ netTotal: undefined, taxTotal: undefined, grossTotal: undefined })).toEqual([])
    expect(find({ freightTaxRate: undefined, grossTotal: '32.25' })).toEqual([])
  })
  it('is checked under the rounding rule of its source', () => {
    const byLine: Source = { ...shop, taxRounding: 'by line' }
    const odd = {
      lines: [1, 2, 3].map((n) => ({ ...order.lines[0], number: String(n), unitPrice: '0.12' })),
      freight: undefined,
    }
    // 3 × 0.024 is 0.07 together, and 0.02 three times.
    const totals = { netTotal: '0.36', taxTotal: '0.07', grossTotal: '0.43' }
    expect(find({ ...odd, ...totals })).toEqual([])
    expect(find({ ...odd, ...totals }, byLine)).toMatchObject([
      { field: 'taxTotal', message: expect.stringContaining('0.06') },
    ])
    expect(find({ ...odd, netTotal: '0.36', taxTotal: '0.06', grossTotal: '0.42' }, byLine)).toEqual([])
  })

  it.each([
    ['netTotal', { netTotal: '27.14' }, 'TOTAL_DIFFERS', /netTotal 27\.14 is not .* 27\.13.* half-up rounding of shop/],
    ['taxTotal', { taxTotal: '5.13', grossTotal: '32.26' }, 'TOTAL_DIFFERS', /taxTotal 5\.13 is not .* 5\.12/],
    ['grossTotal', { grossTotal: '32.24' }, 'TOTAL_DIFFERS', /grossTotal 32\.24 is not .* 27\.13 \+ 5\.12 = 32\.25/],
    [
      'grossTotal',
      { taxTotal: undefined, freightTaxRate: undefined },
      'TOTAL_DIFFERS',
      /cannot be checked: give taxTotal/,
    ],
    ['currency', { currency: 'EUX' }, 'UNKNOWN_CURRENCY', /EUX is not in ISO 4217/],
    [
      'freight',
      { freight: '5.001', netTotal: undefined },
      'AMOUNT_TOO_FINE',
      /freight 5\.001 is finer than EUR allows/,
    ],
    [
      'orderedOn',
      { orderedOn: '2026-11-26', requestedOn: undefined },
      'DATE_IMPOSSIBLE',
      /2026-11-26 lies in the future/,
    ],
    ['requestedOn', { requestedOn: '2026-11-23' }, 'DATE_IMPOSSIBLE', /requestedOn 2026-11-23 is before orderedOn/],
  ])('is refused for its %s, with the value and the rule', (field, change, code, message) => {
    expect(find(change)).toEqual([expect.objectContaining({ code, field, message: expect.stringMatching(message) })])
  })

  it('in yen has no decimals, and in dinars three', () => {
    const yen = { currency: 'JPY', lines: [{ ...order.lines[0], unitPrice: '100' }], freight: undefined }
    expect(find({ ...yen, netTotal: '100', taxTotal: '20', grossTotal: '120' })).toEqual([])
    expect(find({ ...yen, netTotal: '100.5', taxTotal: '20', grossTotal: '120' }).map(({ code }) => code)).toContain(
      'AMOUNT_TOO_FINE',
    )
    const dinar = { ...yen, currency: 'KWD', lines: [{ ...order.lines[0], unitPrice: '1.005' }] }
    expect(find({ ...dinar, netTotal: '1.005', taxTotal: '0.201', grossTotal: '1.206' })).toEqual([])
  })

  it('says everything that is wrong at once', () => {
    expect(find({ netTotal: '1', requestedOn: '2020-01-01' })).toHaveLength(2)
  })
})
