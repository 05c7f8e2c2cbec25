import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { DimensionsOf, MetricName } from '#domain/metrics.ts'

/** A metric that the functions write, with the dimension that Powertools adds. */
export function hubMetric<Name extends MetricName>(metricName: Name, dimensions: DimensionsOf<Name>): Metric {
  return new Metric({
    namespace: 'Postonce',
    metricName,
    dimensionsMap: { service: 'postonce', ...dimensions },
    statistic: 'Sum',
    period: Duration.minutes(1),
  })
}
