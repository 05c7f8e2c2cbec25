import { Duration } from 'aws-cdk-lib'
import { type EventPattern, type IEventBus, type IRuleTarget, Match, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import type { Construct } from 'constructs'
import type { Channel, Flow } from '#domain/flow-catalog/flow.ts'

export interface FlowRuleProps {
  /** The entries that it is made of: several events that go the same way, or one of any other kind. */
  readonly flows: readonly Flow[]
  /** The whole catalogue, of which a rule for other events leaves out what it names. */
  readonly catalog: readonly Flow[]
  readonly bus?: IEventBus
  /** What else an event of AWS must have. */
  readonly detail?: Record<string, unknown>
  readonly description: string
  readonly targets: IRuleTarget[]
}

/** A rule or schedule as its entries in the flow catalogue say; there are no others (flow-check.ts). */
export class FlowRule extends Rule {
  readonly flows: readonly Flow[]

  constructor(scope: Construct, id: string, { flows, catalog, bus, detail, description, targets }: FlowRuleProps) {
    const channels = flows.map(({ channel }) => channel)
    super(scope, id, { ...triggerOf(channels, catalog, detail), ...(bus && { eventBus: bus }), description, targets })
    this.flows = flows
  }
}

/** The entry of this name. @throws Error when there is none: a rule without an entry is not deployed */
export function flowNamed(catalog: readonly Flow[], name: string): Flow {
  const found = catalog.find((flow) => flow.name === name)
  if (found === undefined) throw new Error(`The flow catalog has no flow ${name}, which a rule is to be made of`)
  return found
}

/** The entries of a process whose events do this to its cases. */
export function flowsThat(does: 'start' | 'signal', process: string, catalog: readonly Flow[]): readonly Flow[] {
  return catalog.filter(
    (flow) => flow.process === process && flow.channel.kind === 'event' && flow.channel.does === does,
  )
}

/** The hub's own events never come back to it. */
const fromSystems = { source: Match.anythingBut('postonce') }

function triggerOf(channels: readonly Channel[], catalog: readonly Flow[], detail: FlowRuleProps['detail']) {
  const [first, ...others] = channels
  if (first === undefined) throw new Error('A rule is made of at least one flow of the catalog')
  switch (first.kind) {
    case 'event':
      return {
        eventPattern: { ...(first.from === 'systems' && fromSystems), detailType: eventsOf(channels, first.from) },
      }
    case 'aws-event': {
      alone(first, others)
      const eventPattern: EventPattern = {
        source: [first.source],
        detailType: [first.event],
        ...(detail && { detail }),
      }
      return { eventPattern }
    }
    case 'other-events': {
      alone(first, others)
      const known = catalog.flatMap(({ channel }) => (channel.kind === 'event' ? [channel.event] : []))
      return { eventPattern: { ...fromSystems, detailType: Match.anythingBut(...known) } }
    }
    case 'schedule':
      alone(first, others)
      return { schedule: Schedule.rate(Duration.minutes(first.everyMinutes)) }
    case 'request':
      throw new Error('A flow that somebody asks for over HTTPS has no rule')
  }
}

function eventsOf(channels: readonly Channel[], from: 'systems' | 'anyone'): string[] {
  return channels.map((channel) => {
    if (channel.kind === 'event' && channel.from === from) return channel.event
    throw new Error(`A rule of several flows takes events from ${from}, not ${JSON.stringify(channel)}`)
  })
}

function alone({ kind }: Channel, others: readonly Channel[]): void {
  if (others.length > 0) throw new Error(`A rule of the kind ${kind} is made of one flow, not of ${others.length + 1}`)
}
