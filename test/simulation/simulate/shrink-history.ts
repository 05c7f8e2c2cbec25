import { type PlannedFault, plannedFaults } from '../faults.ts'
import { type HistoryOptions, profiles, runHistory } from '../history.ts'
import { runPurchases } from '../purchases/run-purchases.ts'
import { shrink } from '../shrink.ts'
import type { Play } from '../story.ts'
import type { Failure } from './run-block.ts'

/** Parts that a failure may not need: a fault, or an act from outside. */
type Part = { readonly fault: PlannedFault } | { readonly play: Play }

const maximumTries = 300

/** The failure in words, with the fewest faults and acts that still break the same law. */
export async function describeFailure(failure: Failure): Promise<string> {
  const { process, seed, profile, violations } = failure
  const kept = process === 'order-to-cash' ? await shrinkOrders(failure) : await shrinkPurchases(failure)
  return [
    `✗ ${process}, ${profile}, seed ${seed}`,
    ...violations.map(({ law, what }) => `    ${law}: ${what}`),
    '  the shortest that still breaks it:',
    ...kept.map((part) => `    ${describe(part)}`),
    `  its story: npm run simulate -- --trace --process ${process} --profile ${profile} --seed ${seed}`,
  ].join('\n')
}

async function shrinkOrders({ seed, profile, violations }: Failure): Promise<readonly Part[]> {
  const base = { seed, profile }
  const first = await runHistory(base)
  const plays = first.story.plays
  const needed = plays.filter((play, i) => play.kind === 'publish' && plays.findIndex((one) => isSame(one, play)) === i)
  const others = plays.filter((play) => !needed.includes(play))
  const parts: Part[] = [...first.faults.map((fault) => ({ fault })), ...others.map((play) => ({ play }))]
  return await shrinkParts(parts, violations, (some) => run(base, some, needed))
}

/** What people do to purchases is drawn by the seed and stays; only faults are left out. */
async function shrinkPurchases({ seed, profile: name, violations }: Failure): Promise<readonly Part[]> {
  const base = { seed, profile: profiles[name] }
  const { faults } = await runPurchases(base)
  const parts = faults.map((fault): Part => ({ fault }))
  return await shrinkParts(parts, violations, async (some) => {
    const plan = plannedFaults(some.flatMap((part) => ('fault' in part ? [part.fault] : [])))
    return (await runPurchases({ ...base, plan })).violations
  })
}

async function shrinkParts(
  parts: readonly Part[],
  violations: Failure['violations'],
  again: (some: readonly Part[]) => Promise<Failure['violations']>,
): Promise<readonly Part[]> {
  const laws = new Set(violations.map(({ law }) => law))
  let tries = 0
  return await shrink(parts, async (some) => {
    tries += 1
    return tries <= maximumTries && (await again(some)).some(({ law }) => laws.has(law))
  })
}

function isSame(one: Play, other: Play): boolean {
  return one.kind === 'publish' && other.kind === 'publish' && one.entry === other.entry
}

/** Each run draws the story anew, so the acts are other objects that say the same. */
function isTheSame(one: Play, other: Play): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

async function run(base: HistoryOptions, parts: readonly Part[], needed: readonly Play[]) {
  const faults = parts.flatMap((part) => ('fault' in part ? [part.fault] : []))
  const plays = parts.flatMap((part) => ('play' in part ? [part.play] : []))
  try {
    const { violations } = await runHistory({
      ...base,
      plan: plannedFaults(faults),
      plays: (all) =>
        all.filter((play) => needed.some((one) => isTheSame(one, play)) || plays.some((one) => isTheSame(one, play))),
    })
    return violations
  } catch {
    return []
  }
}

function describe(part: Part): string {
  if ('fault' in part) return `${part.fault.point}: ${JSON.stringify(part.fault.fault)}`
  const { atMs, kind, ...more } = part.play
  const about = 'entry' in more ? JSON.stringify(more.entry.detail) : JSON.stringify(more)
  return `at ${(atMs / 1000).toFixed(1)} s ${kind} ${about}`
}
