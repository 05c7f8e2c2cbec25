import { Duration, Validations } from 'aws-cdk-lib'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import { FlowRule, flowNamed } from './flow-rule.ts'
import { allowTable } from './grants.ts'
import { HubFunction, recorderTimeout, recorderVisibility } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'
import { machinesArn } from './machines.ts'
import { createQueue } from './queue.ts'

/** Failed executions: rule on the account's default bus → queue → Lambda. */
export class FailureRecording extends Construct {
  readonly recorder: HubFunction

  constructor(scope: Construct, id: string, { hub }: { readonly hub: Hub }) {
    super(scope, id)
    const { environment, key } = hub
    const queue = createQueue(this, 'FailedExecutions', key, hub.deadLetters, recorderVisibility)
    new FlowRule(this, 'FailedExecution', {
      flows: [flowNamed(hub.flows, 'failed-execution')],
      catalog: hub.flows,
      description: 'An execution of Postonce failed, timed out or was aborted.',
      detail: {
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        stateMachineArn: [{ prefix: machinesArn(this) }],
      },
      targets: [
        new SqsQueue(queue, { deadLetterQueue: hub.deadLetters, maxEventAge: Duration.hours(24), retryAttempts: 185 }),
      ],
    })
    this.recorder = new HubFunction(this, 'RecordFailedExecution', {
      environment,
      file: 'operations/record-failed-execution',
      key,
      timeout: recorderTimeout,
      variables: {
        HUB_TABLE: hub.table.tableName,
        BUS_NAME: hub.bus.eventBusName,
        DEAD_LETTER_QUEUE_URL: hub.deadLetters.queueUrl,
      },
    })
    allowTable(this.recorder, hub, ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'])
    this.recorder.allow(['events:PutEvents'], [hub.bus.eventBusArn])
    hub.deadLetters.grantSendMessages(this.recorder.role)
    this.recorder.function.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }))
    acknowledgeKeyWildcards(this.recorder)
  }
}

/** A queue's grants on its key come with these wildcards; the key's own policy names the key alone. */
export function acknowledgeKeyWildcards(scope: Construct): void {
  for (const action of ['kms:GenerateDataKey*', 'kms:ReEncrypt*']) {
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Action::${action}]`,
      reason: 'The CDK grants the variants of one action on the one key of the hub.',
    })
  }
}
