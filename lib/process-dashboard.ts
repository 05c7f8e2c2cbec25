import { Duration } from 'aws-cdk-lib'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { ProcessName } from '#domain/processes.ts'
import { hasLatency, latencyMetric, silenceMetric } from './flow-alarms.ts'
import { isExpected } from './flow-watching.ts'
import { addDashboard, graph } from './graph.ts'
import { hubMetric } from './hub-metric.ts'
import type { Hub } from './hub-stack.ts'

export interface ProcessDashboardProps {
  readonly hub: Hub
  readonly process: ProcessName
  readonly machine: StateMachine
  /** The steps that write to the ERP, which can be in doubt. */
  readonly posting: readonly string[]
  readonly queues: readonly IQueue[]
}

/** One process at a glance: what comes, how long it takes, what is silent, what fails and what is in doubt. */
export class ProcessDashboard extends Construct {
  constructor(scope: Construct, id: string, { hub, process, machine, posting, queues }: ProcessDashboardProps) {
    super(scope, id)
    const flows = hub.flows.filter((flow) => flow.process === process)
    const period = Duration.minutes(5)
    const seconds = { label: 's', min: 0 }
    const perFiveMinutes = { label: 'in 5 min', min: 0 }
    const failing = (errorClass: string) =>
      posting.map((stage) => hubMetric('StepFailed', { stage, class: errorClass }).with({ period, label: stage }))
    addDashboard(this, process, [
      graph(
        'Events heard, by flow',
        flows.flatMap(({ name, channel }) =>
          channel.kind === 'event'
            ? [hubMetric('EventHeard', { event: channel.event }).with({ period, label: name })]
            : [],
        ),
        perFiveMinutes,
      ),
      graph(
        'Executions',
        [
          machine.metricStarted({ period, label: 'started' }),
          machine.metricSucceeded({ period, label: 'succeeded' }),
          machine.metricFailed({ period, label: 'failed' }),
          machine.metricAborted({ period, label: 'stopped' }),
          machine.metricTimedOut({ period, label: 'timed out' }),
        ],
        perFiveMinutes,
        { isStacked: false },
      ),
      graph(
        'Time until posted and published: 95 of 100 took less, by flow',
        flows.filter(hasLatency).map((flow) => latencyMetric(flow).with({ label: flow.name })),
        seconds,
        { isStacked: false },
      ),
      graph(
        'Silence in the hours in which events are expected, by flow',
        flows.filter(isExpected).map(({ name }) => silenceMetric(name).with({ label: name })),
        seconds,
        { isStacked: false },
      ),
      graph('In doubt, by step', failing('in-doubt'), perFiveMinutes),
      graph('Not applied and repeated, by step', failing('retryable'), perFiveMinutes),
      graph(
        'Waiting before the process',
        queues.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ period, label: queue.node.id })),
        { label: 'events', min: 0 },
      ),
      graph(
        'Failed executions that were recorded',
        [hubMetric('FailureRecorded', { process }).with({ period, label: 'recorded' })],
        perFiveMinutes,
      ),
    ])
  }
}
