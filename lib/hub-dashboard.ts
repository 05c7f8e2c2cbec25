import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { inboxKinds } from '#domain/inbox.ts'
import { differenceClasses } from '#domain/reconciliation/difference.ts'
import { silenceMetric } from './flow-alarms.ts'
import type { FlowSchedule } from './flow-schedule.ts'
import { addDashboard, graph } from './graph.ts'
import { failureClasses, itemHarms } from './hub-alarms.ts'
import { hubMetric } from './hub-metric.ts'
import type { Hub } from './hub-stack.ts'

export interface HubDashboardProps {
  readonly hub: Hub
  readonly schedules: readonly FlowSchedule[]
}

/** What the processes share, at a glance: what failed, what waits for somebody, what the books do not agree on. */
export class HubDashboard extends Construct {
  constructor(scope: Construct, id: string, { hub, schedules }: HubDashboardProps) {
    super(scope, id)
    const perMinute = { label: 'a minute', min: 0 }
    const hours = { label: 's', min: 0 }
    const oldest = (metric: 'DeadLetterAge' | 'DifferenceAge' | 'InboxAge' | 'ParkedAge', label: string) =>
      hubMetric(metric, {}).with({ statistic: 'Maximum', period: Duration.minutes(10), label })
    const needed = ['NeedsPerson', 'DecisionApplied', 'DecisionRefused'] as const
    addDashboard(this, 'hub', [
      graph(
        'Failures by class',
        [...Object.keys(failureClasses), 'business', 'stopped'].map((name) =>
          hubMetric('Failure', { class: name }).with({ label: name }),
        ),
        perMinute,
      ),
      graph(
        'Dead letters',
        [
          hub.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), label: 'waiting' }),
          hubMetric('DeadLetterCleared', {}).with({ label: 'mended, a minute' }),
        ],
        { label: 'letters', min: 0 },
        { isStacked: false },
      ),
      graph(
        'Doubt, conflict and questions for a person',
        [
          ...needed.map((metric) => hubMetric(metric, {}).with({ label: metric })),
          ...inboxKinds.map((kind) => hubMetric('InboxOpened', { kind }).with({ label: `asked: ${kind}` })),
        ],
        perMinute,
      ),
      graph('Parked', [hubMetric('SignalParked', {}).with({ label: 'signals without a case' })], perMinute),
      graph(
        'The oldest of those who wait',
        [
          oldest('InboxAge', 'question'),
          oldest('ParkedAge', 'parked signal'),
          oldest('DeadLetterAge', 'dead letter'),
          oldest('DifferenceAge', 'difference').with({ period: Duration.hours(1) }),
        ],
        hours,
        { isStacked: false },
      ),
      graph(
        'Differences found, by class',
        differenceClasses.map((name) =>
          hubMetric('DifferenceOfClass', { class: name }).with({ period: Duration.hours(1), label: name }),
        ),
        { label: 'an hour', min: 0 },
      ),
      graph(
        'Silence of the schedules',
        schedules.map(({ flow }) => silenceMetric(flow.name).with({ label: flow.name })),
        hours,
        { isStacked: false },
      ),
      graph(
        'Items that failed, by function',
        Object.keys(itemHarms).map((name) => hubMetric('ItemFailed', { function: name }).with({ label: name })),
        perMinute,
      ),
    ])
  }
}
