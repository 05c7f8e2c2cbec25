import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { lanes } from '#domain/erp-limits.ts'
import { latencyClasses } from '#domain/flow-catalog/flow.ts'
import { addAlarm, postonce } from './alarm.ts'
import { hubMetric } from './hub-metric.ts'
import type { Hub } from './hub-stack.ts'

/** Alarms about the ERP account: it is down, it refuses what it should allow, or whoever needs it waits too long. */
export function addErpAlarms(scope: Construct, hub: Hub): void {
  const { account } = hub.environment.erp
  const pauses = postonce(hub, 'pauses')
  addAlarm(scope, 'ErpDown', hub, {
    metric: hubMetric('ErpCircuitOpened', { account }),
    threshold: 1,
    // While it is down somebody finds it so every two to three minutes, and nobody is told each time.
    periods: 4,
    breachingPeriods: 1,
    tells: 'on-call',
    says: {
      means: `Several calls in a row found the ERP account ${account} down; one at a time tries it again.`,
      harms: 'Cases wait in their machines, for as long as it takes. Nothing is lost, no retry is used up.',
      first: pauses,
    },
  })
  addAlarm(scope, 'ErpThrottles', hub, {
    metric: hubMetric('ErpThrottled', { account }).with({ period: Duration.minutes(15) }),
    threshold: 10,
    tells: 'by-day',
    says: {
      means: `The ERP account ${account} refuses calls that the hub takes for allowed: its limits are lower than the environment says, or somebody else uses them.`,
      harms: 'Cases are late: after each refusal nobody calls until the time that the ERP names.',
      first: postonce(hub, 'flows'),
    },
  })
  for (const lane of lanes) {
    const seconds = Math.max(60, latencyClasses[lane].withinSeconds)
    addAlarm(scope, `ErpWait-${lane}`, hub, {
      metric: hubMetric('ErpWait', { account, lane }).with({ statistic: 'Maximum', period: Duration.minutes(5) }),
      threshold: seconds,
      // Whoever waits is seen when he asks again, which is seldom after a while.
      periods: 3,
      breachingPeriods: 2,
      tells: 'by-day',
      says: {
        means: `Somebody of the lane ${lane} has waited for the ERP account ${account} for more than ${seconds} s.`,
        harms: 'These cases are later than the flow catalog promises. They wait in turn, and lose nothing.',
        first: pauses,
      },
    })
  }
}
