import { describe, expect, it } from 'vitest'
import type { ErpLimits } from '#domain/erp-limits.ts'
import { benchBudget } from '../../bench/budget-run.ts'

const account = (more: Partial<ErpLimits>): ErpLimits => ({
  slots: 30,
  rates: [],
  unitsPerCall: 1,
  source: 'test',
  ...more,
})

describe('the budget of an ERP account', () => {
  it.each([
    ['1 at once', account({ slots: 1 })],
    ['7 at once', account({ slots: 7 })],
    ['20 a second', account({ rates: [{ units: 20, perSeconds: 1 }] })],
    ['60 units a second, 3 a call', account({ rates: [{ units: 60, perSeconds: 1 }], unitsPerCall: 3 })],
    [
      '100 in 10 seconds, and 20 a second',
      account({
        rates: [
          { units: 100, perSeconds: 10 },
          { units: 20, perSeconds: 1 },
        ],
      }),
    ],
    ['120 at once and 70 a second, in several shards', account({ slots: 120, rates: [{ units: 70, perSeconds: 1 }] })],
  ])('is never exceeded, and nobody starves, though Lambdas are killed: %s', async (name, limits) => {
    const result = await benchBudget({ seed: name, limits, cases: 40, killRate: 0.04 })
    expect(result).toMatchObject({ exceeded: 0, unserved: 0 })
    expect(result.kills).toBeGreaterThan(0)
  })
})
