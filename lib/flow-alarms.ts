import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { type Flow, latencyClasses } from '#domain/flow-catalog/flow.ts'
import { addAlarm, addErrors, logOf, postonce } from './alarm.ts'
import type { FlowSchedule } from './flow-schedule.ts'
import { type FlowWatching, isExpected, silentAfterMinutes } from './flow-watching.ts'
import { hubMetric } from './hub-metric.ts'
import type { Hub } from './hub-stack.ts'

/** Over so long the slowest are looked for: less would be single events, more would be told late. */
const latencyPeriod = Duration.minutes(15)

/** What a flow of a process is told by when nothing comes of it any more, or comes too late. */
export function addFlowAlarms(scope: Construct, hub: Hub, process: string): void {
  const flows = hub.flows.filter((flow) => flow.process === process)
  for (const flow of flows.filter(isExpected)) addSilence(scope, hub, flow, postonce(hub, 'status'))
  for (const flow of flows.filter(hasLatency)) addLatency(scope, hub, flow)
}

/** … a schedule of the hub when it does not run, and the watcher of all of them when it does not. */
export function addScheduleAlarms(
  scope: Construct,
  hub: Hub,
  schedules: readonly FlowSchedule[],
  { watcher, everyMinutes }: FlowWatching,
): void {
  for (const { flow, runs } of schedules) addSilence(scope, hub, flow, logOf(runs.node.id))
  addAlarm(scope, 'FlowWatchSilent', hub, {
    metric: hubMetric('StepSucceeded', { stage: watcher.node.id }).with({ period: Duration.minutes(everyMinutes) }),
    threshold: 1,
    periods: 5,
    isSilence: true,
    tells: 'on-call',
    says: {
      means: `Nobody has looked for silent flows for ${5 * everyMinutes} min: the schedule or its function is at a stand.`,
      harms: 'A source, a rule or a schedule that stops now is not told. Nothing else depends on it.',
      first: logOf(watcher.node.id),
    },
  })
  addErrors(scope, hub, watcher, 5, 'by-day', {
    means: 'The function that looks for silent flows fails itself.',
    harms: 'A source, a rule or a schedule that stops now is told late, or not.',
  })
}

/** The time that an event takes is measured where it brings something into the ERP. */
export function hasLatency({ channel, target }: Flow): boolean {
  return channel.kind === 'event' && target === 'erp'
}

/** For how long too little was heard, as the watcher tells it. */
export function silenceMetric(name: string) {
  return hubMetric('FlowSilence', { flow: name }).with({ statistic: 'Maximum', period: Duration.minutes(5) })
}

/** How long all but the slowest twentieth took. */
export function latencyMetric({ channel, name }: Flow) {
  if (channel.kind !== 'event') throw new Error(`The flow ${name} has no event whose time could be measured`)
  return hubMetric('FlowLatency', { event: channel.event }).with({ statistic: 'p95', period: latencyPeriod })
}

function addSilence(scope: Construct, hub: Hub, flow: Flow, first: string): void {
  const minutes = silentAfterMinutes(flow)
  addAlarm(scope, `FlowSilent-${flow.name}`, hub, {
    metric: silenceMetric(flow.name),
    threshold: minutes * 60,
    tells: flow.latency === 'batch' ? 'by-day' : 'on-call',
    says: { ...silenceText(flow, minutes), first },
  })
}

function silenceText({ name, source, channel, expected, owner }: Flow, minutes: number) {
  if (typeof expected === 'string') {
    return {
      means: `The schedule of the flow ${name} has not run to its end for ${minutes} min: it is off, or its function is at a stand.`,
      harms: 'What it finds or tells is not found or told. Its next run makes up for it.',
    }
  }
  const event = 'event' in channel ? channel.event : name
  return {
    means: `Fewer than ${expected.atLeast} ${event} came within ${minutes} min in which they are expected: ${source} is silent, cannot reach the bus, or the rule is off. Owner of ${name}: ${owner}.`,
    harms: `What ${source} has to say is not in the ERP. Of what the bus has taken, nothing is lost.`,
  }
}

function addLatency(scope: Construct, hub: Hub, flow: Flow): void {
  const { withinSeconds } = latencyClasses[flow.latency]
  addAlarm(scope, `FlowLate-${flow.name}`, hub, {
    metric: latencyMetric(flow),
    threshold: withinSeconds,
    tells: 'by-day',
    says: {
      means: `Of what came of the flow ${flow.name} within ${latencyPeriod.toMinutes()} min, one in twenty or more took longer than ${withinSeconds} s. Owner: ${flow.owner}.`,
      harms: 'Documents stand in the ERP later than the flow catalog promises. Nothing is lost.',
      first: postonce(hub, 'pauses'),
    },
  })
}
