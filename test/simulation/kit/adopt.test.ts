import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { putCrossReference } from '#aws/cross-reference-store.ts'
import { claimPosting, markPosted } from '#aws/posting-store.ts'
import { recordSignal } from '#aws/signal-store.ts'
import { update } from '#aws/table.ts'
import type { NumberedDocument } from '#connectors/port.ts'
import { referenceOf } from '#domain/fingerprint.ts'
import type { PostingName } from '#domain/keys.ts'
import {
  begin,
  books,
  caseKey,
  decide,
  executionArn,
  itemsOf,
  leaveMoneyRefused,
  openCase,
  replaceOutside,
  theQuestion,
} from './inbox-world.ts'

beforeAll(replaceOutside)
beforeEach(begin)

const own = referenceOf('own', 16)
const payment = { document: 'incoming-payment', number: 'P1' } as const
const refund = { document: 'outgoing-payment', number: 'RF-1/0+71.04' } as const
const allocation = { document: 'payment-allocation', number: 'customer-invoice/DN-1/0+71.04' } as const
const creditNote = { document: 'credit-note', number: 'refund/RF-1' } as const

const entry = (
  direction: NumberedDocument['direction'],
  amount: string,
  more: Partial<NumberedDocument> = {},
): NumberedDocument => ({
  document: { id: '9', number: 'E9', amount, currency: 'EUR' },
  isInEffect: true,
  direction,
  customerIds: ['5'],
  salesOrderIds: [],
  ...more,
})

async function paid(amount: string, currency = 'EUR') {
  const data = { amount, currency }
  const occurredAt = '2026-11-24T09:00:00Z'
  await recordSignal(caseKey, {
    kind: 'incoming-payment',
    number: 'P1',
    eventId: 'e1',
    occurredAt,
    fingerprint: 'f',
    data,
  })
}

/** The case has a posting of this document already. */
async function post(name: PostingName, id: string) {
  const owner = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
  const content = { fingerprint: 'g', reference: referenceOf(name.number, 16) }
  await markPosted(await claimPosting(owner, name, undefined, 'c0', content, undefined), { id }, undefined)
}

async function adopt(name: PostingName, found: NumberedDocument, more: Parameters<typeof decide>[1] = {}) {
  if (itemsOf('INBOX#').length === 0) await leaveMoneyRefused(name, own)
  books.set(`${name.document} E9`, [found])
  await decide('adopt', { document: 'E9', ...more })
  const { status, refused } = theQuestion()
  return refused?.code ?? status
}

