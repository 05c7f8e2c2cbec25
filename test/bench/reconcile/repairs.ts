// Differences found and repaired among so many orders of the simulated hub.
import { parseArgs } from 'node:util'
import { runRepairs } from '../../simulation/repairs/run-repairs.ts'
import { tell } from '../row.ts'

const { values } = parseArgs({ options: { orders: { type: 'string' }, seed: { type: 'string' } } })
const [orders, differences, seed] = [Number(values.orders), 200, values.seed ?? '1']

Error.stackTraceLimit = 0
const startedAtMs = Date.now()
const run = await runRepairs({ orders, differences, seed })
const minutes = (Date.now() - startedAtMs) / 60_000
const processorMinutes = process.cpuUsage().user / 60e6
const heldMb = Math.round(process.resourceUsage().maxRSS / 1024)
const notOnce = [...run.repairs].filter(([, times]) => times !== 1).length
const { missed, invented, left, doneTwice, apart } = run
const invoiced = run.totals.find(({ document }) => document === 'customer-invoice')

tell([
  {
    what: `${differences} differences among ${run.documents} documents of ${orders} orders`,
    measured: [
      `${missed.length} missed, ${invented.length} invented, ${notOnce} not repaired once, ${left.length} left, ${doneTwice.length} done twice`,
      `${apart.length} control totals apart, ${invoiced?.erp.amount} invoiced on both sides`,
      `${run.asked} for a person`,
      `${minutes.toFixed(1)} min, ${processorMinutes.toFixed(1)} of a processor, ${heldMb} MB at most`,
    ].join('; '),
    target: '0 of each',
    isKept: [missed, invented, left, doneTwice, apart].every(({ length }) => length === 0) && notOnce === 0,
    numbers: { seed, heldMb, minutes, processorMinutes, ...run, repairs: [...run.repairs], points: [...run.points] },
  },
])
