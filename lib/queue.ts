import { Duration, type Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** An encrypted queue that keeps what it has for 14 days, the longest that SQS does. */
export function createQueue(scope: Construct, id: string, key: Key, deadLetters?: Queue, visibility?: Duration): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    ...(visibility && { visibilityTimeout: visibility }),
    ...(deadLetters && { deadLetterQueue: { queue: deadLetters, maxReceiveCount: 10 } }),
  })
  if (deadLetters === undefined) {
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is the dead-letter queue itself.',
    })
  }
  return queue
}

/**
 * The dead letters take what any rule of this account cannot deliver. The policy stands here, and not in the stacks of
 * the rules, since a stack that the hub referred to could not refer to the hub.
 */
export function createDeadLetters(stack: Stack, key: Key): Queue {
  const queue = createQueue(stack, 'DeadLetters', key)
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        ArnLike: { 'aws:SourceArn': `arn:${stack.partition}:events:${stack.region}:${stack.account}:rule/*` },
      },
    }),
  )
  return queue
}
