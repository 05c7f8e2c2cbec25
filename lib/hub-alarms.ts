import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { addAlarm } from './alarm.ts'
import type { FailureRecording } from './failure-recording.ts'
import type { Hub } from './hub-stack.ts'

export interface HubAlarmsProps {
  readonly hub: Hub
  readonly recording: FailureRecording
}

/** A metric that the functions write, with the dimension that Powertools adds. */
export function hubMetric(metricName: string, dimensions: Record<string, string> = {}): Metric {
  return new Metric({
    namespace: 'Postonce',
    metricName,
    dimensionsMap: { service: 'postonce', ...dimensions },
    statistic: 'Sum',
    period: Duration.minutes(1),
  })
}

/**
 * Failures by class. A refusal for business reasons wakes nobody at night: it waits in the dead letters for its owner.
 */
const failureClasses = {
  retryable: 'The ERP was not to be reached for longer than the machine retries. Look at it, then redrive.',
  'in-doubt': 'A document is in doubt and could not be resolved. Nothing was posted twice. Look at the case first.',
  poison: 'An event or an answer is not understood. Nothing was posted. Mend the mapping or the source, then redrive.',
  bug: 'A step failed in a way that nobody planned. Look at its log, deploy a mended version, then redrive.',
} as const

const whatWaits = 'Something needs a person: a rejected or failed case, or an event that nothing could take.'

/** Alarms about the hub as a whole. */
export class HubAlarms extends Construct {
  constructor(scope: Construct, id: string, { hub, recording }: HubAlarmsProps) {
    super(scope, id)
    for (const [failureClass, meaning] of Object.entries(failureClasses)) {
      addAlarm(this, `Failure-${failureClass}`, hub, {
        metric: hubMetric('Failure', { class: failureClass }),
        threshold: 1,
        tells: 'on-call',
        description: `${meaning} First: npx postonce cases --status failed`,
      })
    }
    addAlarm(this, 'DeadLetterArrived', hub, {
      metric: hub.deadLetters.metricNumberOfMessagesSent({ period: Duration.minutes(1) }),
      threshold: 1,
      tells: 'by-day',
      description: `${whatWaits} First: npx postonce cases --status rejected`,
    })
    addAlarm(this, 'DeadLettersWaiting', hub, {
      metric: hub.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      tells: 'by-day',
      description: `${whatWaits} It stays until the queue is empty. First: npx postonce cases --status rejected`,
    })
    addAlarm(this, 'DeadLetterTooOld', hub, {
      metric: hub.deadLetters.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
      threshold: Duration.days(1).toSeconds(),
      tells: 'by-day',
      description:
        'A dead letter has waited for more than a day; after 14 days it is lost. First: npx postonce cases --status failed',
    })
    addAlarm(this, 'NeedsPerson', hub, {
      metric: hubMetric('NeedsPerson'),
      threshold: 1,
      tells: 'on-call',
      description:
        'A document is in conflict, or in doubt that nothing resolves: it may be there twice, or changed by hand. First: npx postonce cases --status rejected',
    })
    for (const item of ['StartUndelivered', 'RecordSignal', 'RecordFailedExecution', 'SweepCases']) {
      addAlarm(this, `${item}ItemFailed`, hub, {
        metric: hubMetric('ItemFailed', { function: item }).with({ period: Duration.minutes(5) }),
        threshold: 3,
        tells: 'on-call',
        description: `${item} fails again and again at what it is given, though the function itself runs. First: look at the log of ${item}`,
      })
    }
    addAlarm(this, 'RecordFailedExecutionErrors', hub, {
      metric: recording.recorder.function.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      tells: 'on-call',
      description: 'Failed executions cannot be recorded. First: look at the log of RecordFailedExecution',
    })
  }
}
