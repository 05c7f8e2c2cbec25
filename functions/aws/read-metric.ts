import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { metrics } from './clients/metrics.ts'

/** One of the hub's own metrics, by the name and the dimensions under which telemetry.ts writes it. */
export interface WantedMetric {
  readonly metric: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly statistic: 'Sum' | 'Maximum' | 'p95'
  readonly fromMs: number
  readonly untilMs: number
  readonly periodSeconds: number
  /** The newest so many periods in which there was anything. */
  readonly atMost: number
}

/** What was measured, the newest first; nothing for a period in which nothing was. */
export async function readMetric(
  wanted: WantedMetric,
): Promise<readonly { readonly atMs: number; readonly value: number }[]> {
  const { metric, dimensions, statistic, fromMs, untilMs, periodSeconds, atMost } = wanted
  const all = { service: 'postonce', ...dimensions }
  const { MetricDataResults = [] } = await metrics.send(
    new GetMetricDataCommand({
      StartTime: new Date(fromMs),
      EndTime: new Date(untilMs),
      ScanBy: 'TimestampDescending',
      MaxDatapoints: atMost,
      MetricDataQueries: [
        {
          Id: 'wanted',
          MetricStat: {
            Metric: {
              Namespace: 'Postonce',
              MetricName: metric,
              Dimensions: Object.entries(all).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: periodSeconds,
            Stat: statistic,
          },
        },
      ],
    }),
  )
  const { Timestamps = [], Values = [] } = MetricDataResults[0] ?? {}
  return Timestamps.map((at, index) => ({ atMs: at.getTime(), value: Values[index] ?? 0 }))
    .sort((one, other) => other.atMs - one.atMs)
    .slice(0, atMost)
}
