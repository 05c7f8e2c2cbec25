import type { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'

/**
 * One customer-managed key for everything. EventBridge must be able to use it to put what it cannot deliver into the
 * encrypted queue, and CloudWatch to publish to the encrypted topic and to write logs.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function createKey(stack: Stack, removalPolicy: RemovalPolicy): Key {
  const key = new Key(stack, 'Key', {
    alias: 'postonce',
    description: 'Postonce: table, payloads, queues, topic, logs and bus',
    enableKeyRotation: true,
    removalPolicy,
  })
  for (const service of ['events', 'cloudwatch']) {
    key.grant(
      new ServicePrincipal(`${service}.amazonaws.com`),
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey*',
    )
  }
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${stack.partition}:logs:${stack.region}:${stack.account}:*`,
        },
      },
    }),
  )
  return key
}
