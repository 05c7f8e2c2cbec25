import { expect, it } from 'vitest'
import { mostTaxDifference } from '#connectors/tryton/supplier-invoice.ts'

it.each([
  ['EUR', 3, '0.03'],
  ['JPY', 3, '3'],
  ['KWD', 3, '0.003'],
])('takes what %s rounds to as rounding of %i lines and rates: %s', (currency, roundings, most) => {
  expect(mostTaxDifference(currency, roundings).toFixed()).toBe(most)
})
