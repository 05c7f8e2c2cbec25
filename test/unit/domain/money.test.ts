import { describe, expect, it } from 'vitest'
import { isFinerThan, minorUnitsOf, roundAmount } from '#domain/money.ts'

describe('the decimals of a currency', () => {
  it.each([
    [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    [2, 'EUR USD GBP CHF MGA MRU TWD'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
  ])('are %d by ISO 4217 for %s', (digits, currencies) => {
    for (const currency of currencies.split(' ')) expect([currency, minorUnitsOf(currency)]).toEqual([currency, digits])
  })

  it('are all written, and no more', () => {
    expect(roundAmount('12.3455', 'KWD', 'half-even')).toBe('12.346')
    expect(roundAmount('1234.5', 'JPY', 'half-up')).toBe('1235')
    expect(roundAmount('11.9', 'EUR', 'half-up')).toBe('11.90')
  })
})

describe('an amount', () => {
  it.each([
    ['10.00', 'EUR', false],
    ['10.0000', 'EUR', false],
    ['10.005', 'EUR', true],
    ['12.345', 'KWD', false],
    ['12.3456', 'KWD', true],
    ['100', 'JPY', false],
    ['100.0', 'JPY', false],
    ['100.5', 'JPY', true],
  ])('%s %s is finer than its currency: %s', (amount, currency, isFiner) => {
    expect(isFinerThan(amount, currency)).toBe(isFiner)
  })
})
