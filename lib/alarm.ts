import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { Construct } from 'constructs'
import type { Hub } from './hub-stack.ts'

export interface AlarmProps {
  readonly metric: IMetric
  /** Alarms at this value or above it. */
  readonly threshold: number
  readonly periods?: number
  /** What it means, and the first command; whoever is on call reads nothing else at first. */
  readonly description: string
}

/** An alarm that tells the hub's topic, both when it begins and when it is over. */
export function addAlarm(scope: Construct, id: string, hub: Hub, props: AlarmProps): Alarm {
  const alarm = new Alarm(scope, id, {
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: props.periods ?? 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: props.description,
  })
  alarm.addAlarmAction(new SnsAction(hub.alarmTopic))
  alarm.addOkAction(new SnsAction(hub.alarmTopic))
  return alarm
}
