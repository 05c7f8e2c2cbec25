import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { ErrorClass } from '#domain/errors.ts'
import type { CountedName, DimensionsOf, MeasuredName } from '#domain/metrics.ts'

/** One line for each outcome, with correlation id, document and system. Never a payload, never a secret. */
export const logger = new Logger({ serviceName: 'postonce' })

const metrics = new Metrics({ namespace: 'Postonce', serviceName: 'postonce' })

/** Counts one thing or several, in CloudWatch's embedded metric format, with its dimensions. */
export function count<Name extends CountedName>(name: Name, dimensions: DimensionsOf<Name>, times = 1): void {
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
export function measureSeconds<Name extends MeasuredName>(
  name: Name,
  seconds: number,
  dimensions: DimensionsOf<Name>,
): void {
  withDimensions(dimensions).addMetric(name, MetricUnit.Seconds, seconds)
}
