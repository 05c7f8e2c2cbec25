import { describe, expect, it } from 'vitest'
import {
  ApprovalPolicy,
  dueOn,
  needsApproval,
  netTotalOf,
  PurchaseRequisition,
  purchaseOrderOf,
} from '#domain/purchase-requisition.ts'
import { parse } from '#domain/schema.ts'

const requisition = {
  number: 'PR-1',
  company: 'C1',
  supplier: 'S1',
  orderedOn: '2026-11-24',
  currency: 'EUR',
  lines: [{ number: '1', item: 'P01', quantity: '3', unitPrice: '10.005' }],
}

describe('a purchase requisition', () => {
  const parsed = parse(PurchaseRequisition, { ...requisition, requestedBy: 'Ann' }, 'It')

  it('becomes the purchase order of its number, without what only the buyer needs to know', () => {
    expect(purchaseOrderOf(parsed)).toMatchObject({ number: 'PR-1', currency: 'EUR', supplier: { id: 'S1' } })
    expect(Object.keys(purchaseOrderOf(parsed))).not.toEqual(expect.arrayContaining(['company', 'requestedBy']))
  })

  it.each([
    ['a line alone, rounded', {}, '30.02'],
    [
      'with freight, charges and allowances',
      { freight: '5', charges: [{ amount: '1' }], allowances: [{ amount: '0.02' }] },
      '36.00',
    ],
    ['a discount', { lines: [{ number: '1', quantity: '4', unitPrice: '2.50', discount: '0.1' }] }, '9.00'],
    [
      'a price for a hundred',
      { lines: [{ number: '1', quantity: '250', unitPrice: '3', priceQuantity: '100' }] },
      '7.50',
    ],
    ['a currency without decimals', { currency: 'JPY' }, '30'],
    ['a currency with three', { currency: 'KWD' }, '30.015'],
  ])('%s comes to its net total', (_what, change, netTotal) => {
    expect(netTotalOf(parse(PurchaseRequisition, { ...requisition, ...change }, 'It'))).toBe(netTotal)
  })

  it('names the field, the value and the rule where it is wrong', () => {
    const wrong = { ...requisition, company: '', lines: [{ ...requisition.lines[0], quantity: '0' }] }
    const reading = () => parse(PurchaseRequisition, wrong, 'It')
    expect(reading).toThrow('lines[0].quantity must be more than zero (was "0")')
    expect(reading).toThrow(/company .+ \(was ""\)/)
  })
})

describe('an approval', () => {
  const policy = ApprovalPolicy.parse([
    { company: '*', currency: 'EUR', above: '1000' },
    { company: 'C1', currency: 'EUR', above: '50.00' },
    { company: 'C1', currency: 'JPY', above: '0' },
  ])
  it.each([
    ['C1', 'EUR', '50', false],
    ['C1', 'EUR', '50.01', true],
    ['C2', 'EUR', '1000.00', false],
    ['C2', 'EUR', '1000.01', true],
    ['C1', 'JPY', '1', true],
    ['C2', 'USD', '0.01', true],
  ])('for %s in %s over %s is needed: %s', (company, currency, netTotal, needed) => {
    expect(needsApproval(policy, { company, currency }, netTotal)).toBe(needed)
  })

  it('cannot have two rules for one company and currency', () => {
    const twice = [
      { company: 'C1', currency: 'EUR', above: '1' },
      { company: 'C1', currency: 'EUR', above: '2' },
    ]
    expect(() => parse(ApprovalPolicy, twice, 'approvals')).toThrow('[1] must have one rule for company C1 and EUR')
  })
})

describe('an invoice is due', () => {
  const usual = { days: 30, from: 'invoice-date' } as const
  const net = (days: number, from: 'invoice-date' | 'end-of-month' | 'last-receipt') => ({ days, from })
  it.each([
    ['by the usual terms', undefined, undefined, undefined, '2026-12-10'],
    ['when it says, where nothing was agreed', undefined, '2026-11-20', undefined, '2026-11-20'],
    ['as was agreed, whatever it says', net(14, 'invoice-date'), '2026-11-20', undefined, '2026-11-24'],
    ['at once', net(0, 'invoice-date'), undefined, undefined, '2026-11-10'],
    ['after the end of the month', net(10, 'end-of-month'), undefined, undefined, '2026-12-10'],
    ['after the last receipt', net(7, 'last-receipt'), undefined, '2026-11-13', '2026-11-20'],
    ['after itself, where nothing was received', net(7, 'last-receipt'), undefined, undefined, '2026-11-17'],
  ])('%s', (_when, agreed, statedDueOn, receivedOn, day) => {
    expect(dueOn({ agreed, usual, issuedOn: '2026-11-10', statedDueOn, receivedOn })).toBe(day)
  })
})
