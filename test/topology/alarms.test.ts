import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { counted, measured } from '#domain/metrics.ts'
import { type ProcessName, processNames } from '#domain/processes.ts'
import { ofType, resourcesOf } from './resources.ts'

const Alarm = z.looseObject({
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.string()),
  OKActions: z.array(z.string()),
  ComparisonOperator: z.string(),
  EvaluationPeriods: z.number(),
  Threshold: z.number(),
  TreatMissingData: z.string(),
})

type Row = readonly [
  name: string,
  watches: string,
  threshold: number,
  periods: readonly [count: number, seconds: number],
]

/** What the flow catalogue makes of a process: silence where events are expected, lateness of all. */
function flowAlarms(process: ProcessName): readonly Row[] {
  const flows = flowCatalog.filter((flow) => flow.process === process)
  const named = (kind: string, name: string) => `AlarmsFlow${kind}${name.replaceAll('-', '')}`
  return [
    ...flows.flatMap(({ name, expected }): Row[] =>
      typeof expected === 'string'
        ? []
        : [[named('Silent', name), 'FlowSilence', expected.withinMinutes * 60, [1, 300]]],
    ),
    ...flows.map(({ name }): Row => [named('Late', name), 'FlowLatency', 300, [1, 900]]),
  ]
}

/** Name, what it watches, threshold, periods × seconds. */
const expected = (process: ProcessName): readonly Row[] => [
  ['HubAlarmsFailureretryable', 'Failure', 1, [1, 60]],
  ['HubAlarmsFailureindoubt', 'Failure', 1, [1, 60]],
  ['HubAlarmsFailurepoison', 'Failure', 1, [1, 60]],
  ['HubAlarmsFailurebug', 'Failure', 1, [1, 60]],
  ['HubAlarmsDeadLetterArrived', 'NumberOfMessagesSent', 1, [1, 60]],
  ['HubAlarmsDeadLettersWaiting', 'ApproximateNumberOfMessagesVisible', 1, [3, 60]],
  ['HubAlarmsDeadLetterTooOld', 'DeadLetterAge', 86_400, [1, 600]],
  ['HubAlarmsNeedsPerson', 'NeedsPerson', 1, [1, 60]],
  ['HubAlarmsStartUndeliveredItemFailed', 'ItemFailed', 3, [1, 300]],
  ['HubAlarmsRecordSignalItemFailed', 'ItemFailed', 3, [1, 300]],
  ['HubAlarmsRecordFailedExecutionItemFailed', 'ItemFailed', 3, [1, 300]],
  ['HubAlarmsApplyDecisionItemFailed', 'ItemFailed', 3, [1, 300]],
  ['HubAlarmsSweepCasesItemFailed', 'ItemFailed', 3, [1, 300]],
  ['HubAlarmsInboxTooOld', 'InboxAge', 86_400, [1, 600]],
  ['HubAlarmsDecisionRefused', 'DecisionRefused', 1, [1, 60]],
  ['HubAlarmsApplyDecisionErrors', 'Errors', 1, [1, 60]],
  ['HubAlarmsClearDeadLettersErrors', 'Errors', 1, [1, 300]],
  ['HubAlarmsSweepCasesErrors', 'Errors', 1, [1, 60]],
  ['HubAlarmsWatchErpErrors', 'Errors', 1, [1, 60]],
  ['HubAlarmsAuditBroken', 'AuditBroken', 1, [1, 60]],
  ['HubAlarmsSealAuditErrors', 'Errors', 1, [1, 300]],
  ['HubAlarmsDifferenceFound', 'DifferenceFound', 1, [1, 300]],
  ['HubAlarmsDifferenceTooOld', 'DifferenceAge', 172_800, [1, 3600]],
  ['HubAlarmsReconciliationSilent', 'FlowSilence', 93_600, [1, 300]],
  ['HubAlarmsReconcileBooksErrors', 'Errors', 1, [1, 3600]],
  ['HubAlarmsReconcileBooksItemFailed', 'ItemFailed', 1, [1, 3600]],
  ['HubAlarmsFlowSilentdeadletterclearing', 'FlowSilence', 600, [1, 300]],
  ['HubAlarmsFlowSilentsweep', 'FlowSilence', 180, [1, 300]],
  ['HubAlarmsFlowSilenterpwatch', 'FlowSilence', 180, [1, 300]],
  ['HubAlarmsFlowSilentauditsealing', 'FlowSilence', 7_200, [1, 300]],
  ['HubAlarmsFlowSilentreconciliation', 'FlowSilence', 1_800, [1, 300]],
  ['HubAlarmsFlowWatchSilent', 'StepSucceeded', 1, [5, 60]],
  ['HubAlarmsWatchFlowsErrors', 'Errors', 1, [1, 300]],
  ['HubAlarmsRecordFailedExecutionErrors', 'Errors', 1, [1, 60]],
  [
    'HubAlarmsHubEventNotDelivered',
    'FILL(m0, 0) + FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0) + FILL(m4, 0) + FILL(m5, 0) + FILL(m6, 0) + FILL(m7, 0) + FILL(m8, 0)',
    1,
    [1, 300],
  ],
  ['HubAlarmsErpDown', 'ErpCircuitOpened', 1, [4, 60]],
  ['HubAlarmsErpThrottles', 'ErpThrottled', 10, [1, 900]],
  ['HubAlarmsErpWaitinteractive', 'ErpWait', 60, [3, 300]],
  ['HubAlarmsErpWaitevent', 'ErpWait', 300, [3, 300]],
  ['HubAlarmsErpWaitbatch', 'ErpWait', 86_400, [3, 300]],
  [
    'AlarmsFailureNotRecorded',
    'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0) - FILL(recorded, 0)',
    1,
    [1, 300],
  ],
  ['AlarmsEventNotDelivered', 'FILL(m0, 0) + FILL(m1, 0)', 1, [1, 300]],
  ['AlarmsStartUndeliveredErrors', 'Errors', 1, [1, 60]],
  ['AlarmsRecordSignalErrors', 'Errors', 1, [1, 60]],
  ...flowAlarms(process),
  ['AlarmsThrottled', 'Throttles', 1000, [3, 300]],
]

