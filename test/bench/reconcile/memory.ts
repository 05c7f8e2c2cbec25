// A million documents compared within so much memory.
import { tell } from '../row.ts'
import { compareMany } from './compare-many.ts'

const [documents, mostMb] = [1_000_000, 512]

const many = await compareMany(documents)
const heldMb = Math.round(process.resourceUsage().maxRSS / 1024)
const isFound = JSON.stringify(many.found) === JSON.stringify(many.spoilt)
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, one) => total + one, 0)

tell([
  {
    what: 'memory for a comparison',
    measured: `${heldMb} MB at most for ${many.documents} documents of three sides, ${sum(many.found)} of ${sum(many.spoilt)} differences found, ${many.seconds.toFixed(0)} s`,
    target: `${mostMb} MB, each difference`,
    isKept: heldMb <= mostMb && isFound && many.documents === documents,
    numbers: { heldMb, ...many },
  },
])
