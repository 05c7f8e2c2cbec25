import type { ProcessName } from '#domain/processes.ts'
import type { ProfileName } from '../erp/profiles.ts'
import type { Mutant } from '../mutants/mutant.ts'
import { purchaseMutants } from '../mutants/purchases.ts'
import { mutants } from '../mutants.ts'
import { runProfile } from './run-profile.ts'

const mutantsOf: Readonly<Record<ProcessName, readonly Mutant[]>> = {
  'order-to-cash': mutants,
  'procure-to-pay': purchaseMutants,
}

/** Each protection off, one at a time: says how soon a law is broken, and fails when one is missed by nobody. */
export async function tryMutants(
  processes: readonly ProcessName[],
  seed: string,
  schedules: number,
  names: readonly ProfileName[],
): Promise<number> {
  let survivors = 0
  for (const process of processes) {
    for (const { name, profile, apply, broken } of mutantsOf[process]) {
      if (!names.includes(profile)) continue
      const undo = apply?.()
      const options = { maximumFailures: 1, ...(broken && { broken }) }
      const result = await runProfile({ process, profile }, seed, schedules, options)
      undo?.()
      const [failure] = result.failures
      if (failure === undefined) survivors += 1
      const [violation] = failure?.violations ?? []
      const verdict =
        violation === undefined
          ? `SURVIVED ${result.schedules} schedules`
          : `caught after ${result.schedules} schedules, ${violation.law}: ${violation.what}`
      console.log(`${process} ${name.padEnd(48)} ${profile.padEnd(13)} ${verdict}`)
    }
  }
  return survivors > 0 ? 1 : 0
}