const Computed = z.array(
  z.object({
    Id: z.string(),
    Expression: z.string().optional(),
    MetricStat: z
      .object({ Period: z.number(), Stat: z.literal('Sum'), Metric: z.object({ MetricName: z.string() }) })
      .optional(),
    ReturnData: z.boolean(),
  }),
)

function watched(alarm: z.output<typeof Alarm>) {
  if (alarm.Metrics === undefined) return [alarm.MetricName, alarm.Period]
  const metrics = Computed.parse(alarm.Metrics)
  const result = metrics.find(({ ReturnData }) => ReturnData)
  return [result?.Expression, metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period]
}

/** What wakes nobody: refusals for business reasons are dead letters, too, and wait for their owner. */
const byDay = new Set([
  'HubAlarmsErpThrottles',
  'HubAlarmsErpWaitinteractive',
  'HubAlarmsErpWaitevent',
  'HubAlarmsErpWaitbatch',
  'HubAlarmsDeadLetterArrived',
  'HubAlarmsDeadLettersWaiting',
  'HubAlarmsDeadLetterTooOld',
  'HubAlarmsDecisionRefused',
  'HubAlarmsClearDeadLettersErrors',
  'HubAlarmsSealAuditErrors',
  'HubAlarmsDifferenceFound',
  'HubAlarmsDifferenceTooOld',
  'HubAlarmsReconciliationSilent',
  'HubAlarmsReconcileBooksErrors',
  'HubAlarmsReconcileBooksItemFailed',
  'HubAlarmsInboxTooOld',
  'HubAlarmsFlowSilentdeadletterclearing',
  'HubAlarmsFlowSilentauditsealing',
  'HubAlarmsFlowSilentreconciliation',
  'HubAlarmsWatchFlowsErrors',
  'AlarmsThrottled',
])
const isByDay = (name: string) => byDay.has(name) || name.startsWith('AlarmsFlowLate')

const dimensionsOf: Readonly<Record<string, readonly string[]>> = { ...counted, ...measured }

/** What alarms when nothing is heard of it. */
const silent = new Set(['HubAlarmsFlowWatchSilent'])