describe('an entry for a payment', () => {
  beforeEach(async () => {
    await openCase()
    await paid('71.04')
  })

  it.each<[string, PostingName, NumberedDocument, string]>([
    ['of a payment over its amount', payment, entry('incoming', '71.04'), 'decided'],
    ['of a refund over its amount', refund, entry('outgoing', '71.04'), 'decided'],
    ['of an allocation over its amount', allocation, entry('allocation', '71.04'), 'decided'],
    ['under the reference of this posting', refund, entry('outgoing', '71.04', { reference: own }), 'decided'],
    ['under a text of somebody', refund, entry('outgoing', '71.04', { reference: 'by hand' }), 'decided'],
    ['that the customer paid, as what he is paid', refund, entry('incoming', '71.04'), 'OTHER_KIND'],
    ['that the customer is paid, as what he paid', payment, entry('outgoing', '71.04'), 'OTHER_KIND'],
    ['that is no payment at all', payment, entry(undefined, '71.04'), 'OTHER_KIND'],
    ['over less', refund, entry('outgoing', '50.00'), 'OTHER_AMOUNT'],
    ['over less than came', payment, entry('incoming', '71.03'), 'OTHER_AMOUNT'],
    ['over more than is to be allocated', allocation, entry('allocation', '71.05'), 'OTHER_AMOUNT'],
    [
      'in another currency',
      payment,
      entry('incoming', '71.04', { document: { id: '9', amount: '71.04', currency: 'USD' } }),
      'OTHER_AMOUNT',
    ],
    [
      'under the reference of another posting of the hub',
      refund,
      entry('outgoing', '71.04', { reference: referenceOf('another', 16) }),
      'OF_ANOTHER_POSTING',
    ],
  ])('%s', async (_what, name, found, code) => {
    expect(await adopt(name, found)).toBe(code)
  })

  it('that is this case’s own, of another kind, is taken', async () => {
    await post(payment, '9')
    expect(await adopt(refund, entry('outgoing', '71.04'))).toBe('ALREADY_TAKEN')
    expect(theQuestion().refused?.message).toContain('the document of incoming-payment/P1')
  })

  it('with the id of another record is not taken', async () => {
    await post({ document: 'customer-invoice', number: 'DN-1' }, '9')
    expect(await adopt(refund, entry('outgoing', '71.04'))).toBe('decided')
  })

  it('that was adopted in another case of the same customer is taken', async () => {
    const key = { pk: 'ADOPTED#erp#incoming-payment#9', sk: 'ADOPTED' }
    await update({ key, update: 'SET adoptedBy = :by', values: { ':by': 'shop/sales-order/T0/incoming-payment/P0' } })
    expect(await adopt(refund, entry('outgoing', '71.04'))).toBe('ALREADY_TAKEN')
    expect(theQuestion().refused?.message).toBe('it was adopted for shop/sales-order/T0/incoming-payment/P0')
    expect(itemsOf('POSTING#')).toEqual([expect.objectContaining({ status: 'refused' })])
  })
})

it('a document over more than what was asked about needs two persons above the limit', async () => {
  await openCase('20.00')
  const found = entry(undefined, '5000.00')
  expect(await adopt(creditNote, found)).toBe('proposed')
  expect(await adopt(creditNote, found, { id: 'd2' })).toBe('SAME_PERSON')
  expect(await adopt(creditNote, found, { id: 'd3', by: 'bob' })).toBe('decided')
})

