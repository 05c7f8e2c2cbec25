// A million documents compared within so much memory, and differences found and repaired in the simulated hub.
import { runRepairs } from '../../simulation/repairs/run-repairs.ts'
import { tell } from '../row.ts'
import { compareMany } from './compare-many.ts'

const [documents, mostMb] = [1_000_000, 512]
const [orders, differences] = [1000, 200]

const many = await compareMany(documents)
const heldMb = Math.round(process.resourceUsage().maxRSS / 1024)
const isFound = JSON.stringify(many.found) === JSON.stringify(many.spoilt)
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, one) => total + one, 0)

const startedAtMs = Date.now()
const run = await runRepairs({ orders, differences, seed: '1' })
const notOnce = [...run.repairs].filter(([, times]) => times !== 1).length
const { missed, invented, left, doneTwice } = run
const areRepaired = [missed, invented, left, doneTwice].every(({ length }) => length === 0) && notOnce === 0

tell([
  {
    what: 'memory for a comparison',
    measured: `${heldMb} MB at most for ${many.documents} documents of three sides, ${sum(many.found)} of ${sum(many.spoilt)} differences found, ${many.seconds.toFixed(0)} s`,
    target: `${mostMb} MB, each difference`,
    isKept: heldMb <= mostMb && isFound && many.documents === documents,
    numbers: { heldMb, ...many },
  },
  {
    what: `${differences} differences among ${run.documents} documents of ${orders} orders`,
    measured: `${missed.length} missed, ${invented.length} invented, ${notOnce} not repaired once, ${left.length} left, ${doneTwice.length} done twice; ${run.asked} for a person; ${((Date.now() - startedAtMs) / 1000).toFixed(0)} s`,
    target: '0 of each',
    isKept: areRepaired,
    numbers: { ...run, repairs: [...run.repairs], points: [...run.points] },
  },
])
