import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Duration, Validations } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import type { CountedName, DimensionsOf } from '#domain/metrics.ts'
import type { Watched } from '#domain/silence.ts'
import { bundleFunctions } from './bundle.ts'
import { acknowledgeKeyWildcards } from './failure-recording.ts'
import { FlowSchedule } from './flow-schedule.ts'
import { allowLists, allowTable } from './grants.ts'
import { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'

export interface FlowWatchingProps {
  readonly hub: Hub
  /** The hub's own schedules, which have to run. */
  readonly schedules: readonly FlowSchedule[]
}

/** Tells of each flow and each schedule for how long too little was heard. */
export class FlowWatching extends Construct {
  readonly watcher: HubFunction
  /** How often it looks. */
  readonly everyMinutes: number

  constructor(scope: Construct, id: string, { hub, schedules }: FlowWatchingProps) {
    super(scope, id)
    const watched = [...hub.flows.filter(isExpected).map(heardOf), ...schedules.map(runsOf), lastRun]
    // Beside the bundle, since it grows with the catalog, and the environment of a Lambda is 4 KB.
    writeFileSync(join(bundleFunctions(), 'operations', 'watch-flows', 'watched.json'), JSON.stringify(watched))
    this.watcher = new HubFunction(this, 'WatchFlows', {
      environment: hub.environment,
      file: 'operations/watch-flows',
      key: hub.key,
      timeout: Duration.seconds(50),
      variables: {
        HUB_TABLE: hub.table.tableName,
        BUS_NAME: hub.bus.eventBusName,
      },
    })
    allowTable(this.watcher, hub, ['dynamodb:UpdateItem'])
    allowLists(this.watcher, hub)
    this.watcher.allow(['cloudwatch:GetMetricData'], ['*'])
    acknowledgeKeyWildcards(this.watcher)
    Validations.of(this.watcher).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'CloudWatch has no resources to restrict GetMetricData to, nor X-Ray for PutTraceSegments.',
    })
    const schedule = new FlowSchedule(this, 'Watch', {
      hub,
      flow: 'flow-watch',
      description: 'Tells for how long too little was heard of a flow.',
      runs: this.watcher,
    })
    this.everyMinutes = everyMinutesOf(schedule.flow)
  }
}

/** A flow whose silence is told by itself. */
export function isExpected(flow: Flow): boolean {
  return typeof flow.expected !== 'string'
}

/** After how many minutes of silence somebody is told: as its entry says, or when a schedule has missed two runs. */
export function silentAfterMinutes({ expected, channel }: Flow): number {
  if (typeof expected !== 'string') return expected.withinMinutes
  if (channel.kind === 'schedule') return Math.max(missedRuns * channel.everyMinutes, leastMinutes)
  throw new Error(`A flow that comes ${expected} over ${channel.kind} is never silent`)
}

const missedRuns = 2
/** Metrics of a function come up to a minute or two after it. */
const leastMinutes = 3

/** What the alarm ReconciliationSilent reads: that a run has come to its end, whatever the schedule did. */
export const completedReconciliation = 'ReconciliationRun'
/** … in so many minutes: a day, and the time that the run after it takes. */
export const reconciledWithinMinutes = 26 * 60

function heardOf({ name, channel, expected }: Flow): Watched {
  if (typeof expected === 'string' || channel.kind !== 'event')
    throw new Error(`Nothing is expected of the flow ${name}`)
  return { name, ...counted('EventHeard', { event: channel.event }), expected }
}

function runsOf({ flow, runs }: FlowSchedule): Watched {
  const expected = { atLeast: 1, withinMinutes: silentAfterMinutes(flow) }
  return { name: flow.name, ...counted('StepSucceeded', { stage: runs.node.id }), expected }
}

const lastRun: Watched = {
  name: completedReconciliation,
  ...counted(completedReconciliation, {}),
  expected: { atLeast: 1, withinMinutes: reconciledWithinMinutes },
}

function counted<Name extends CountedName>(metric: Name, dimensions: DimensionsOf<Name>) {
  return { metric, dimensions }
}

function everyMinutesOf({ name, channel }: Flow): number {
  if (channel.kind === 'schedule') return channel.everyMinutes
  throw new Error(`The flow ${name} has no schedule`)
}
