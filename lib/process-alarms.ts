import { Duration } from 'aws-cdk-lib'
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { ProcessName } from '#domain/processes.ts'
import { addAlarm, addErrors, postonce } from './alarm.ts'
import { addNotDelivered } from './event-not-delivered.ts'
import { addFlowAlarms } from './flow-alarms.ts'
import type { FlowRule } from './flow-rule.ts'
import type { HubFunction } from './hub-function.ts'
import { hubMetric } from './hub-metric.ts'
import type { Hub } from './hub-stack.ts'

export interface ProcessAlarmsProps {
  readonly hub: Hub
  readonly process: ProcessName
  readonly machine: StateMachine
  /** The rules that bring the events. */
  readonly rules: readonly FlowRule[]
  /** Functions whose errors no machine sees. */
  readonly others: readonly HubFunction[]
}

/** Alarms about one process. */
export class ProcessAlarms extends Construct {
  constructor(scope: Construct, id: string, { hub, process, machine, rules, others }: ProcessAlarmsProps) {
    super(scope, id)
    const period = Duration.minutes(5)
    // Compares what Step Functions counted with what was recorded, and so needs no status event to have come.
    addAlarm(this, 'FailureNotRecorded', hub, {
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0) - FILL(recorded, 0)',
        usingMetrics: {
          failed: machine.metricFailed({ period }),
          timedOut: machine.metricTimedOut({ period }),
          aborted: machine.metricAborted({ period }),
          recorded: hubMetric('FailureRecorded', { process }).with({ period }),
        },
        period,
      }),
      threshold: 1,
      tells: 'on-call',
      says: {
        means: 'An execution ended badly, and nobody recorded it within five minutes.',
        harms:
          'Its case is listed as open until the sweeper takes it over; a failure before there is a case is told by nothing else.',
        first: postonce(hub, 'cases --status open'),
      },
    })
    addNotDelivered(
      this,
      'EventNotDelivered',
      hub,
      rules,
      'Only the archive has that event: an order, a delivery or a payment is missing until it is replayed.',
    )
    for (const other of others) {
      addErrors(this, hub, other, 1, 'on-call', {
        means: `${other.node.id} failed, and no machine sees that.`,
        harms: 'What it was given comes again, so nothing is lost yet; it is late.',
      })
    }
    addFlowAlarms(this, hub, process)
    addAlarm(this, 'Throttled', hub, {
      // Of all functions of the account and region: a sum over the steps would be more metrics than an alarm may have.
      metric: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', statistic: 'Sum', period }),
      threshold: 1000,
      periods: 3,
      tells: 'by-day',
      says: {
        means:
          'Functions have been throttled for a quarter of an hour: the ERP is slower than its events come, or the account lacks concurrency.',
        harms: 'Cases are late. Nothing is lost: the machines retry for hours before a case fails as retryable.',
        first: postonce(hub, 'cases --status open'),
      },
    })
  }
}
