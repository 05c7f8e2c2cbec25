import { Duration, type Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'

export interface AlarmProps {
  readonly metric: IMetric
  /** Alarms at this value or above it. */
  readonly threshold: number
  readonly periods?: number
  /** Of those periods; without it, all of them. */
  readonly breachingPeriods?: number
  /** Alarms below the threshold instead, and where there is nothing to count. */
  readonly isSilence?: boolean
  /** Who is told: whoever is on call, at any hour, or somebody in the morning. */
  readonly tells: 'on-call' | 'by-day'
  /** Whoever is on call reads nothing else at first; docs/operate.md has a section of the alarm's name. */
  readonly says: AlarmText
}

/** What an alarm says, in sentences. */
export interface AlarmText {
  /** What has happened. */
  readonly means: string
  /** What it harms, and what it does not. */
  readonly harms: string
  /** The first command to type; it only looks. */
  readonly first: string
}

/** A command of the hub, for the environment that raises the alarm. */
export function postonce(hub: Hub, command: string): string {
  return `npx postonce ${command} -e ${hub.environment.name}`
}

/** What a function has logged of late; CloudFormation gives its log group a name that begins with the stack's. */
export function logOf(functionName: string): string {
  const group = `aws logs describe-log-groups --log-group-name-pattern ${functionName}Logs`
  return `aws logs tail "$(${group} --query 'logGroups[0].logGroupName' --output text)" --since 30m`
}

/** An alarm that tells one of the hub's two topics, both when it begins and when it is over. */
export function addAlarm(scope: Construct, id: string, hub: Hub, props: AlarmProps): Alarm {
  const alarm = new Alarm(scope, id, {
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: props.periods ?? 1,
    ...(props.breachingPeriods !== undefined && { datapointsToAlarm: props.breachingPeriods }),
    comparisonOperator: props.isSilence
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: props.isSilence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    alarmDescription: textOf(props.says),
  })
  const topic = props.tells === 'on-call' ? hub.alarmTopic : hub.noticeTopic
  alarm.addAlarmAction(new SnsAction(topic))
  alarm.addOkAction(new SnsAction(topic))
  return alarm
}

function textOf({ means, harms, first }: AlarmText): string {
  return `${means} Harm: ${harms} First: ${first}`
}

/**
 * Where alarms go. A topic with a policy of its own, such as the one that enforces TLS, no longer has the default policy
 * that lets CloudWatch publish: without this statement an alarm would change its state and tell nobody.
 */
export function createAlarmTopic(stack: Stack, id: string, key: Key, email: string | undefined): Topic {
  const topic = new Topic(stack, id, { masterKey: key, enforceSSL: true })
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AllowAlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  )
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email))
  return topic
}

/** A function of the hub fails itself: whatever calls it has to come again. Named after the function. */
export function addErrors(
  scope: Construct,
  hub: Hub,
  failing: HubFunction,
  minutes: number,
  tells: AlarmProps['tells'],
  says: Omit<AlarmText, 'first'>,
): void {
  const name = failing.node.id
  addAlarm(scope, `${name}Errors`, hub, {
    metric: failing.function.metricErrors({ period: Duration.minutes(minutes), statistic: 'Sum' }),
    threshold: 1,
    tells,
    says: { ...says, first: logOf(name) },
  })
}
