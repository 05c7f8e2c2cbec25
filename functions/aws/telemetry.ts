import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { ErrorClass } from '#domain/errors.ts'

/** One line for each outcome, with correlation id, document and system. Never a payload, never a secret. */
export const logger = new Logger({ serviceName: 'postonce' })

const metrics = new Metrics({ namespace: 'Postonce', serviceName: 'postonce' })

/** The metrics that alarms read, by name; docs/operate.md says what each means. */
export type MetricName =
  | 'StepSucceeded'
  | 'StepFailed'
  | 'Failure'
  | 'FailureRecorded'
  | 'EventHeard'
  | 'ItemFailed'
  | 'SignalRecorded'
  | 'SignalParked'
  | 'UndeliveredStarted'
  | 'CaseSwept'
  | 'NeedsPerson'
  | 'InboxOpened'
  | 'DecisionApplied'
  | 'DecisionRefused'
  | 'DeadLetterCleared'
  | 'AuditBroken'
  | 'DifferenceFound'
  | 'DifferenceOfClass'
  | 'DifferenceGone'
  | 'DifferenceRepaired'
  | 'ReconciliationRun'
  | 'ErpCalls'
  | 'ErpTurnedAway'
  | 'ErpThrottled'
  | 'ErpCircuitOpened'

/** Counts one thing or several, in CloudWatch's embedded metric format, with its dimensions. */
export function count(name: MetricName, dimensions: Dimensions = {}, times = 1): void {
  withDimensions(dimensions).addMetric(name, MetricUnit.Count, times)
}

type Dimensions = Readonly<Record<string, string>>

function withDimensions(dimensions: Dimensions) {
  const single = metrics.singleMetric()
  for (const [dimension, value] of Object.entries(dimensions)) single.addDimension(dimension, value)
  return single
}

/** Counts what ended badly, by its class, which is what the alarms tell apart; an attempt that is repeated is no such end. */
export function countFailure(errorClass: ErrorClass): void {
  count('Failure', { class: errorClass })
}

/** Tells how old the oldest of something is, or how long something took; alarms read the greatest of such values, or most. */
export function measureSeconds(
  name:
    | 'DeadLetterAge'
    | 'DifferenceAge'
    | 'InboxAge'
    | 'ParkedAge'
    | 'FlowSilence'
    | 'FlowLatency'
    | 'ErpWait'
    | 'ErpSlotTime',
  seconds: number,
  dimensions: Dimensions = {},
): void {
  withDimensions(dimensions).addMetric(name, MetricUnit.Seconds, seconds)
}
