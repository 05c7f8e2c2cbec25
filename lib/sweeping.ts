import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { acknowledgeKeyWildcards } from './failure-recording.ts'
import { FlowSchedule } from './flow-schedule.ts'
import { allowLists, allowTable, readAndWriteCase } from './grants.ts'
import { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'
import { allowDescribe, machineArns, machinesArn } from './machines.ts'

/** Looks every minute for what nobody else would find: one for all processes, whose signals stand in the same lists. */
export class Sweeping extends Construct {
  readonly sweeper: HubFunction

  constructor(scope: Construct, id: string, { hub }: { readonly hub: Hub }) {
    super(scope, id)
    this.sweeper = new HubFunction(this, 'SweepCases', {
      environment: hub.environment,
      file: 'operations/sweep-cases',
      key: hub.key,
      timeout: Duration.minutes(5),
      variables: {
        HUB_TABLE: hub.table.tableName,
        BUS_NAME: hub.bus.eventBusName,
        DEAD_LETTER_QUEUE_URL: hub.deadLetters.queueUrl,
        PAYLOAD_BUCKET: hub.payloads.bucketName,
        STATE_MACHINES: machinesArn(this),
      },
    })
    allowTable(
      this.sweeper,
      hub,
      readAndWriteCase.filter((action) => action !== 'dynamodb:ConditionCheckItem'),
    )
    allowLists(this.sweeper, hub)
    this.sweeper.allow(['states:StartExecution', 'states:SendTaskSuccess'], machineArns(this))
    allowDescribe(this.sweeper, hub.environment)
    hub.deadLetters.grantSendMessages(this.sweeper.role)
    acknowledgeKeyWildcards(this.sweeper)
    new FlowSchedule(this, 'Sweep', {
      hub,
      flow: 'sweep',
      description: 'Finds what nobody else would find.',
      runs: this.sweeper,
    })
  }
}
