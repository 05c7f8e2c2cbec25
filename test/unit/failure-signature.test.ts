import { expect, it } from 'vitest'
import { signatureOf } from '#domain/failure-signature.ts'

const failure = { stage: 'AcceptSalesOrder', class: 'business', code: 'UNKNOWN_CUSTOMER', system: 'tryton' }

it('groups what differs only in ids, numbers and quoted values', () => {
  const one = signatureOf({ ...failure, message: 'customer.id "C-1": shop has a customer that tryton does not know' })
  const other = signatureOf({ ...failure, message: 'customer.id "X99": shop has a customer that tryton does not know' })
  expect(one).toBe(other)
  expect(one).toBe(
    'AcceptSalesOrder | business | UNKNOWN_CUSTOMER | tryton | customer.id … : shop has a customer that tryton does not know',
  )
})

it.each([
  ['state', { stage: 'CreateSalesOrder' }],
  ['class', { class: 'bug' }],
  ['code', { code: 'UNKNOWN_ITEM' }],
  ['system', { system: undefined }],
] as const)('tells apart by %s', (_part, change) => {
  expect(signatureOf({ ...failure, message: 'no', ...change })).not.toBe(signatureOf({ ...failure, message: 'no' }))
})
