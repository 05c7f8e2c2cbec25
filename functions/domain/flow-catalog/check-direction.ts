import type { Finding } from './check.ts'
import type { Flow } from './flow.ts'

/** Nothing that went out on one way comes back on another. */
export function directionFindings(flows: readonly Flow[]): readonly Finding[] {
  return [...echoFindings(flows), ...loopFindings(flows)]
}

/** Flows of the same data object between the same two systems, one each way. */
function areOpposite(one: Flow, other: Flow): boolean {
  return one.dataObject === other.dataObject && one.source === other.target && one.target === other.source
}

function suppressesEcho({ direction, echoSuppression }: Flow): boolean {
  return direction === 'two-way' && echoSuppression !== undefined
}

function echoFindings(flows: readonly Flow[]): readonly Finding[] {
  const back = (flow: Flow) => flows.find((other) => other !== flow && areOpposite(flow, other))
  return flows
    .filter((flow) => (flow.direction === 'two-way' || back(flow) !== undefined) && !suppressesEcho(flow))
    .map((flow) => ({
      flows: [flow.name],
      rule: 'echo',
      says: `${flow.dataObject} goes both ways between ${flow.source} and ${flow.target}${and(back(flow))}, and nothing keeps a change from coming back`,
      mend: `set direction "two-way" and say in echoSuppression how ${flow.source} knows its own changes again, or let ${flow.dataObject} go one way`,
    }))
}

function and(back: Flow | undefined): string {
  return back === undefined ? '' : ` (the other way in ${back.name})`
}

/** Whether what the first did makes the second run: by an answer that it takes, or by what stands in its source now. */
function feeds(first: Flow, second: Flow): boolean {
  if (suppressesEcho(first) && areOpposite(first, second)) return false
  const { channel } = second
  const hears = channel.kind === 'event' && channel.from === 'anyone' && first.answers.includes(channel.event)
  return hears || (first.target === second.source && first.dataObject === second.dataObject)
}

/** Each loop once, from the flow of it that comes first in the catalogue. */
function loopFindings(flows: readonly Flow[]): readonly Finding[] {
  return flows.flatMap((start, index) => {
    const loop = wayBack(start, [start], flows.slice(index))
    if (
      loop === undefined ||
      (loop.length === 2 && loop.every((flow) => loop.some((other) => areOpposite(flow, other))))
    )
      return []
    const names = loop.map(({ name }) => name)
    return [
      {
        flows: names,
        rule: 'loop',
        says: `each makes the next run, and the last the first: ${[...names, start.name].join(' → ')}`,
        mend: 'take one of them out, or let it leave out what another of them has written',
      },
    ]
  })
}

function wayBack(start: Flow, way: readonly Flow[], flows: readonly Flow[]): readonly Flow[] | undefined {
  const last = way.at(-1) ?? start
  if (feeds(last, start)) return way
  for (const next of flows) {
    if (way.includes(next) || !feeds(last, next)) continue
    const found = wayBack(start, [...way, next], flows)
    if (found !== undefined) return found
  }
  return undefined
}
