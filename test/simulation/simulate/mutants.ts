import type { ProfileName } from '../erp/profiles.ts'
import { mutants } from '../mutants.ts'
import { runProfile } from './run-profile.ts'

/** Each protection off, one at a time: says how soon a law is broken, and fails when one is missed by nobody. */
export async function tryMutants(seed: string, schedules: number, names: readonly ProfileName[]): Promise<number> {
  let survivors = 0
  for (const { name, profile, apply, broken } of mutants) {
    if (!names.includes(profile)) continue
    const undo = apply?.()
    const result = await runProfile(profile, seed, schedules, { maximumFailures: 1, ...(broken && { broken }) })
    undo?.()
    const [failure] = result.failures
    if (failure === undefined) survivors += 1
    const [violation] = failure?.violations ?? []
    const verdict =
      violation === undefined
        ? `SURVIVED ${result.schedules} schedules`
        : `caught after ${result.schedules} schedules, ${violation.law}: ${violation.what}`
    console.log(`${name.padEnd(48)} ${profile.padEnd(13)} ${verdict}`)
  }
  return survivors > 0 ? 1 : 0
}
