import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ErpLimits } from '#domain/erp-limits.ts'
import { seededRandom } from '../simulation/random.ts'
import { type BudgetResult, benchBudget } from './budget-run.ts'

const usage = 'npm run bench -- [--cases N] [--seed S] [--drawn N] [--only NAME] [--json FILE]'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    /** Further limits, drawn from the seed. */
    drawn: { type: 'string', default: '3' },
    only: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const source = 'bench'
const limits: Readonly<Record<string, ErpLimits>> = {
  '15 at once': { slots: 15, rates: [], unitsPerCall: 1, source },
  '6,000 in 5 minutes': {
    slots: 40,
    interactiveReserve: 4,
    rates: [{ units: 6000, perSeconds: 300 }],
    unitsPerCall: 1,
    source,
  },
  '20 a second': {
    slots: 40,
    interactiveReserve: 4,
    rates: [{ units: 20, perSeconds: 1 }],
    unitsPerCall: 1,
    source,
  },
}

async function main(): Promise<number> {
  const [cases, drawn] = [Number(values.cases), Number(values.drawn)]
  if (values.help || !(cases >= 1) || !(drawn >= 0)) {
    process.stderr.write(`${usage}\n`)
    return values.help ? 0 : 2
  }
  Error.stackTraceLimit = 0
  const rows: ({ readonly name: string; readonly isKept: boolean } & BudgetResult)[] = []
  const all = { ...limits, ...drawLimits(values.seed, drawn) }
  process.stdout.write(`${heading.join(' | ')}\n`)
  for (const [name, account] of Object.entries(all)) {
    if (values.only !== undefined && !name.includes(values.only)) continue
    const result = await benchBudget({ seed: `${values.seed}/${name}`, limits: account, cases, killRate: 0.0002 })
    const kept = isKept(account, result)
    rows.push({ name, isKept: kept, ...result })
    process.stdout.write(`${[...lineOf(name, result), kept ? '' : 'missed'].join(' | ')}\n`)
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ seed: values.seed, rows }, null, 2)}\n`)
  return rows.every((row) => row.isKept) ? 0 : 1
}

/** What the numbers must be: issue by issue the same, whatever the limits. */
function isKept({ slots }: ErpLimits, { exceeded, used, unserved, interactiveMs, idleMs }: BudgetResult): boolean {
  // Of a few slots that are all in use none gets free for a while, whoever comes first then.
  const untilFreeMs = slots < fewSlots ? 3000 / slots : 0
  return exceeded === 0 && used >= 0.95 && unserved === 0 && interactiveMs <= idleMs * 1.1 + untilFreeMs
}

const fewSlots = 12

function drawLimits(seed: string, count: number): Record<string, ErpLimits> {
  const random = seededRandom(`${seed}/limits`)
  const draw = (): [string, ErpLimits] => {
    if (random.chance(0.5)) {
      const slots = random.chance(0.3) ? random.integer(3, 6) : random.integer(7, 90)
      return [`${slots} at once (drawn)`, { slots, rates: [], unitsPerCall: 1, source }]
    }
    const perSeconds = random.pick([1, 5, 10, 60, 300, 3600])
    const callsPerSecond = random.integer(4, 70)
    const unitsPerCall = random.pick([1, 1, 2, 5, 10])
    const units = callsPerSecond * perSeconds * unitsPerCall
    const slots = Math.ceil(callsPerSecond * 2.2)
    const name = `${units} units in ${perSeconds} s, ${unitsPerCall} a call (drawn)`
    const rates = [{ units, perSeconds }]
    return [name, { slots, interactiveReserve: Math.ceil(slots / 10), rates, unitsPerCall, source }]
  }
  return Object.fromEntries(Array.from({ length: count }, draw))
}

const heading = [
  'limit',
  'calls',
  'exceeded',
  'used',
  'interactive p95 (idle)',
  'turned away, mean/most',
  'unserved',
  'longest gap of a lane',
  'writes a call',
  'reads a call',
  'killed',
]

function lineOf(name: string, result: BudgetResult): string[] {
  const { calls, exceeded, used, interactiveMs, idleMs, asks, mostAsks, unserved, longestGapSeconds } = result
  const more = `${interactiveMs >= idleMs ? '+' : ''}${((interactiveMs / idleMs - 1) * 100).toFixed(1)} %`
  return [
    name,
    String(calls),
    String(exceeded),
    `${(used * 100).toFixed(1)} %`,
    `${interactiveMs} ms (${idleMs} ms, ${more})`,
    `${asks.toFixed(2)} / ${mostAsks}`,
    String(unserved),
    `${longestGapSeconds.toFixed(0)} s`,
    result.writesPerCall.toFixed(2),
    result.readsPerCall.toFixed(1),
    String(result.kills),
  ]
}

process.exitCode = await main()
