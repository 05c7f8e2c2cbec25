import {
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch'
import { StopExecutionCommand } from '@aws-sdk/client-sfn'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, it } from 'vitest'
import { type Drill, startDrill } from './drill.ts'
import { invoking } from './states.ts'

let drill: Drill

beforeAll(async () => {
  drill = await startDrill({ POSTONCE_ALARM_TICK_SECONDS: '1' })
})
afterAll(() => drill.stop())

/** The sum of all that was counted; AWS tells it minutes later. */
async function total(Namespace: string, MetricName: string, dimensions: Record<string, string>): Promise<number> {
  const answer = await drill.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  )
  return (answer.Datapoints ?? []).reduce((sum, { Sum = 0 }) => sum + Sum, 0)
}

const slow = () => ({ timeout: drill.patienceSeconds * 3_000, interval: drill.pollMs * 10 })

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
it('records the metrics that a function writes as embedded metrics', async ({ expect }) => {
  const namespace = drill.newName()
  const arn = await drill.createFunction(`console.log(JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: '${namespace}', Dimensions: [['system']],
      Metrics: [{ Name: 'posted', Unit: 'Count' }] }] }, system: 'tryton', posted: 3 })); return 1`)
  await drill.run(await drill.createMachine({ StartAt: 'Step', States: { Step: invoking(arn) } }))
  await expect.poll(() => total(namespace, 'posted', { system: 'tryton' }), slow()).toBe(3)
})

// https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
it('counts executions by how they ended', async ({ expect }) => {
  const StateMachineArn = await drill.createMachine({
    TimeoutSeconds: 5,
    StartAt: 'Which',
    States: {
      Which: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.fails %}', Next: 'No' }], Default: 'Wait' },
      No: { Type: 'Fail', Error: 'No' },
      Wait: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', End: true },
    },
  })
  await drill.run(StateMachineArn, { fails: true })
  await drill.run(StateMachineArn, { fails: false, seconds: 0 })
  const executionArn = await drill.start(StateMachineArn, { fails: false, seconds: 60 })
  await drill.sfn.send(new StopExecutionCommand({ executionArn }))
  await drill.run(StateMachineArn, { fails: false, seconds: 60 })
  for (const end of ['Succeeded', 'Failed', 'Aborted', 'TimedOut']) {
    await expect.poll(() => total('AWS/States', `Executions${end}`, { StateMachineArn }), slow()).toBe(1)
  }
  await expect.poll(() => total('AWS/States', 'ExecutionsStarted', { StateMachineArn }), slow()).toBe(4)
})

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
it('raises an alarm on messages that wait in a queue, without anybody publishing a metric', async ({ expect }) => {
  const queue = await drill.createQueue()
  const prefix = drill.newName()
  const Dimensions = [{ Name: 'QueueName', Value: queue.name }]
  for (const [MetricName, Threshold] of [
    ['ApproximateNumberOfMessagesVisible', 1],
    ['ApproximateAgeOfOldestMessage', 2],
  ] as const) {
    await drill.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: `${prefix}-${MetricName}`,
        Tags: drill.tags,
        Namespace: 'AWS/SQS',
        MetricName,
        Dimensions,
        Threshold,
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      }),
    )
  }
  await drill.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'dead letter' }))
  const raised = async () => {
    const command = new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmNamePrefix: prefix })
    return (await drill.cloudwatch.send(command)).MetricAlarms?.map(({ AlarmName }) => AlarmName).sort()
  }
  await expect
    .poll(raised, slow())
    .toEqual([`${prefix}-ApproximateAgeOfOldestMessage`, `${prefix}-ApproximateNumberOfMessagesVisible`])
})

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html (dimensions are part of a metric)
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
it('raises an alarm on the metric with its dimensions alone, period by period, and ends it when nothing more is heard', async ({
  expect,
}) => {
  const prefix = drill.newName()
  const put = async (name: string, value: string, settings: Partial<PutMetricAlarmCommandInput>) => {
    const command = new PutMetricAlarmCommand({
      AlarmName: `${prefix}-${name}`,
      Tags: drill.tags,
      Namespace: prefix,
      MetricName: 'Failure',
      Dimensions: [{ Name: 'class', Value: value }],
      Threshold: 1,
      Period: 10,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...settings,
    })
    await drill.cloudwatch.send(command)
  }
  await put('bug', 'bug', { Statistic: 'Sum' })
  await put('poison', 'poison', { Statistic: 'Sum' })
  await put('slow', 'bug', { ExtendedStatistic: 'p95' })
  await put('twice', 'bug', { Statistic: 'Sum', EvaluationPeriods: 2 })
  await put('silent', 'poison', {
    Statistic: 'Sum',
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  })
  await drill.cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: prefix,
      MetricData: [
        { MetricName: 'Failure', Dimensions: [{ Name: 'class', Value: 'bug' }], Value: 2, StorageResolution: 1 },
      ],
    }),
  )
  const raised = async () => {
    const command = new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmNamePrefix: prefix })
    const { MetricAlarms = [] } = await drill.cloudwatch.send(command)
    return MetricAlarms.map(({ AlarmName = '' }) => AlarmName.slice(prefix.length + 1)).sort()
  }
  await expect.poll(raised, slow()).toEqual(['bug', 'silent', 'slow'])
  await expect.poll(raised, slow()).toEqual(['silent'])
})
