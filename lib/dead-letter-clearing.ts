import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { acknowledgeKeyWildcards } from './failure-recording.ts'
import { FlowSchedule } from './flow-schedule.ts'
import { allowTable } from './grants.ts'
import { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'
import { allowDescribe } from './machines.ts'

/**
 * Takes mended dead letters away. On a schedule, since SQS deletes nothing by what it says: whoever wants to delete one
 * letter has to look through all of them.
 */
export class DeadLetterClearing extends Construct {
  readonly clearer: HubFunction

  constructor(scope: Construct, id: string, { hub }: { readonly hub: Hub }) {
    super(scope, id)
    this.clearer = new HubFunction(this, 'ClearDeadLetters', {
      environment: hub.environment,
      file: 'operations/clear-dead-letters',
      key: hub.key,
      timeout: Duration.minutes(5),
      variables: {
        HUB_TABLE: hub.table.tableName,
        BUS_NAME: hub.bus.eventBusName,
        DEAD_LETTER_QUEUE_URL: hub.deadLetters.queueUrl,
      },
    })
    // It tells which letters it takes away; the frame that every Lambda has can store an error of an execution.
    allowTable(this.clearer, hub, ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'])
    this.clearer.allow(
      ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'],
      [hub.deadLetters.queueArn],
    )
    allowDescribe(this.clearer, hub.environment)
    acknowledgeKeyWildcards(this.clearer)
    new FlowSchedule(this, 'Clear', {
      hub,
      flow: 'dead-letter-clearing',
      description: 'Takes mended dead letters away.',
      runs: this.clearer,
    })
  }
}
