import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deployFixture, type Fixture } from '../../account/fixture.ts'
import { type Drill, startDrill } from './drill.ts'

let drill: Drill
let fixture: Fixture

beforeAll(async () => {
  drill = await startDrill()
  fixture = drill.fixture ?? (await deployFixture(drill.cloudformation, drill.prefix))
})
afterAll(() => drill.stop())

// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (CloudWatch alarms, customer-managed keys)
it('brings an alarm through a topic and a queue that are encrypted with the key of the hub', async () => {
  const AlarmName = drill.newName()
  await drill.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: AlarmName,
      MetricName: 'Nothing',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'missing',
      AlarmActions: [fixture.AlarmTopicArn],
      Tags: drill.tags,
    }),
  )
  await drill.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'drill' }))
  const { Message } = JSON.parse(String((await drill.received(fixture.ToldQueueUrl)).Body))
  expect(JSON.parse(Message)).toMatchObject({ AlarmName, NewStateValue: 'ALARM', NewStateReason: 'drill' })
})

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html (event sources)
it('brings an event that is too large for its machine to the dead letters that are encrypted with the key of the hub', async () => {
  const source = `${drill.prefix}-encrypted`
  const machine = await drill.createMachine({ StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } })
  await drill.rule(
    { source: [source] },
    { Arn: machine, RoleArn: drill.roleArn, DeadLetterConfig: { Arn: fixture.DeadLettersArn } },
  )
  const Detail = JSON.stringify({ text: 'x'.repeat(300_000) })
  await drill.events.send(new PutEventsCommand({ Entries: [{ Source: source, DetailType: 'Drill', Detail }] }))
  expect(JSON.parse(String((await drill.received(fixture.DeadLettersUrl)).Body))).toMatchObject({ source })
})
