import { describe, expect, it } from 'vitest'
import { Address, Decimal, date, idOf, Quantity, recordId } from '#connectors/tryton/wire.ts'
import { PoisonMessageError } from '#domain/errors.ts'

describe('what Tryton writes', () => {
  it.each([
    ['9.80', '9.8'],
    ['0E-4', '0'],
    ['-1234567.8900', '-1234567.89'],
    ['1E+3', '1000'],
  ])('reads a decimal as Python prints it: %s', (decimal, text) => {
    expect(Decimal.parse({ __class__: 'Decimal', decimal })).toBe(text)
  })

  it('reads a quantity, which is a float, as a decimal without an exponent', () => {
    expect(Quantity.parse(12)).toBe('12')
    expect(Quantity.parse(1e-7)).toBe('0.0000001')
  })

  it('reads a boolean that SQLite answers as a number', () => {
    const address = { id: 1, party_name: null, street_unstructured: null, city: null, postal_code: null, country: null }
    expect(Address.parse({ ...address, invoice: 0, delivery: 1 })).toMatchObject({ invoice: false, delivery: true })
    expect(Address.parse({ ...address, invoice: false, delivery: true })).toMatchObject({
      invoice: false,
      delivery: true,
    })
  })

  it('reads a reference only as the model that is asked for', () => {
    expect(idOf('sale.line,7', 'sale.line')).toBe(7)
    expect(idOf('stock.move,7', 'sale.line')).toBeUndefined()
    expect(idOf(null, 'sale.line')).toBeUndefined()
  })
})

describe('what goes out', () => {
  it('writes a date in parts', () => {
    expect(date('2026-11-24')).toEqual({ __class__: 'date', year: 2026, month: 11, day: 24 })
  })

  it.each(['', '0', 'abc', '1.5', '-3', '1e3'])('takes no id that Tryton cannot have: "%s"', (id) => {
    expect(() => recordId(id)).toThrow(PoisonMessageError)
  })
})
