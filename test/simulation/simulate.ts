import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ProfileName } from './erp/profiles.ts'
import { profiles } from './history.ts'
import { tryMutants } from './simulate/mutants.ts'
import { missedExits, type ProfileResult, runProfile } from './simulate/run-profile.ts'
import { describeFailure } from './simulate/shrink-history.ts'
import { trace } from './simulate/trace.ts'

const usage = `npm run simulate -- [--schedules N] [--seed S] [--profile ${Object.keys(profiles).join('|')}|all] [--json FILE] [--trace] [--mutants]`

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    profile: { type: 'string', default: 'all' },
    json: { type: 'string' },
    trace: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  const schedules = Number(values.schedules)
  const chosen = Object.values(profiles).filter(({ name }) => values.profile === 'all' || values.profile === name)
  if (values.help || chosen.length === 0 || !Number.isInteger(schedules) || schedules < 1) {
    process.stderr.write(`${usage}\n`)
    return values.help ? 0 : 2
  }
  const names = chosen.map(({ name }) => name)
  if (values.trace) return await trace(values.seed, names)
  // Every error that is thrown and expected would collect a stack that nobody reads.
  Error.stackTraceLimit = 0
  if (values.mutants) return await tryMutants(values.seed, Math.min(schedules, 1000), names)
  return await prove(names, schedules)
}

async function prove(names: readonly ProfileName[], schedules: number): Promise<number> {
  const reached = new Set<string>()
  const results: ProfileResult[] = []
  for (const name of names) {
    const result = await runProfile(name, values.seed, schedules, { reached, progress: true })
    results.push(result)
    console.log(line(result))
    for (const failure of result.failures) console.log(await describeFailure(failure))
  }
  const missed = missedExits(reached)
  console.log(
    missed.length === 0 ? 'Every exit of every state was reached.' : `Exits not reached: ${missed.join(', ')}`,
  )
  if (values.json !== undefined) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ seed: values.seed, schedules, results, missedExits: missed }, null, 2)}\n`,
    )
  }
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0
}

function line(result: ProfileResult): string {
  const { profile, schedules, failures, outcomes, faults, seconds, cpuSeconds } = result
  const ends = Object.entries(outcomes).map(([status, count]) => `${count} ${status}`)
  const verdict = failures.length === 0 ? 'every law held' : `${failures.length} VIOLATED`
  const rate = `${(schedules / seconds).toFixed(0)} histories/s, ${(schedules / cpuSeconds).toFixed(0)} per processor second`
  return `${profile.padEnd(13)} ${schedules} schedules, ${verdict}; cases: ${ends.join(', ')}; ${faults} faults; ${rate}`
}
