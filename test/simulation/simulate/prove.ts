import type { ProfileName } from '../erp/profiles.ts'
import { showProgress } from './progress.ts'
import { missedExits, type ProfileResult, runProfileInThreads } from './run-profile.ts'
import { describeFailure } from './shrink-history.ts'
import { startThreads } from './threads.ts'

export type Proof = {
  readonly results: readonly ProfileResult[]
  readonly missedExits: readonly string[]
  /** Ended by Ctrl-C: then the results are of what had been done. */
  readonly isInterrupted: boolean
}

/** Runs so many histories of each profile, and says what broke a law. */
export async function prove(settings: {
  readonly names: readonly ProfileName[]
  readonly seed: string
  readonly schedules: number
  readonly jobs: number
}): Promise<Proof> {
  const { names, seed, schedules, jobs } = settings
  const threads = startThreads(jobs)
  const progress = showProgress(schedules, names.length)
  const reached = new Set<string>()
  const results: ProfileResult[] = []
  let isInterrupted = false
  const interrupt = () => {
    isInterrupted = true
    void threads.stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupt)
  try {
    for (const name of names) {
      if (isInterrupted) break
      const result = await runProfileInThreads(name, seed, schedules, {
        threads,
        reached,
        onProgress: (sum, seconds) => {
          const { done, failed } = sum.progress()
          progress.tell(name, done, failed, seconds)
        },
        isInterrupted: () => isInterrupted,
      })
      progress.clear()
      results.push(result)
      console.log(line(result))
      for (const failure of result.failures) {
        if (isInterrupted) break
        console.log(await describeFailure(failure))
      }
    }
  } finally {
    await threads.stop()
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt)
  }
  const missed = missedExits(reached)
  if (isInterrupted) console.log('Interrupted: this is what had been done.')
  else if (missed.length === 0) console.log('Every exit of every state was reached.')
  else console.log(`Exits not reached: ${missed.join(', ')}`)
  return { results, missedExits: missed, isInterrupted }
}

function line(result: ProfileResult): string {
  const { profile, schedules, failures, outcomes, faults, calls, seconds, cpuSeconds, warmRate } = result
  const ends = Object.entries(outcomes).map(([status, count]) => `${count} ${status}`)
  const verdict = failures.length === 0 ? 'every law held' : `${failures.length} VIOLATED`
  const warm = warmRate === undefined ? '' : `, ${warmRate.toFixed(0)} once warm`
  const rate = `${(schedules / seconds).toFixed(0)} histories/s, ${(schedules / cpuSeconds).toFixed(0)} per processor second${warm}`
  const each = `${faults} faults, ${(calls / schedules).toFixed(0)} calls each`
  return `${profile.padEnd(13)} ${schedules} schedules, ${verdict}; cases: ${ends.join(', ')}; ${each}; ${rate}`
}