describe.each(processNames)('the alarms of the hub and of %s', async (process) => {
  const prod = await resourcesOf('prod', process)
  const alarms = ofType(prod, 'AWS::CloudWatch::Alarm', Alarm)

  it('are these, with these thresholds', () => {
    const found = alarms.map(([name, alarm]) => {
      const [metric, period] = watched(alarm)
      return [name, metric, alarm.Threshold, [alarm.EvaluationPeriods, period]]
    })
    expect(found).toEqual(expected(process))
  })

  it.each(alarms)(
    '%s tells its topic when it begins and when it is over, with the first thing to do',
    (name, alarm) => {
      const topic = isByDay(name) ? '<Notices>' : '<Alarms>'
      expect(alarm).toMatchObject({
        AlarmActions: [topic],
        OKActions: [topic],
        ComparisonOperator: silent.has(name) ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
        TreatMissingData: silent.has(name) ? 'breaching' : 'notBreaching',
      })
      expect(alarm.AlarmDescription).toMatch(/^[A-Z].+\. Harm: [A-Z].+\. First: (npx postonce|aws) .+[^.]$/)
      expect(alarm.AlarmDescription.length).toBeLessThanOrEqual(1024)
    },
  )

  it('name the owner of a flow that is silent or late, and the greatest of the slow but for a twentieth', () => {
    for (const { name, owner } of flowCatalog.filter((flow) => flow.process === process)) {
      const own = alarms.filter(
        ([alarm]) => /^AlarmsFlow(Silent|Late)/.test(alarm) && alarm.endsWith(name.replaceAll('-', '')),
      )
      expect(own.length).toBeGreaterThan(0)
      for (const [alarm, { AlarmDescription, ExtendedStatistic }] of own) {
        expect(AlarmDescription).toMatch(new RegExp(`Owner.*: ${owner}\\. Harm`))
        expect(ExtendedStatistic).toBe(alarm.startsWith('AlarmsFlowLate') ? 'p95' : undefined)
      }
    }
  })

  it('read the sum of what is counted, and the greatest of what is measured, in every period', () => {
    const own = alarms.filter(([, { Namespace }]) => Namespace === 'Postonce')
    expect(own.length).toBeGreaterThan(20)
    for (const [name, { MetricName, Statistic, Dimensions, DatapointsToAlarm }] of own) {
      const metric = z.string().parse(MetricName)
      const measure = metric === 'FlowLatency' ? undefined : 'Maximum'
      const bears = z.array(z.object({ Name: z.string(), Value: z.string() })).parse(Dimensions)
      expect({ name, Statistic, DatapointsToAlarm, bears: bears.map(({ Name }) => Name).sort() }).toEqual({
        name,
        Statistic: Object.hasOwn(counted, metric) ? 'Sum' : measure,
        // Whoever waits, or finds the ERP still down, is seen when he asks again, which is seldom.
        DatapointsToAlarm: { ErpWait: 2, ErpCircuitOpened: 1 }[metric],
        bears: [...(dimensionsOf[metric] ?? ['no metric of the hub']), 'service'].sort(),
      })
    }
  })

  it('are no alarm for a refusal for business reasons, which waits for its owner by day', () => {
    expect(alarms.filter(([, { Dimensions }]) => JSON.stringify(Dimensions ?? '').includes('"business"'))).toEqual([])
  })

  it('compare what Step Functions counted with what was recorded', () => {
    const metrics = Computed.parse(alarms.find(([name]) => name === 'AlarmsFailureNotRecorded')?.[1].Metrics)
    expect(metrics.flatMap(({ Id, MetricStat }) => (MetricStat ? [[Id, MetricStat.Metric.MetricName]] : []))).toEqual([
      ['failed', 'ExecutionsFailed'],
      ['timedOut', 'ExecutionsTimedOut'],
      ['aborted', 'ExecutionsAborted'],
      ['recorded', 'FailureRecorded'],
    ])
  })
})

describe('the topic', async () => {
  const prod = await resourcesOf('prod')

  it.each(['Alarms', 'Notices'])(
    '%s lets CloudWatch publish, which the policy that enforces TLS would otherwise forbid',
    (name) => {
      expect(prod[`${name}Policy`]?.Properties).toMatchObject({
        Topics: [`<${name}>`],
        PolicyDocument: {
          Statement: expect.arrayContaining([
            {
              Sid: 'AllowAlarmsOfThisAccount',
              Effect: 'Allow',
              Action: 'sns:Publish',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Resource: `<${name}>`,
              Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } },
            },
          ]),
        },
      })
    },
  )

  it('sends mail to the addresses of the environment', () => {
    expect(ofType(prod, 'AWS::SNS::Subscription', z.unknown())).toEqual([
      ['Alarmsoncallexamplecom', { Endpoint: 'on-call@example.com', Protocol: 'email', TopicArn: '<Alarms>' }],
      [
        'Noticesintegrationexamplecom',
        { Endpoint: 'integration@example.com', Protocol: 'email', TopicArn: '<Notices>' },
      ],
    ])
  })
})
