import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
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
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Topic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import { createAlarmTopic } from './alarm.ts'
import { AuditSealing } from './audit-sealing.ts'
import { DeadLetterClearing } from './dead-letter-clearing.ts'
import type { Environment } from './environment.ts'
import { addErpAlarms } from './erp-alarms.ts'
import { ErpDashboard } from './erp-dashboard.ts'
import { ErpWatching } from './erp-watching.ts'
import { FailureRecording } from './failure-recording.ts'
import { FlowRule } from './flow-rule.ts'
import { FlowSchedule } from './flow-schedule.ts'
import { FlowWatching } from './flow-watching.ts'
import { HubAlarms } from './hub-alarms.ts'
import { HubDashboard } from './hub-dashboard.ts'
import { createKey } from './hub-key.ts'
import { Inbox } from './inbox.ts'
import { createPayloadBucket, createSourceBucket } from './payload-bucket.ts'
import { createDeadLetters } from './queue.ts'
import { Reconciliation } from './reconciliation.ts'
import { Sweeping } from './sweeping.ts'
import { UnknownEvents } from './unknown-events.ts'

export interface HubStackProps extends StackProps {
  readonly environment: Environment
  readonly flows: readonly Flow[]
}

/** What the processes share. */
export interface Hub {
  readonly environment: Environment
  /** The flow catalogue, which rules and schedules are made of. */
  readonly flows: readonly Flow[]
  readonly key: Key
  readonly table: ITable
  /** Contents that are too large for an item or an execution. */
  readonly payloads: Bucket
  /** What sources tell of their documents, in files. */
  readonly sourceFiles: Bucket
  readonly bus: IEventBus
  /** What needs a person: failed executions, events that no target took. */
  readonly deadLetters: Queue
  readonly erpSecret: ISecret
  /** For whoever is on call, at any hour. */
  readonly alarmTopic: Topic
  /** For the morning: what waits for somebody and does no harm until then. */
  readonly noticeTopic: Topic
}

/** The bus, the table, the payloads, the ERP's credentials, the dead letters, and those who tell of failures. */
export class HubStack extends Stack {
  readonly hub: Hub

  constructor(scope: Construct, id: string, props: HubStackProps) {
    super(scope, id, props)
    const { environment, flows } = props
    const removalPolicy = environment.retention.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY

    const key = createKey(this, removalPolicy)
    const table = createTable(this, key, removalPolicy)
    const payloads = createPayloadBucket(this, key, environment.retention.bodyDays, removalPolicy)
    const sourceFiles = createSourceBucket(this, key, environment.retention.bodyDays, removalPolicy)
    const bus = new EventBus(this, 'Bus', { eventBusName: 'postonce', kmsKey: key })
    createArchive(this, bus, key, environment.retention.archiveDays)
    const deadLetters = createDeadLetters(this, key)
    const alarmTopic = createAlarmTopic(this, 'Alarms', key, environment.alarmEmail)
    const noticeTopic = createAlarmTopic(this, 'Notices', key, environment.noticeEmail)
    const erpSecret = Secret.fromSecretNameV2(this, 'ErpSecret', environment.erp.secretName)

    this.hub = {
      ...{ environment, flows, key, table, payloads, sourceFiles, bus, deadLetters, erpSecret },
      ...{ alarmTopic, noticeTopic },
    }
    const recording = new FailureRecording(this, 'FailureRecording', { hub: this.hub })
    new UnknownEvents(this, 'UnknownEvents', { hub: this.hub })
    const inbox = new Inbox(this, 'Inbox', { hub: this.hub })
    const clearing = new DeadLetterClearing(this, 'DeadLetterClearing', { hub: this.hub })
    const sweeping = new Sweeping(this, 'Sweeping', { hub: this.hub })
    const erpWatching = new ErpWatching(this, 'ErpWatching', { hub: this.hub })
    const sealing = new AuditSealing(this, 'AuditSealing', { hub: this.hub })
    const reconciliation = new Reconciliation(this, 'Reconciliation', { hub: this.hub })
    const schedules = this.node.findAll().filter((child) => child instanceof FlowSchedule)
    const watching = new FlowWatching(this, 'FlowWatching', { hub: this.hub, schedules })
    const rules = this.node.findAll().filter((child) => child instanceof FlowRule)
    const alarms = new HubAlarms(this, 'HubAlarms', {
      hub: this.hub,
      recording,
      inbox,
      clearing,
      sweeping,
      erpWatching,
      sealing,
      reconciliation,
      watching,
      schedules,
      rules,
    })

    addErpAlarms(alarms, this.hub)
    new ErpDashboard(this, 'ErpDashboard', this.hub)
    new HubDashboard(this, 'HubDashboard', { hub: this.hub, schedules })

    new CfnOutput(this, 'BusName', { value: bus.eventBusName })
    new CfnOutput(this, 'TableName', { value: table.tableName })
    new CfnOutput(this, 'PayloadBucketName', { value: payloads.bucketName })
    new CfnOutput(this, 'SourceBucketName', { value: sourceFiles.bucketName })
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: deadLetters.queueUrl })
    new CfnOutput(this, 'SweeperName', { value: sweeping.sweeper.function.functionName })
    new CfnOutput(this, 'ReconcilerName', { value: reconciliation.reconciler.function.functionName })
    new CfnOutput(this, 'ErpAccount', { value: environment.erp.account })
  }
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
  // From any number that somebody has in hand to its case: order, delivery, invoice, payment.
  table.addGlobalSecondaryIndex({
    indexName: 'ByNumber',
    partitionKey: { name: 'number', type: AttributeType.STRING },
    projectionType: ProjectionType.KEYS_ONLY,
  })
  return table
}
