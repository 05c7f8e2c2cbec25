import type { ProfileName } from '../erp/profiles.ts'
import { type History, type HistoryOptions, runHistory } from '../history.ts'
import { definition } from '../hub/definition.ts'
import { addReachedExits, exitsMissed } from '../machine/coverage.ts'
import { readDefinition } from '../machine/definition.ts'

export type ProfileResult = {
  readonly profile: ProfileName
  readonly schedules: number
  readonly failures: readonly Failure[]
  /** How many cases ended as what. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly faults: number
  readonly calls: number
  readonly seconds: number
  readonly cpuSeconds: number
}

export type Failure = Pick<History, 'seed' | 'profile' | 'violations'>

/** One schedule bears the seed itself; of several each has its own, which runs it alone. */
export function seedsOf(seed: string, schedules: number): string[] {
  return schedules === 1 ? [seed] : Array.from({ length: schedules }, (_, i) => `${seed}/${i + 1}`)
}

type RunOptions = {
  readonly reached?: Set<string>
  readonly progress?: boolean
  readonly maximumFailures?: number
} & Pick<HistoryOptions, 'request'>

/** Runs so many histories of one profile; stops when it has found enough that fail. */
export async function runProfile(
  profile: ProfileName,
  seed: string,
  schedules: number,
  options: RunOptions = {},
): Promise<ProfileResult> {
  const { reached, progress = false, maximumFailures = 5, request } = options
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()]
  const failures: Failure[] = []
  const outcomes: Record<string, number> = {}
  let [count, faults, calls, shownMs] = [0, 0, 0, startMs]
  for (const one of seedsOf(seed, schedules)) {
    const history = await runHistory({ seed: one, profile, ...(request && { request }) })
    count += 1
    faults += history.faults.length
    calls += history.calls
    for (const outcome of Object.values(history.outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    if (reached !== undefined) addReachedExits(reached, history.executions)
    if (history.violations.length > 0) failures.push({ seed: one, profile, violations: history.violations })
    if (failures.length >= maximumFailures) break
    if (progress && performance.now() - shownMs > 2000) {
      shownMs = performance.now()
      tellProgress(profile, count, schedules, (shownMs - startMs) / 1000, failures.length)
    }
  }
  const { user, system } = process.cpuUsage(startCpu)
  const seconds = (performance.now() - startMs) / 1000
  return { profile, schedules: count, failures, outcomes, faults, calls, seconds, cpuSeconds: (user + system) / 1e6 }
}

function tellProgress(profile: string, done: number, all: number, seconds: number, failures: number): void {
  const rate = done / seconds
  const left = Math.round((all - done) / rate)
  const text = `${profile}: ${done} of ${all}, ${rate.toFixed(0)}/s, ${left} s left, ${failures} violated`
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}${done === all ? '\n' : ''}` : `${text}\n`)
}

const read = readDefinition(definition)

export function missedExits(reached: ReadonlySet<string>): string[] {
  return exitsMissed(read, reached)
}
