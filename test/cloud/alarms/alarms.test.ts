import { fileURLToPath } from 'node:url'
import { DisableRuleCommand, EnableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge'
import {
  LambdaClient,
  PutFunctionConcurrencyCommand,
  paginateListFunctions,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { events } from '#aws/clients/events.ts'
import { putCrossReference } from '#aws/cross-reference-store.ts'
import { readMetric } from '#aws/read-metric.ts'
import { zip } from '../launcher/zip.ts'
import { type SimulatedErp, startSimulatedErp } from '../redrive-many/simulated-erp.ts'
import { startHub } from '../redrive-many/start-hub.ts'
import { hearAlarms } from './hear-alarms.ts'
import { startTraffic } from './traffic.ts'

/** What the flows of app.ts are told after: two minutes of silence, two runs of a schedule; and a minute to look. */
const interval = 3

const minutes = (count: number) => count * 60_000

let startedAtMs = 0
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

/** The alarm is told within two intervals from now, with what it means and what to type first. */
async function isTold(alarm: string, said: RegExp, since: number): Promise<void> {
  const { AlarmDescription } = await heard.until(alarm, 'ALARM', 2 * interval, since)
  expect(AlarmDescription).toMatch(said)
  expect(AlarmDescription).toMatch(/ Harm: .+ First: (npx postonce|aws) /)
}

/** Waits for a run of the function that has come to its end since then; the minute in which it was counted says when. */
async function hasRunSince(stage: string, atMs: number): Promise<void> {
  const lastRunMs = async () => {
    const untilMs = Date.now() + 60_000
    const [newest] = await readMetric({
      metric: 'StepSucceeded',
      dimensions: { stage },
      statistic: 'Sum',
      fromMs: atMs,
      untilMs,
      periodSeconds: 60,
      atMost: 1,
    })
    return newest?.atMs ?? 0
  }
  await expect.poll(lastRunMs, { timeout: 4 * interval * 60_000, interval: 1_000 }).toBeGreaterThanOrEqual(atMs)
}

it(
  'raises no alarm while all goes well',
  async () => {
    // By then whatever would be silent is told.
    await hasRunSince('WatchFlows', startedAtMs + interval * 60_000)
    await expect.poll(() => heard.areOn(), { timeout: 60_000 }).toEqual([])
    const raised = (await heard.soFar()).filter(({ NewStateValue }) => NewStateValue === 'ALARM')
    // Before its first run nobody watches, which is an alarm of its own.
    expect(raised.filter(({ AlarmName }) => !AlarmName.includes('FlowWatchSilent'))).toEqual([])
  },
  minutes(10),
)

it(
  'tells that the ERP is down',
  async () => {
    const since = heard.told.length
    await erp.stop()
    await isTold('HubAlarmsErpDown', /found the ERP account tryton down/, since)
    const againAtMs = Date.now()
    await erp.start()
    await heard.until('HubAlarmsErpDown', 'OK', 2 * interval, since)
    // The books are compared again: what is silent later is so for another cause.
    await hasRunSince('ReconcileBooks', againAtMs)
  },
  minutes(20),
)

it(
  'tells that a step is broken',
  async () => {
    const since = heard.told.length
    const FunctionName = await functionNamed('PostGoodsIssue')
    const broken = zip('index.mjs', "export const handler = async () => { throw new Error('this step is broken') }")
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: broken }))
    await isTold('HubAlarmsFailurebug', /failed in a way that nobody planned/, since)
  },
  minutes(10),
)

it(
  'tells which source is silent, which rule delivers nothing, and which schedule does not run',
  async () => {
    const since = heard.told.length
    const Name = await ruleNamed('Signalled')
    traffic.publishing.orders = false
    await events.send(new DisableRuleCommand({ Name, EventBusName: hub.bus }))
    await lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: await functionNamed('ReconcileBooks'),
        ReservedConcurrentExecutions: 0,
      }),
    )
    await isTold(
      'AlarmsFlowSilentsalesorder',
      /^Fewer than 1 SalesOrderSubmitted .* shop is silent.* Owner of sales-order: sales\. /,
      since,
    )
    await isTold('AlarmsFlowSilentgoodsissue', /^Fewer than 1 GoodsIssued .* the rule is off/, since)
    await isTold('HubAlarmsFlowSilentreconciliation', /The schedule of the flow reconciliation has not run/, since)
    expect((await heard.areOn()).filter((name) => name.includes('Silent'))).toHaveLength(3)

    const ended = heard.told.length
    traffic.publishing.orders = true
    await events.send(new EnableRuleCommand({ Name, EventBusName: hub.bus }))
    await heard.until('AlarmsFlowSilentsalesorder', 'OK', 4 * interval, ended)
    await heard.until('AlarmsFlowSilentgoodsissue', 'OK', 4 * interval, ended)
  },
  minutes(30),
)
