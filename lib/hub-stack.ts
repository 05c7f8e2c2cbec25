import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib'
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import { CfnArchive, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { FailureRecording } from './failure-recording.ts'
import { HubAlarms } from './hub-alarms.ts'

export interface HubStackProps extends StackProps {
  readonly environment: Environment
}

/** What the processes share. */
export interface Hub {
  readonly environment: Environment
  readonly key: Key
  readonly table: ITable
  readonly bus: IEventBus
  /** What needs a person: failed executions, events that no target took. */
  readonly deadLetters: Queue
  readonly erpSecret: ISecret
  readonly alarmTopic: Topic
}

/** The bus, the table, the ERP's credentials, the dead letters, and those who tell of failures. */
export class HubStack extends Stack {
  readonly hub: Hub

  constructor(scope: Construct, id: string, props: HubStackProps) {
    super(scope, id, props)
    const { environment } = props
    const removalPolicy = environment.retention.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY

    const key = createKey(this, removalPolicy)
    const table = createTable(this, key, removalPolicy)
    const bus = new EventBus(this, 'Bus', { eventBusName: 'postonce', kmsKey: key })
    createArchive(this, bus, key, environment.retention.archiveDays)
    const deadLetters = createDeadLetters(this, key)
    const alarmTopic = createAlarmTopic(this, key, environment.alarmEmail)
    const erpSecret = Secret.fromSecretNameV2(this, 'ErpSecret', environment.erp.secretName)

    this.hub = { environment, key, table, bus, deadLetters, erpSecret, alarmTopic }
    const recording = new FailureRecording(this, 'FailureRecording', { hub: this.hub })
    new HubAlarms(this, 'HubAlarms', { hub: this.hub, recording })

    new CfnOutput(this, 'BusName', { value: bus.eventBusName })
    new CfnOutput(this, 'TableName', { value: table.tableName })
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: deadLetters.queueUrl })
    new CfnOutput(this, 'ErpAccount', { value: environment.erp.account })
  }
}

/**
 * One customer-managed key for everything. EventBridge must be able to use it to put what it cannot deliver into the
 * encrypted queue, and CloudWatch to publish to the encrypted topic and to write logs.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
function createKey(stack: Stack, removalPolicy: RemovalPolicy): Key {
  const key = new Key(stack, 'Key', {
    alias: 'postonce',
    description: 'Postonce: table, queues, topic, logs and bus',
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

/**
 * Where alarms go. A topic with a policy of its own, such as the one that enforces TLS, no longer has the default policy
 * that lets CloudWatch publish: without this statement an alarm would change its state and tell nobody.
 */
function createAlarmTopic(stack: Stack, key: Key, email: string | undefined): Topic {
  const topic = new Topic(stack, 'Alarms', { masterKey: key, enforceSSL: true })
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AllowAlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  )
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email))
  return topic
}

/**
 * Everything but what the hub itself says, so that a replay never publishes that again. Written as the plain resource,
 * since the construct's grant on the key refers to the bus, which refers to the key.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
 */
function createArchive(stack: Stack, bus: EventBus, key: Key, retentionDays: number): void {
  new CfnArchive(stack, 'Archive', {
    sourceArn: bus.eventBusArn,
    archiveName: 'postonce',
    description: 'Everything that systems said to the hub, and nothing that the hub said.',
    eventPattern: { source: [{ 'anything-but': ['postonce'] }] },
    kmsKeyIdentifier: key.keyArn,
    retentionDays,
  })
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: {
        StringEquals: {
          'kms:EncryptionContext:aws:events:event-bus:arn': `arn:${stack.partition}:events:${stack.region}:${stack.account}:event-bus/postonce`,
        },
      },
    }),
  )
}

function createTable(stack: Stack, key: Key, removalPolicy: RemovalPolicy): Table {
  const table = new Table(stack, 'HubTable', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: 'expiresAt',
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    removalPolicy,
  })
  table.addGlobalSecondaryIndex({
    indexName: 'ByList',
    partitionKey: { name: 'listKey', type: AttributeType.STRING },
    sortKey: { name: 'listedAtMs', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  })
  return table
}

/**
 * The dead letters take what any rule of this account cannot deliver. The policy stands here, and not in the stacks of
 * the rules, since a stack that the hub referred to could not refer to the hub.
 */
function createDeadLetters(stack: Stack, key: Key): Queue {
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
