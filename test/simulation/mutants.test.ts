import { describe, expect, it } from 'vitest'
import { mutants } from './mutants.ts'
import { runProfile } from './simulate/run-profile.ts'

const schedules = 300

/** What only some hundreds of schedules show is tried by `npm run simulate -- --mutants` alone. */
const often = mutants.filter(({ isRare }) => !isRare)

describe('a law is broken soon', () => {
  it.each(often)('with $name ($profile)', { timeout: 120_000 }, async ({ profile, broken, apply }) => {
    const undo = apply?.()
    try {
      const options = { maximumFailures: 1, ...(broken && { broken }) }
      const { failures } = await runProfile(profile, 'ci', schedules, options)
      expect(failures).toHaveLength(1)
    } finally {
      undo?.()
    }
  })
})
