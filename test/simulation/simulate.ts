import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { processNames } from '#domain/processes.ts'
import type { ProfileName } from './erp/profiles.ts'
import { profiles } from './history.ts'
import { tryMutants } from './simulate/mutants.ts'
import { prove } from './simulate/prove.ts'
import { defaultJobs } from './simulate/run-profile.ts'
import { trace } from './simulate/trace.ts'

const usage = `npm run simulate -- [--schedules N] [--seed S] [--process ${processNames.join('|')}|all] [--profile ${Object.keys(profiles).join('|')}|all] [--jobs N] [--json FILE] [--trace] [--mutants]`

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    process: { type: 'string', default: 'all' },
    profile: { type: 'string', default: 'all' },
    jobs: { type: 'string', default: String(defaultJobs()) },
    json: { type: 'string' },
    trace: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  const [schedules, jobs] = [Number(values.schedules), Number(values.jobs)]
  const chosen = Object.values(profiles).filter(({ name }) => values.profile === 'all' || values.profile === name)
  const processes = processNames.filter((name) => values.process === 'all' || values.process === name)
  if (values.help || chosen.length === 0 || processes.length === 0 || !isCount(schedules) || !isCount(jobs)) {
    process.stderr.write(`${usage}\n`)
    return values.help ? 0 : 2
  }
  const names: readonly ProfileName[] = chosen.map(({ name }) => name)
  if (values.trace) {
    const subjects = processes.flatMap((process) => names.map((profile) => ({ process, profile })))
    return await trace(values.seed, subjects)
  }
  // Every error that is thrown and expected would collect a stack that nobody reads.
  Error.stackTraceLimit = 0
  if (values.mutants) return await tryMutants(processes, values.seed, Math.min(schedules, 1000), names)
  const proof = await prove({ processes, names, seed: values.seed, schedules, jobs })
  if (values.json !== undefined) {
    const { results, missedExits, isInterrupted } = proof
    const report = { seed: values.seed, schedules, isInterrupted, results, missedExits }
    writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  }
  if (proof.results.some(({ failures }) => failures.length > 0)) return 1
  return proof.isInterrupted ? 130 : 0
}

function isCount(number: number): boolean {
  return Number.isInteger(number) && number >= 1
}
