import { describe, expect, it } from 'vitest'
import { IncomingPayment, Refund } from '#domain/documents.ts'
import { parse } from '#domain/schema.ts'

const payment = { salesOrder: 'T1', payment: 'P1', receivedOn: '2026-01-05' }
const refund = { salesOrder: 'T1', refund: 'RF-1', requestedOn: '2026-01-05', of: 'amount' }

describe('money', () => {
  it.each([
    ['10.05', 'EUR'],
    ['10.0500', 'EUR'],
    ['12.345', 'KWD'],
    ['100', 'JPY'],
  ])('of %s %s is taken, as a payment and as a refund', (amount, currency) => {
    expect(parse(IncomingPayment, { ...payment, amount, currency }, 'The payment')).toMatchObject({ amount })
    expect(parse(Refund, { ...refund, amount, currency }, 'The refund')).toMatchObject({ amount })
  })

  it.each([
    ['10.005', 'EUR', 2],
    ['100.5', 'JPY', 0],
    ['12.3456', 'KWD', 3],
  ])('of %s %s is finer than the currency, and refused with field, value and rule', (amount, currency, digits) => {
    const rule = `amount must not be finer than ${currency} allows, which has ${digits} decimals (was "${amount}")`
    expect(() => parse(IncomingPayment, { ...payment, amount, currency }, 'The payment')).toThrow(rule)
    expect(() => parse(Refund, { ...refund, amount, currency }, 'The refund')).toThrow(rule)
  })

  it('in a currency that is no code is refused for that alone', () => {
    const wrong = { ...payment, amount: '10.005', currency: 'euro' }
    expect(() => parse(IncomingPayment, wrong, 'The payment')).toThrow(/^The payment is not valid: currency must be/)
  })
})
