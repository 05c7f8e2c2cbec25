import { decisionEvent } from '#domain/decision.ts'
import { signalEvents, startingEvents } from '#domain/events.ts'
import type { Finding } from './check.ts'
import { Flow } from './flow.ts'

type Does = Extract<Flow['channel'], { readonly kind: 'event' }>['does']

/** What the hub does with each event that it knows, and in which process; a decision is for all of them. */
interface KnownEvent {
  readonly event: string
  readonly does: Does
  readonly process: string
}

const starting = Object.entries(startingEvents)
const known: readonly KnownEvent[] = [
  ...starting.map(([event, { process }]) => ({ event, does: 'start' as const, process })),
  ...Object.entries(signalEvents).map(([event, { document }]) => {
    const process = starting.find(([, start]) => start.document === document)?.[1].process ?? 'hub'
    return { event, does: 'signal' as const, process }
  }),
  { event: decisionEvent, does: 'decide', process: 'hub' },
]

/**
 * The events of the catalogue against those that the hub takes, both ways: a rule for an event that no schema reads
 * brings dead letters only, and an event without a flow goes to a person as unknown.
 */
export function eventFindings(given: readonly unknown[]): readonly Finding[] {
  const flows = given.flatMap((flow) => Flow.safeParse(flow).data ?? [])
  const brought = flows.map(({ channel }) => (channel.kind === 'event' ? channel.event : undefined))
  return [
    ...flows.flatMap((flow) => [...ofFlow(flow), ...queueFindings(flow)]),
    ...known
      // A flow that lacks an attribute is refused for that, and may be the one.
      .filter(({ event }) => flows.length === given.length && !brought.includes(event))
      .map(({ event, does, process }) => ({
        flows: [event],
        rule: 'channel' as const,
        says: `the hub takes this event (${process}, ${does}), and no flow brings it`,
        mend: `add its flow to functions/domain/flow-catalog, or take ${event} out of functions/domain/events.ts`,
      })),
  ]
}

function ofFlow({ name, process, channel }: Flow): readonly Finding[] {
  if (channel.kind !== 'event') return []
  const { event, does } = channel
  const own = known.find((one) => one.event === event)
  if (own === undefined) {
    return [
      finding(name, `the hub knows no event ${event}`, `add ${event} to functions/domain/events.ts, or name another`),
    ]
  }
  const differs = [
    ...(own.does === does ? [] : [`does "${does}", which the hub takes as "${own.does}"`]),
    ...(own.process === process ? [] : [`process ${process}, whose process is ${own.process}`]),
  ]
  return differs.map((what) => finding(name, `${event} is said to be of ${what}`, 'say what the hub does with it'))
}

/** What starts a case and is too large for it is started by reference; anything else is a dead letter at once. */
function queueFindings({ name, channel, deadLetterQueue }: Flow): readonly Finding[] {
  const own = channel.kind === 'event' && channel.does === 'start' ? 'Undelivered' : 'DeadLetters'
  if (deadLetterQueue === own) return []
  const says = `its dead-letter queue is ${own}, not ${deadLetterQueue}: only what starts a case can be started once more`
  return [finding(name, says, `name ${own}`)]
}

function finding(flow: string, says: string, mend: string): Finding {
  return { flows: [flow], rule: 'channel', says, mend }
}
