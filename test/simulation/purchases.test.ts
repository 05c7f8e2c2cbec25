import { describe, expect, it } from 'vitest'
import { profiles } from './history.ts'
import { runPurchases } from './purchases/run-purchases.ts'

const guarded = [profiles['natural-key'], profiles['if-unchanged'], profiles['look-up'], profiles['one-writer']]

describe('purchases under faults, duplicates and people', () => {
  it.each(guarded)('break no law with an ERP of profile $name', { timeout: 120_000 }, async (profile) => {
    for (let index = 0; index < 40; index++) {
      const seed = `ci-${index}`
      const { violations, outcomes, purchases } = await runPurchases({ seed, profile })
      expect({ seed, violations }).toEqual({ seed, violations: [] })
      expect(outcomes).toHaveLength(purchases.length)
    }
  })
})
