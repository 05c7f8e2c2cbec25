import { expect, it } from 'vitest'
import { signatureOf } from '#domain/failure-signature.ts'

const failure = { stage: 'AcceptSalesOrder', class: 'business', code: 'UNKNOWN_CUSTOMER', system: 'tryton' }

it('groups what differs only in ids, numbers and quoted values', () => {
  const one = signatureOf({ ...failure, message: 'customer.id "C-1": not known in tryton' })
  const other = signatureOf({ ...failure, message: 'customer.id "X99": not known in tryton' })
  expect(one).toBe(other)
  expect(one).toBe('AcceptSalesOrder | business | UNKNOWN_CUSTOMER | tryton | customer.id … : not known in tryton')
})

it.each([
  ['state', { stage: 'CreateSalesOrder' }],
  ['class', { class: 'bug' }],
  ['code', { code: 'UNKNOWN_ITEM' }],
  ['system', { system: undefined }],
] as const)('tells apart by %s', (_part, change) => {
  expect(signatureOf({ ...failure, message: 'no', ...change })).not.toBe(signatureOf({ ...failure, message: 'no' }))
})

it('groups what differs only in how much of an order is unknown', () => {
  const signatures = [1, 2, 7].map((count) => {
    const places = Array.from({ length: count }, (_, index) => `lines[${index}].item.id "P${index}"`)
    return signatureOf({ ...failure, code: 'UNKNOWN_ITEM', message: `${places.join(', ')}: not known in tryton` })
  })
  expect(new Set(signatures)).toEqual(
    new Set(['AcceptSalesOrder | business | UNKNOWN_ITEM | tryton | … : not known in tryton']),
  )
})
