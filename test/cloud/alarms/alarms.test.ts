import { fileURLToPath } from 'node:url'
import { DisableRuleCommand, EnableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge'
import {
  LambdaClient,
  PutFunctionConcurrencyCommand,
  paginateListFunctions,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { events } from '#aws/clients/events.ts'
import { putCrossReference } from '#aws/cross-reference-store.ts'
import { asleep } from '#aws/erp-budget/sleepers.ts'
import { readMetric } from '#aws/read-metric.ts'
import { countList } from '../../../bin/commands/status/count-list.ts'
import { zip } from '../launcher/zip.ts'
import { type SimulatedErp, startSimulatedErp } from '../redrive-many/simulated-erp.ts'
import { startHub } from '../redrive-many/start-hub.ts'
import { hearAlarms } from './hear-alarms.ts'
import { startTraffic } from './traffic.ts'

/** After so many minutes the silence of app.ts's flows is told: a minute of it, or two runs of a schedule; and a minute to look. */
const interval = { flow: 2, schedule: 4 } as const

const minutes = (count: number) => count * 60_000

let startedAtMs = 0
let startedAgainAtMs = 0
let toldBefore = 0
let erp: SimulatedErp
let hub: Awaited<ReturnType<typeof startHub>>
let heard: Awaited<ReturnType<typeof hearAlarms>>
let traffic: ReturnType<typeof startTraffic>

beforeAll(async () => {
  erp = await startSimulatedErp()
  hub = await startHub(erp.url, { app: fileURLToPath(new URL('app.ts', import.meta.url)) })
  await putCrossReference('shop', 'item', 'ITEM', 'tryton', '1')
  await putCrossReference('shop', 'customer', 'CUSTOMER', 'tryton', '1')
  heard = await hearAlarms()
  startedAtMs = Date.now()
  traffic = startTraffic(hub.bus)
})
afterAll(async () => {
  await traffic?.stop()
  await hub?.stop()
  await erp?.stop()
})

const lambda = new LambdaClient({})

async function functionNamed(part: string): Promise<string> {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    const found = Functions.find(({ FunctionName }) => FunctionName?.includes(part))
    if (found?.FunctionName !== undefined) return found.FunctionName
  }
  throw new Error(`There is no function ${part}`)
}

async function ruleNamed(part: string): Promise<string> {
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName: hub.bus }))
  const names = Rules.flatMap(({ Name }) => (Name?.includes(part) ? [Name] : []))
  // Each process has one.
  const [name] = names.filter((one) => one.includes('OrderToCash'))
  if (name === undefined) throw new Error(`There is no rule ${part} of orders among ${names.join(', ')}`)
  return name
}

/** The alarm is told within two intervals of its cause, with what it means and what to type first. */
async function isTold(
  alarm: string,
  said: RegExp,
  since: number,
  { of = interval.flow, fromMs = Date.now() }: { of?: number; fromMs?: number } = {},
): Promise<void> {
  const { AlarmDescription, StateChangeTime } = await heard.until(alarm, 'ALARM', fromMs + minutes(2 * of), since)
  // None is told before it is due: of a silence, a minute may have gone by when its cause was set.
  expect(Date.parse(StateChangeTime)).toBeGreaterThan(fromMs + minutes(of - 2) - 1_000)
  expect(AlarmDescription).toMatch(said)
  expect(AlarmDescription).toMatch(/ Harm: .+ First: (npx postonce|aws) /)
}

/** What was measured last since then; the local cloud keeps the second. */
async function newest(
  metric: string,
  dimensions: Readonly<Record<string, string>>,
  statistic: 'Sum' | 'Maximum',
  fromMs: number,
) {
  const untilMs = Date.now() + minutes(1)
  const [found] = await readMetric({ metric, dimensions, statistic, fromMs, untilMs, periodSeconds: 1, atMost: 1 })
  return found
}

/** Waits for a run of the function that has come to its end since then. */
async function hasRunSince(stage: string, atMs: number): Promise<void> {
  const lastRunMs = async () => (await newest('StepSucceeded', { stage }, 'Sum', atMs))?.atMs ?? 0
  await expect.poll(lastRunMs, { timeout: minutes(10), interval: 1_000 }).toBeGreaterThanOrEqual(atMs)
}

