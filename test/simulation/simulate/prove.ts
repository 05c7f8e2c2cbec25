import type { ProcessName } from '#domain/processes.ts'
import type { ProfileName } from '../erp/profiles.ts'
import { showProgress } from './progress.ts'
import { missedExits, type ProfileResult, runProfileInThreads } from './run-profile.ts'
import { describeFailure } from './shrink-history.ts'
import { startThreads } from './threads.ts'

export type Proof = {
  readonly results: readonly ProfileResult[]
  readonly missedExits: readonly { readonly process: ProcessName; readonly exits: readonly string[] }[]
  /** Ended by Ctrl-C: then the results are of what had been done. */
  readonly isInterrupted: boolean
}

/** Runs so many histories of each profile, and says what broke a law. */
export async function prove(settings: {
  readonly processes: readonly ProcessName[]
  readonly names: readonly ProfileName[]
  readonly seed: string
  readonly schedules: number
  readonly jobs: number
}): Promise<Proof> {
  const { processes, names, seed, schedules, jobs } = settings
  const threads = startThreads(jobs)
  const progress = showProgress(schedules, processes.length * names.length)
  const reached = new Map(processes.map((name) => [name, new Set<string>()]))
  const subjects = processes.flatMap((process) => names.map((profile) => ({ process, profile })))
  const results: ProfileResult[] = []
  let isInterrupted = false
  const interrupt = () => {
    isInterrupted = true
    void threads.stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupt)
  try {
    for (const subject of subjects) {
      if (isInterrupted) break
      const result = await runProfileInThreads(subject, seed, schedules, {
        threads,
        reached: reached.get(subject.process) ?? new Set(),
        onProgress: (sum, seconds) => {
          const { done, failed } = sum.progress()
          progress.tell(`${subject.process} ${subject.profile}`, done, failed, seconds)
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
  const missed = [...reached].map(([process, exits]) => ({ process, exits: missedExits(process, exits) }))
  if (isInterrupted) console.log('Interrupted: this is what had been done.')
  else for (const { process, exits } of missed) console.log(`${process}: ${lineOfExits(exits)}`)
  return { results, missedExits: missed, isInterrupted }
}

function lineOfExits(missed: readonly string[]): string {
  return missed.length === 0 ? 'every exit of every state was reached' : `exits not reached: ${missed.join(', ')}`
}

function line(result: ProfileResult): string {
  const { process, profile, schedules, failures, outcomes, faults, calls, seconds, cpuSeconds, warmRate } = result
  const ends = Object.entries(outcomes).map(([status, count]) => `${count} ${status}`)
  const verdict = failures.length === 0 ? 'every law held' : `${failures.length} VIOLATED`
  const warm = warmRate === undefined ? '' : `, ${warmRate.toFixed(0)} once warm`
  const rate = `${(schedules / seconds).toFixed(0)} histories/s, ${(schedules / cpuSeconds).toFixed(0)} per processor second${warm}`
  const each = `${faults} faults, ${(calls / schedules).toFixed(0)} calls each`
  return `${process} ${profile.padEnd(13)} ${schedules} schedules, ${verdict}; cases: ${ends.join(', ')}; ${each}; ${rate}`
}
