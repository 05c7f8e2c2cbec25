import { Duration } from 'aws-cdk-lib'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import { erpVariables } from './erp-variables.ts'
import { acknowledgeKeyWildcards } from './failure-recording.ts'
import { FlowRule, flowNamed } from './flow-rule.ts'
import { allowErp, allowNumbers, allowPayloads, allowTable, readAndWriteCase } from './grants.ts'
import { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'
import { machineArns, machinesArn } from './machines.ts'
import { createQueue } from './queue.ts'

/**
 * What people decide: rule on the bus → queue → Lambda. Whoever may put events on the bus may decide; the rule asks for no
 * source, so that an approval tool can publish under its own.
 */
export class Inbox extends Construct {
  readonly decider: HubFunction

  constructor(scope: Construct, id: string, { hub }: { readonly hub: Hub }) {
    super(scope, id)
    const { environment, key } = hub
    const { times, fourEyesAbove } = environment
    // Looking a document up in the ERP takes as long as a step may.
    const visibility = Duration.seconds(6 * times.lambdaTimeoutSeconds)
    const queue = createQueue(this, 'Decisions', key, hub.deadLetters, visibility)
    new FlowRule(this, 'DecisionMade', {
      flows: [flowNamed(hub.flows, 'decision')],
      catalog: hub.flows,
      bus: hub.bus,
      description: 'A person has decided about a question of the inbox.',
      targets: [
        new SqsQueue(queue, { deadLetterQueue: hub.deadLetters, maxEventAge: Duration.hours(24), retryAttempts: 185 }),
      ],
    })
    this.decider = new HubFunction(this, 'ApplyDecision', {
      environment,
      file: 'operations/apply-decision',
      key,
      variables: {
        HUB_TABLE: hub.table.tableName,
        BUS_NAME: hub.bus.eventBusName,
        DEAD_LETTER_QUEUE_URL: hub.deadLetters.queueUrl,
        PAYLOAD_BUCKET: hub.payloads.bucketName,
        STATE_MACHINES: machinesArn(this),
        ...erpVariables(environment),
        FOUR_EYES_ABOVE: JSON.stringify(fourEyesAbove),
      },
    })
    allowTable(this.decider, hub, readAndWriteCase)
    allowPayloads(this.decider, hub, ['s3:GetObject'])
    allowErp(this.decider, hub)
    // A difference of the books is looked up once more before it is repaired.
    allowNumbers(this.decider, hub)
    this.decider.allow(['states:StartExecution', 'states:SendTaskSuccess'], machineArns(this))
    hub.deadLetters.grantSendMessages(this.decider.role)
    // One at a time: each may have to look something up.
    this.decider.function.addEventSource(new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true }))
    acknowledgeKeyWildcards(this.decider)
  }
}
