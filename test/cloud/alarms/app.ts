// The product as it is on a laptop in front of the simulated ERP, with flows whose silence is told within minutes.
import { fileURLToPath } from 'node:url'
import { App, Stack } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { weekdays } from '#domain/erp-calendar/local-time.ts'
import type { Expectation } from '#domain/flow-catalog/expectation.ts'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { bundleFunctions } from '../../../lib/bundle.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { createStacks } from '../../../lib/topology.ts'

const atAnyTime: Expectation = {
  timeZone: 'Europe/Berlin',
  hours: [{ days: [...weekdays], from: '00:00', to: '00:00' }],
  notOn: [],
  atLeast: 1,
  withinMinutes: 1,
}

const changes: Readonly<Record<string, Partial<Flow>>> = {
  'sales-order': { expected: atAnyTime, volume: { perDay: 1440, peakPerMinute: 1 } },
  'goods-issue': { expected: atAnyTime, volume: { perDay: 1440, peakPerMinute: 1 } },
  'incoming-payment': { expected: 'irregularly' },
  reconciliation: { channel: { kind: 'schedule', everyMinutes: 1 } },
}

bundleFunctions({
  '#connectors/registry.ts': fileURLToPath(new URL('../redrive-many/registry.ts', import.meta.url)),
})
const app = new App()
const { hub } = createStacks(
  app,
  { ...readEnvironment('local'), expectsEvents: true },
  flowCatalog.map((flow) => ({ ...flow, ...changes[flow.name] })),
)

// Silence is over when none was measured for a period; two runs of the watcher are enough here.
for (const one of app.node.findAll()) {
  if (one instanceof CfnAlarm && one.metricName === 'FlowSilence') one.period = 120
}

// Whoever subscribes to the topics.
const onCall = new Queue(Stack.of(hub.key), 'OnCall', { queueName: 'on-call' })
for (const topic of [hub.alarmTopic, hub.noticeTopic]) {
  topic.addSubscription(new SqsSubscription(onCall, { rawMessageDelivery: true }))
}
