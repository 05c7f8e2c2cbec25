import type { ProcessName } from '#domain/processes.ts'
import type { ProfileName } from '../erp/profiles.ts'
import { type History, type HistoryOptions, profiles, runHistory } from '../history.ts'
import { addReachedExits } from '../machine/coverage.ts'
import { runPurchases } from '../purchases/run-purchases.ts'
import { EndlessError } from '../simulation-error.ts'

/** What the histories are of, and which ERP they meet. */
export type Subject = { readonly process: ProcessName; readonly profile: ProfileName }

/** Histories that are run one after the other in one thread. The seeds of a profile are cut into the same blocks always. */
export type Block = Subject & { readonly seeds: readonly string[] }

export type Failure = Subject & Pick<History, 'seed' | 'violations'>

/** What one history came to, as far as anybody counts it. */
export type HistoryCount = {
  readonly outcomes: readonly string[]
  readonly faults: number
  readonly calls: number
  readonly digest: number
  readonly failure?: Failure
}

export type BlockResult = { readonly histories: readonly HistoryCount[]; readonly reached: readonly string[] }

export const blockSize = 20

/** One schedule bears the seed itself; of several each has its own, which runs it alone. */
export function blocksOf(subject: Subject, seed: string, schedules: number): readonly Block[] {
  const seeds = schedules === 1 ? [seed] : Array.from({ length: schedules }, (_, i) => `${seed}/${i + 1}`)
  return Array.from({ length: Math.ceil(schedules / blockSize) }, (_, i) => ({
    ...subject,
    seeds: seeds.slice(i * blockSize, (i + 1) * blockSize),
  }))
}

/** @param maximumFailures ends the block early: nobody counts what comes after them */
export async function runBlock(
  { process, profile, seeds }: Block,
  maximumFailures: number,
  broken?: HistoryOptions['broken'],
): Promise<BlockResult> {
  const histories: HistoryCount[] = []
  const reached = new Set<string>()
  let failures = 0
  for (const seed of seeds) {
    if (failures === maximumFailures) break
    const { executions, violations, calls, digest, faults, outcomes } = await run({ process, profile }, seed, broken)
    addReachedExits(reached, executions)
    const isBroken = violations.length > 0
    if (isBroken) failures += 1
    histories.push({
      outcomes: Object.values(outcomes),
      faults: faults.length,
      calls,
      digest,
      ...(isBroken && { failure: { process, profile, seed, violations } }),
    })
  }
  return { histories, reached: [...reached] }
}

/** A history of which a machine never ends breaks a law as well, and says nothing more. */
async function run({ process, profile }: Subject, seed: string, broken: HistoryOptions['broken']): Promise<Played> {
  const options = { seed, ...(broken && { broken }) }
  try {
    return process === 'order-to-cash'
      ? await runHistory({ ...options, profile })
      : await runPurchases({ ...options, profile: profiles[profile] })
  } catch (error) {
    if (!(error instanceof EndlessError)) throw error
    const violations = [{ law: 'told' as const, what: error.message }]
    return { executions: [], violations, calls: 0, digest: 0, faults: [], outcomes: {} }
  }
}

type Played = Pick<History, 'executions' | 'violations' | 'calls' | 'digest' | 'faults'> & {
  readonly outcomes: History['outcomes'] | readonly string[]
}