describe('a document of what is bought', () => {
  const order = { document: 'purchase-order', number: 'T1' } as const
  const receipt = { document: 'goods-receipt', number: 'DN-1' } as const
  const invoice = { document: 'supplier-invoice', number: '4711' } as const
  const note = { document: 'supplier-credit-note', number: 'CN-1' } as const
  const paid = { document: 'supplier-payment', number: 'supplier-invoice/4711/0+71.04' } as const
  const paidBack = { document: 'supplier-payment', number: 'supplier-credit-note/CN-1/0+71.04' } as const
  const settled = { document: 'supplier-payment-allocation', number: 'supplier-invoice/4711/0+71.04' } as const
  const found = (more: Partial<NumberedDocument> = {}) =>
    entry(undefined, '71.04', { customerIds: ['6'], purchaseOrderIds: ['77'], ...more })
  const over = (amount: string, currency = 'EUR') => found({ document: { id: '9', number: 'E9', amount, currency } })
  const told = async (kind: 'supplier-invoice' | 'supplier-credit-note', number: string, more: object) => {
    const lines = [{ line: '1', quantity: '1', unitPrice: '59.70' }]
    const data = { number, lines, ...more }
    const occurredAt = '2026-11-24T09:00:00Z'
    await recordSignal(caseKey, { kind, number, eventId: `e-${number}`, occurredAt, fingerprint: 'f', data })
  }
  const moved = (direction: NumberedDocument['direction'], more: Partial<NumberedDocument> = {}) =>
    found({ direction, ...more })

  beforeEach(async () => {
    await openCase('44.50', { supplier: { id: 'S1' } })
    await putCrossReference('shop', 'supplier', 'S1', 'erp', '6')
    await told('supplier-invoice', '4711', { taxTotal: '11.34' })
    await told('supplier-credit-note', 'CN-1', { taxTotal: '11.34' })
  })

  it('that is the purchase order is adopted by its supplier, before the hub has any', async () => {
    expect(await adopt(order, found({ purchaseOrderIds: ['9'] }))).toBe('decided')
  })

  it('that is the purchase order of another supplier is not', async () => {
    expect(await adopt(order, found({ customerIds: ['5'] }))).toBe('OF_ANOTHER')
    expect(theQuestion().refused?.message).toContain('of another supplier or purchase order')
  })

  it.each<[string, PostingName, NumberedDocument, string]>([
    ['a goods receipt for it', receipt, found(), 'decided'],
    ['a goods receipt for another order of the supplier', receipt, found({ purchaseOrderIds: ['78'] }), 'OF_ANOTHER'],
    ['a receipt that is not done', receipt, found({ isInEffect: false }), 'NOT_IN_EFFECT'],
    ['a supplier invoice for it', invoice, found(), 'decided'],
    ['a supplier invoice for no order, by its supplier', invoice, found({ purchaseOrderIds: [] }), 'decided'],
    ['an invoice of another supplier', invoice, found({ purchaseOrderIds: [], customerIds: ['5'] }), 'OF_ANOTHER'],
    ['a credit note for it', note, found(), 'decided'],
    ['a supplier invoice over more than he has billed', invoice, over('71.05'), 'OTHER_AMOUNT'],
    ['a supplier invoice over less', invoice, over('59.70'), 'OTHER_AMOUNT'],
    ['a supplier invoice in another currency', invoice, over('71.04', 'USD'), 'OTHER_AMOUNT'],
    ['a credit note over less than he has given back', note, over('71.03'), 'OTHER_AMOUNT'],
    ['a payment to the supplier over its amount', paid, moved('outgoing'), 'decided'],
    ['a payment by the supplier, as one to him', paid, moved('incoming'), 'OTHER_KIND'],
    ['a payment by the supplier for his credit note', paidBack, moved('incoming'), 'decided'],
    ['a payment to the supplier for his credit note', paidBack, moved('outgoing'), 'OTHER_KIND'],
    ['an allocation as a payment', paid, moved('allocation'), 'OTHER_KIND'],
    ['an allocation on the supplier’s account', settled, moved('allocation'), 'decided'],
    [
      'a payment over less',
      paid,
      moved('outgoing', { document: { id: '9', amount: '71.03', currency: 'EUR' } }),
      'OTHER_AMOUNT',
    ],
    ['a payment for another order', paid, moved('outgoing', { purchaseOrderIds: ['78'] }), 'OF_ANOTHER'],
    [
      'the document of another posting of the hub',
      receipt,
      found({ reference: referenceOf('another', 16) }),
      'OF_ANOTHER_POSTING',
    ],
  ])('once the purchase order stands: %s', async (_what, name, one, code) => {
    await post(order, '77')
    expect(await adopt(name, one)).toBe(code)
  })

  it.each<[string, object, string, string]>([
    ['with what it rounds', { taxTotal: '11.34', rounding: '-0.04' }, '71.00', 'decided'],
    ['whatever of it is prepaid', { taxTotal: '11.34', prepaid: '20.00', payable: '51.04' }, '71.04', 'decided'],
    ['as its gross total says', { grossTotal: '71.04' }, '71.05', 'OTHER_AMOUNT'],
    ['by its lines’ rates', { lines: [{ line: '1', quantity: '1', unitPrice: '50', taxRate: '20' }] }, '61.00', 'OTHER_AMOUNT'],
    ['not where the ERP alone knows its tax', {}, '71.64', 'decided'],
  ])('an invoice is compared %s', async (_what, more, amount, code) => {
    await post(order, '77')
    await told('supplier-invoice', '4712', more)
    expect(await adopt({ ...invoice, number: '4712' }, over(amount))).toBe(code)
  }) // biome-ignore format: a table

  it('that this case has for another kind of the same row is taken', async () => {
    await post(order, '77')
    await post(invoice, '9')
    expect(await adopt(note, found())).toBe('ALREADY_TAKEN')
  })
})
