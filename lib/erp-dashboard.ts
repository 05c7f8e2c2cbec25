import { Duration } from 'aws-cdk-lib'
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { type ErpLimits, lanes } from '#domain/erp-limits.ts'
import { busyCauses } from '#domain/errors.ts'
import { erpAccountOf } from './environment.ts'
import { addDashboard, graph } from './graph.ts'
import { hubMetric } from './hub-metric.ts'
import type { Hub } from './hub-stack.ts'

/** The ERP account at a glance: how much of its limits is used and by whom, who waits, why, and for how long. */
export class ErpDashboard extends Construct {
  constructor(scope: Construct, id: string, hub: Hub) {
    super(scope, id)
    const { name: account, limits } = erpAccountOf(hub.environment)
    const byLane = (metric: LaneMetric, statistic: string) =>
      lanes.map((lane) => hubMetric(metric, { account, lane }).with({ statistic, label: lane }))
    const stopped = hubMetric('ErpThrottled', { account }).with({ label: 'refused by the ERP' })
    const opened = hubMetric('ErpCircuitOpened', { account }).with({ label: 'circuit opened' })
    addDashboard(this, `erp-${account}`, [
      graph(`Limit used: ${wordsOf(limits)}`, shares(account, limits), { label: '% of the limit', min: 0, max: 100 }),
      graph('Calls by lane', byLane('ErpCalls', 'Sum'), { label: 'calls a minute', min: 0 }),
      graph('Longest wait of those who asked, by lane', byLane('ErpWait', 'Maximum'), { label: 's', min: 0 }),
      graph(
        'Turned away, by cause',
        busyCauses.map((why) => hubMetric('ErpTurnedAway', { account, why }).with({ label: why })),
        { label: 'a minute', min: 0 },
      ),
      graph('Throttled, and down', [stopped, opened], { label: 'a minute', min: 0 }),
    ])
  }
}

type LaneMetric = 'ErpCalls' | 'ErpWait' | 'ErpSlotTime'

/** The share of each limit that was used in a minute: of the slots' time, and of each rate. */
function shares(account: string, { slots, rates, unitsPerCall }: ErpLimits): IMetric[] {
  const ofLanes = (metric: LaneMetric) =>
    Object.fromEntries(lanes.map((lane) => [idOf(metric, lane), hubMetric(metric, { account, lane })]))
  const share = (metric: LaneMetric, most: number, label: string) =>
    new MathExpression({
      expression: `100 * (${lanes.map((lane) => `FILL(${idOf(metric, lane)}, 0)`).join(' + ')}) / ${most}`,
      usingMetrics: ofLanes(metric),
      period: Duration.minutes(1),
      label,
    })
  return [
    share('ErpSlotTime', slots * 60, `${slots} slots`),
    ...rates.map(({ units, perSeconds }) =>
      share('ErpCalls', (units / unitsPerCall / perSeconds) * 60, `${units} units in ${perSeconds} s`),
    ),
  ]
}

/** One graph has each id once, and it begins with a lower-case letter. */
function idOf(metric: string, lane: string): string {
  return `${lane}${metric}`
}

function wordsOf({ slots, rates }: ErpLimits): string {
  return [`${slots} at once`, ...rates.map(({ units, perSeconds }) => `${units} in ${perSeconds} s`)].join(', ')
}