it('raises no alarm while all goes well', async () => {
  // By then whatever flow would be silent is told.
  await hasRunSince('WatchFlows', startedAtMs + minutes(interval.flow))
  await expect.poll(() => heard.areOn(), { timeout: 60_000 }).toEqual([])
  // Before its first run nobody watches, which is an alarm of its own.
  expect((await alarmsSince(0)).filter((name) => !name.includes('FlowWatchSilent'))).toEqual([])
  // A schedule is told later. Had none of its runs been heard, it would be silent for the two minutes since the first look.
  const silence = await newest('FlowSilence', { flow: 'reconciliation' }, 'Maximum', startedAtMs)
  expect(silence?.value).toBeLessThan(90)
})

it('tells that a step is broken', async () => {
  const since = heard.told.length
  const FunctionName = await functionNamed('PostGoodsIssue')
  const broken = zip('index.mjs', "export const handler = async () => { throw new Error('this step is broken') }")
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: broken }))
  await isTold('HubAlarmsFailurebug', /failed in a way that nobody planned/, since)
})

describe('silence', () => {
  let since = 0
  let fromMs = 0

  it('of a source and of a rule is told, and of which; a schedule stops as well', async () => {
    const Name = await ruleNamed('Signalled')
    const FunctionName = await functionNamed('ReconcileBooks')
    since = heard.told.length
    fromMs = Date.now()
    traffic.publishing.orders = false
    await events.send(new DisableRuleCommand({ Name, EventBusName: hub.bus }))
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }))
    await isTold(
      'AlarmsFlowSilentsalesorder',
      /^Fewer than 1 SalesOrderSubmitted .* shop is silent.* Owner of sales-order: sales\. /,
      since,
      { fromMs },
    )
    await isTold('AlarmsFlowSilentgoodsissue', /^Fewer than 1 GoodsIssued .* the rule is off/, since, { fromMs })
    traffic.publishing.orders = true
    await events.send(new EnableRuleCommand({ Name, EventBusName: hub.bus }))
  })

  it('is over when the source and the rule are heard again; meanwhile the ERP goes down, which is told as such', async () => {
    const ended = heard.told.length
    await erp.stop()
    await isTold('HubAlarmsErpDown', /found the ERP account tryton down/, ended)
    // Orders go on coming, and sleep in the end.
    await expect.poll(async () => (await countList(asleep)).count, { timeout: minutes(3) }).toBeGreaterThan(0)
    await erp.start()
    startedAgainAtMs = Date.now()
    toldBefore = ended
    const untilMs = Date.now() + minutes(2 * interval.flow)
    for (const alarm of ['AlarmsFlowSilentsalesorder', 'AlarmsFlowSilentgoodsissue']) {
      await heard.until(alarm, 'OK', untilMs, ended)
    }
  })

  it('of the schedule is told when it has missed two runs, and no other was meanwhile', async () => {
    const of = interval.schedule
    await isTold('FlowSilentreconciliation', /The schedule of the flow reconciliation has not run/, since, {
      of,
      fromMs,
    })
    expect((await alarmsSince(since)).filter((name) => name.includes('Silent'))).toEqual([
      expect.stringContaining('HubAlarmsFlowSilentreconciliation'),
      expect.stringContaining('OrderToCash-AlarmsFlowSilentgoodsissue'),
      expect.stringContaining('OrderToCash-AlarmsFlowSilentsalesorder'),
    ])
  })
})

it('ends the alarm of the ERP, and wakes who slept, within three minutes of its return and four that its alarm looks back', async () => {
  const isAwake = async () => (await countList(asleep)).count === 0
  await expect.poll(isAwake, { timeout: startedAgainAtMs + minutes(4) - Date.now() }).toBe(true)
  await heard.until('HubAlarmsErpDown', 'OK', startedAgainAtMs + minutes(3 + 4 + 1), toldBefore)
})

/** The names of the alarms that were raised since then. */
async function alarmsSince(since: number): Promise<readonly string[]> {
  const raised = (await heard.soFar()).slice(since).filter(({ NewStateValue }) => NewStateValue === 'ALARM')
  return raised.map(({ AlarmName }) => AlarmName).sort()
}
