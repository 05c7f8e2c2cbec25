import { rmSync } from 'node:fs'
import { App, Duration, Stack } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import type { ProcessName } from '#domain/processes.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { FlowRule } from '../../lib/flow-rule.ts'
import { temporaryFolder } from '../../lib/temporary-folder.ts'
import { createStacks } from '../../lib/topology.ts'
import { ofType, resourcesOf } from './resources.ts'

const Pattern = z.looseObject({ 'detail-type': z.array(z.union([z.string(), z.looseObject({})])) })
const RuleProperties = z.object({
  EventPattern: Pattern.optional(),
  ScheduleExpression: z.string().optional(),
  Targets: z.array(z.object({ DeadLetterConfig: z.object({ Arn: z.string() }) })),
})
const rulesOf = async (process: ProcessName) =>
  ofType(await resourcesOf('prod', process), 'AWS::Events::Rule', RuleProperties)
const ofOneProcess = ['Started', 'Signalled']
/** Each rule once: those of the hub, and of each process. */
const rules = [
  ...(await rulesOf('order-to-cash')),
  ...(await rulesOf('procure-to-pay')).filter(([name]) => ofOneProcess.includes(name)),
].map(([, rule]) => rule)

const outdir = temporaryFolder('flows')
afterAll(() => rmSync(outdir, { recursive: true }))

/** What bin/app.ts does, with another catalogue, and with something more in the stack of the process. */
function synthesize(flows: readonly unknown[] = flowCatalog, add: (stack: Stack) => void = () => {}): void {
  const app = new App({ outdir })
  // Alarms are compared in an environment that has all of them; nag has a test of its own.
  const { hub, processes } = createStacks(app, { ...readEnvironment('local'), localCloud: false }, flows)
  add(processes[0] ?? Stack.of(hub.key))
  app.synth()
}

const [first] = flowCatalog
if (first === undefined) throw new Error('The catalog is empty')
const change = (changes: Partial<Flow>) => [{ ...first, ...changes }, ...flowCatalog.slice(1)]
const more: Flow = {
  ...first,
  name: 'more',
  process: 'hub',
  dataObject: 'more',
  channel: { kind: 'event', event: 'MoreWanted', does: 'signal', from: 'systems' },
  expected: 'irregularly',
  volume: { perDay: 1, peakPerMinute: 0.1 },
}

describe('the deployment', () => {
  it('is refused for a flow that lacks an attribute', () => {
    const { owner: _owner, ...incomplete } = first
    expect(() => synthesize([incomplete])).toThrow('sales-order [attributes]: owner is missing')
  })

  it('is refused for peaks above the limits of its ERP account', () => {
    expect(() => synthesize(change({ volume: { perDay: 500, peakPerMinute: 200 } }))).toThrow(
      /sales-order, .*\[peak\]: ERP account tryton: sales-order 200 × 22\.4 \+ .* above 480 \(1 at once × 60 s ÷ 0\.125 s a call\)/,
    )
  })

  it('is refused for a rule without an entry', () => {
    const add = (stack: Stack) => new Rule(stack, 'Rogue', { eventPattern: { detailType: ['SalesOrderShipped'] } })
    expect(() => synthesize(flowCatalog, add)).toThrow(/OrderToCash\/Rogue \[rule\]: this rule has no entry/)
  })

  it('is refused for a schedule without an entry, of EventBridge or of its scheduler', () => {
    const add = (stack: Stack) => {
      new Rule(stack, 'Nightly', { schedule: Schedule.rate(Duration.days(1)) })
      new CfnSchedule(stack, 'Hourly', {
        flexibleTimeWindow: { mode: 'OFF' },
        scheduleExpression: 'rate(1 hour)',
        target: { arn: 'arn', roleArn: 'arn' },
      })
    }
    expect(() => synthesize(flowCatalog, add)).toThrow(
      /Nightly \[rule\]: this schedule has no entry[\s\S]*Hourly \[rule\]: this schedule has no entry/,
    )
  })

  it('is refused for a rule of a flow that is not in the catalog', () => {
    const add = (stack: Stack) =>
      new FlowRule(stack, 'More', { flows: [more], catalog: flowCatalog, description: 'More.', targets: [] })
    expect(() => synthesize(flowCatalog, add)).toThrow('more [rule]: a rule is made of this flow, which is not in')
  })

  it('is refused for an event that the hub takes and no entry brings, and for one that it does not know', () => {
    const without = flowCatalog.filter(({ name }) => name !== 'refund')
    expect(() => synthesize(without)).toThrow('RefundRequested [channel]: the hub takes this event')
    expect(() => synthesize([...flowCatalog, more])).toThrow('more [channel]: the hub knows no event MoreWanted')
  })

  it('is refused for an entry without a rule', () => {
    expect(() => synthesize([...flowCatalog, more])).toThrow('more [rule]: no rule brings this flow')
  })

  it('is refused for an entry that a rule is made of and that is gone', () => {
    const without = flowCatalog.filter(({ name }) => name !== 'dead-letter-clearing')
    expect(() => synthesize(without)).toThrow('The flow catalog has no flow dead-letter-clearing')
  })

  it('is refused for an alarm that nobody has built', () => {
    expect(() => synthesize(change({ alarms: ['OrdersAreSilent'] }))).toThrow(
      'sales-order [alarm]: there is no alarm OrdersAreSilent',
    )
  })
})

describe('the template', () => {
  it('has rules for the events of the catalog, and for no other', () => {
    const types = rules.flatMap(({ EventPattern }) => EventPattern?.['detail-type'] ?? [])
    const events = flowCatalog.flatMap(({ channel }) => ('event' in channel ? [channel.event] : []))
    expect(types.filter((type) => typeof type === 'string').sort()).toEqual(events.sort())
  })

  it('has the schedules of the catalog, and no other', () => {
    const rates = rules.flatMap(({ ScheduleExpression }) => ScheduleExpression ?? [])
    const minutes = flowCatalog.flatMap(({ channel }) => (channel.kind === 'schedule' ? [channel.everyMinutes] : []))
    // The CDK says whole hours as such.
    const rateOf = (every: number) => (every % 60 === 0 ? plural(every / 60, 'hour') : plural(every, 'minute'))
    expect(rates.sort()).toEqual(minutes.map((every) => `rate(${rateOf(every)})`).sort())
  })

  it.each(flowCatalog)(
    'takes what cannot be delivered of $name into $deadLetterQueue',
    ({ channel, deadLetterQueue }) => {
      if (channel.kind !== 'event') return
      const rule = rules.find(({ EventPattern }) => EventPattern?.['detail-type'].includes(channel.event))
      expect(rule?.Targets.map(({ DeadLetterConfig }) => DeadLetterConfig.Arn)).toEqual([`<${deadLetterQueue}>`])
    },
  )
})

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
