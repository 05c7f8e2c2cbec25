import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { acknowledgeKeyWildcards } from './failure-recording.ts'
import { FlowSchedule } from './flow-schedule.ts'
import { allowLists, allowTable } from './grants.ts'
import { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'

/** Signs each day's root of the audit trail with a key that only signs, and whose private half never leaves KMS. */
export class AuditSealing extends Construct {
  readonly sealer: HubFunction

  constructor(scope: Construct, id: string, { hub }: { readonly hub: Hub }) {
    super(scope, id)
    const key = new Key(this, 'Key', {
      alias: 'postonce-audit',
      description: 'Postonce: signs the roots of the audit trail',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: hub.environment.retention.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    this.sealer = new HubFunction(this, 'SealAudit', {
      environment: hub.environment,
      file: 'operations/seal-audit',
      key: hub.key,
      timeout: Duration.minutes(15),
      memoryMb: 2048,
      variables: { HUB_TABLE: hub.table.tableName, BUS_NAME: hub.bus.eventBusName, AUDIT_KEY: key.keyArn },
    })
    // The frame that every Lambda has can store an error of an execution.
    allowTable(this.sealer, hub, ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'])
    allowLists(this.sealer, hub)
    this.sealer.allow(['kms:Sign', 'kms:GetPublicKey'], [key.keyArn])
    acknowledgeKeyWildcards(this.sealer)
    new FlowSchedule(this, 'Seal', {
      hub,
      flow: 'audit-sealing',
      description: 'Seals each day of the audit trail that is over.',
      runs: this.sealer,
    })
  }
}
