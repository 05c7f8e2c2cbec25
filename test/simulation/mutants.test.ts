import { describe, expect, it } from 'vitest'
import { purchaseMutants } from './mutants/purchases.ts'
import { mutants } from './mutants.ts'
import { runProfile } from './simulate/run-profile.ts'

const schedules = 300
/** Under which few are needed, so that this takes no longer than it must. */
const seedOf = { 'order-to-cash': 'ci', 'procure-to-pay': '1' } as const

/** What only some hundreds of schedules show is tried by `npm run simulate -- --mutants` alone. */
const often = [
  ...mutants.map((one) => ({ process: 'order-to-cash' as const, ...one })),
  ...purchaseMutants.map((one) => ({ process: 'procure-to-pay' as const, ...one })),
].filter(({ isRare }) => !isRare)

describe('a law is broken soon', () => {
  it.each(often)('in $process with $name ($profile)', async ({ process, profile, broken, apply }) => {
    const undo = apply?.()
    try {
      const options = { maximumFailures: 1, ...(broken && { broken }) }
      const { failures } = await runProfile({ process, profile }, seedOf[process], schedules, options)
      expect(failures).toHaveLength(1)
    } finally {
      undo?.()
    }
  })
})
