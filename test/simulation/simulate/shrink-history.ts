import { type PlannedFault, plannedFaults } from '../faults.ts'
import { type HistoryOptions, runHistory } from '../history.ts'
import { shrink } from '../shrink.ts'
import type { Play } from '../story.ts'
import type { Failure } from './run-block.ts'

/** Parts that a failure may not need: a fault, or an act from outside. */
type Part = { readonly fault: PlannedFault } | { readonly play: Play }

const maximumTries = 300

/** The failure in words, with the fewest faults and acts that still break the same law. */
export async function describeFailure(
  { seed, profile, violations }: Failure,
  broken?: HistoryOptions['broken'],
): Promise<string> {
  const laws = new Set(violations.map(({ law }) => law))
  const base = { seed, profile, ...(broken && { broken }) }
  const first = await runHistory(base)
  const plays = first.story.plays
  const needed = plays.filter((play, i) => play.kind === 'publish' && plays.findIndex((one) => isSame(one, play)) === i)
  const others = plays.filter((play) => !needed.includes(play))
  const parts: Part[] = [...first.faults.map((fault) => ({ fault })), ...others.map((play) => ({ play }))]
  let tries = 0
  const kept = await shrink(parts, async (some) => {
    tries += 1
    if (tries > maximumTries) return false
    const again = await run(base, some, needed)
    return again.some(({ law }) => laws.has(law))
  })
  return [
    `✗ ${profile}, seed ${seed}`,
    ...violations.map(({ law, what }) => `    ${law}: ${what}`),
    '  the shortest that still breaks it:',
    ...kept.map((part) => `    ${describe(part)}`),
    `  its story: npm run simulate -- --trace --profile ${profile} --seed ${seed}`,
  ].join('\n')
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
