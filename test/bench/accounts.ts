import type { ErpLimits } from '#domain/erp-limits.ts'
import { seededRandom } from '../simulation/random.ts'
import { type BudgetResult, benchBudget } from './budget-run.ts'
import type { Row } from './row.ts'

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

/** A backlog before each account, of the limits that are promised and of drawn ones. */
export async function benchAccounts(
  { seed, cases, drawn }: { readonly seed: string; readonly cases: number; readonly drawn: number },
  say: (row: Row) => void,
): Promise<void> {
  for (const [name, account] of Object.entries({ ...limits, ...drawLimits(seed, drawn) })) {
    const result = await benchBudget({ seed: `${seed}/${name}`, limits: account, cases, killRate: 0.0002 })
    say({
      what: `ERP account: ${name}`,
      measured: inWords(result),
      target: '0 exceeded, 95 % used, +10 % interactive, 0 unserved',
      isKept: isKept(account, result),
      numbers: { name, ...result },
    })
  }
}

/** What the numbers must be, whatever the limits. */
function isKept({ slots }: ErpLimits, { exceeded, used, unserved, interactiveMs, idleMs }: BudgetResult): boolean {
  // Of a few slots that are all in use none gets free for a while, whoever comes first then.
  const untilFreeMs = slots < fewSlots ? 3000 / slots : 0
  return exceeded === 0 && used >= 0.95 && unserved === 0 && interactiveMs <= idleMs * 1.1 + untilFreeMs
}

const fewSlots = 12

/** Most that one partition key of DynamoDB takes. */
const hottestUnits = 1000
const fast: ErpLimits = { slots: 1000, rates: [{ units: 1000, perSeconds: 1 }], unitsPerCall: 1, source }

/** An account that takes a thousand calls a second. */
export async function benchPartitions(seed: string): Promise<Row> {
  const result = await benchBudget({ seed: `${seed}/partitions`, limits: fast, cases: 5000, killRate: 0.0002 })
  const { hottest, exceeded, writesPerCall } = result
  const { writes, keys, key } = hottest
  return {
    what: 'write units of one partition key in a second, at 1,000 calls a second',
    measured: `${writes} (${key}, of ${keys} keys); ${exceeded} exceeded, ${writesPerCall.toFixed(2)} writes a call`,
    target: `${hottestUnits}`,
    isKept: writes < hottestUnits && exceeded === 0,
    numbers: result,
  }
}

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

function inWords({ calls, exceeded, used, interactiveMs, idleMs, unserved, ...more }: BudgetResult): string {
  const { asks, mostAsks, longestGapSeconds, writesPerCall, readsPerCall, kills } = more
  const later = `${interactiveMs >= idleMs ? '+' : ''}${percent(interactiveMs / idleMs - 1)}`
  return [
    `${exceeded} exceeded`,
    `${percent(used)} used`,
    `${later} interactive (${interactiveMs} ms)`,
    `${unserved} unserved`,
    `${calls} calls`,
    `turned away ${asks.toFixed(2)}, ${mostAsks} at most`,
    `longest gap ${longestGapSeconds.toFixed(0)} s`,
    `${writesPerCall.toFixed(2)} writes and ${readsPerCall.toFixed(1)} reads a call`,
    `${kills} killed`,
  ].join(', ')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
