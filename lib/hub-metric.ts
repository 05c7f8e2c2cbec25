import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'

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
