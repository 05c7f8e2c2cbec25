import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { erpVariables } from './erp-variables.ts'
import { acknowledgeKeyWildcards } from './failure-recording.ts'
import { FlowSchedule } from './flow-schedule.ts'
import {
  allowErp,
  allowLists,
  allowNumbers,
  allowPayloads,
  allowSourceFiles,
  allowTable,
  readAndWriteCase,
} from './grants.ts'
import { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'
import { machineArns, machinesArn } from './machines.ts'

/** Compares the books of the hub with those of the ERP, keeps what they do not agree on, and repairs what it may. */
export class Reconciliation extends Construct {
  readonly reconciler: HubFunction

  constructor(scope: Construct, id: string, { hub }: { readonly hub: Hub }) {
    super(scope, id)
    const { environment } = hub
    this.reconciler = new HubFunction(this, 'ReconcileBooks', {
      environment,
      file: 'reconciliation/reconcile-books',
      key: hub.key,
      timeout: Duration.minutes(15),
      // Its feeds are put in order on disk; a million documents take less than half of this.
      memoryMb: 1024,
      diskMb: 4096,
      // Two at once would read the same books, and count the same difference twice.
      reservedConcurrency: 1,
      variables: {
        HUB_TABLE: hub.table.tableName,
        BUS_NAME: hub.bus.eventBusName,
        PAYLOAD_BUCKET: hub.payloads.bucketName,
        SOURCE_BUCKET: hub.sourceFiles.bucketName,
        DEAD_LETTER_QUEUE_URL: hub.deadLetters.queueUrl,
        STATE_MACHINES: machinesArn(this),
        ...erpVariables(environment),
        FOUR_EYES_ABOVE: JSON.stringify(environment.fourEyesAbove),
        SELF_REPAIR: JSON.stringify(environment.selfRepair),
      },
    })
    allowTable(this.reconciler, hub, readAndWriteCase)
    allowLists(this.reconciler, hub)
    allowNumbers(this.reconciler, hub)
    this.reconciler.allow(['states:StartExecution', 'states:SendTaskSuccess'], machineArns(this))
    allowErp(this.reconciler, hub)
    allowSourceFiles(this.reconciler, hub)
    allowPayloads(this.reconciler, hub, ['s3:GetObject', 's3:PutObject'])
    hub.deadLetters.grantSendMessages(this.reconciler.role)
    acknowledgeKeyWildcards(this.reconciler)
    new FlowSchedule(this, 'Reconcile', {
      hub,
      flow: 'reconciliation',
      description: 'Compares the books when the shortest interval of a flow into the ERP is over.',
      runs: this.reconciler,
    })
  }
}
