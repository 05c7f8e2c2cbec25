import { Duration } from 'aws-cdk-lib'
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { IRule } from 'aws-cdk-lib/aws-events'
import type { Construct } from 'constructs'
import { addAlarm } from './alarm.ts'
import type { FlowRule } from './flow-rule.ts'
import type { Hub } from './hub-stack.ts'

/** EventBridge could put an event neither to the target of one of these rules nor into the queue behind that. */
export function addNotDelivered(
  scope: Construct,
  id: string,
  hub: Hub,
  rules: readonly FlowRule[],
  harms: string,
): void {
  const period = Duration.minutes(5)
  addAlarm(scope, id, hub, {
    metric: sum(rules.map(failedToBeSentToDlq), period),
    threshold: 1,
    tells: 'on-call',
    says: {
      means:
        'The bus could deliver an event neither to its target nor into the queue behind it, such as one of more than 1,023 KiB.',
      harms,
      first:
        'aws cloudwatch list-metrics --namespace AWS/Events --metric-name InvocationsFailedToBeSentToDlq --recently-active PT3H',
    },
  })
}

function sum(metrics: readonly IMetric[], period: Duration): MathExpression {
  const named = metrics.map((metric, index) => [`m${index}`, metric] as const)
  return new MathExpression({
    expression: named.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    period,
  })
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
function failedToBeSentToDlq({ ruleName }: IRule): IMetric {
  return new Metric({
    namespace: 'AWS/Events',
    metricName: 'InvocationsFailedToBeSentToDlq',
    dimensionsMap: { RuleName: ruleName },
    statistic: 'Sum',
  })
}
