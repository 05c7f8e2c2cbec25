import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { erpVariables } from './erp-variables.ts'
import { acknowledgeKeyWildcards } from './failure-recording.ts'
import { FlowSchedule } from './flow-schedule.ts'
import { allowErp, allowLists, allowTable } from './grants.ts'
import { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'
import { machineArns } from './machines.ts'

/** Asks each minute whether the ERP account is back, while anybody sleeps until then, and wakes them when it is. */
export class ErpWatching extends Construct {
  readonly watcher: HubFunction

  constructor(scope: Construct, id: string, { hub }: { readonly hub: Hub }) {
    super(scope, id)
    const { environment } = hub
    this.watcher = new HubFunction(this, 'WatchErp', {
      environment,
      file: 'operations/watch-erp',
      key: hub.key,
      // First it asks, as a step does: in no more time than a step has it would wake nobody.
      timeout: Duration.seconds(environment.times.lambdaTimeoutSeconds + wakingSeconds),
      variables: { HUB_TABLE: hub.table.tableName, BUS_NAME: hub.bus.eventBusName, ...erpVariables(environment) },
    })
    allowTable(this.watcher, hub, ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'])
    allowLists(this.watcher, hub)
    this.watcher.allow(['states:SendTaskSuccess'], machineArns(this))
    allowErp(this.watcher, hub)
    acknowledgeKeyWildcards(this.watcher)
    new FlowSchedule(this, 'Watch', {
      hub,
      flow: 'erp-watch',
      description: 'Wakes the cases that sleep until the ERP is back.',
      runs: this.watcher,
    })
  }
}

/** So long it wakes whoever sleeps, and a little longer. */
const wakingSeconds = 60
