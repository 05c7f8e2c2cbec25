// How many complete histories the simulation runs in a second of one processor.
import { runHistory } from '../simulation/history.ts'
import { tell } from './row.ts'

const names = ['natural-key', 'if-unchanged', 'look-up', 'neither'] as const
const [warm, measured] = [40, 200]

Error.stackTraceLimit = 0
async function run(from: number, count: number): Promise<number> {
  let calls = 0
  for (let n = from; n < from + count; n++) {
    const history = await runHistory({ seed: `rate-${n}`, profile: names[n % names.length] ?? 'natural-key' })
    if (history.violations.length > 0) throw new Error(`rate-${n} breaks a law: ${JSON.stringify(history.violations)}`)
    calls += history.calls
  }
  return calls
}
await run(0, warm)
const before = process.cpuUsage()
const calls = await run(warm, measured)
const { user, system } = process.cpuUsage(before)
const rate = measured / ((user + system) / 1_000_000)
tell([
  {
    what: 'histories of the simulation a processor second',
    measured: `${rate.toFixed(0)}, of ${(calls / measured).toFixed(0)} calls on average`,
    target: '200',
    isKept: rate >= 200,
    numbers: { rate, histories: measured, calls },
  },
])
