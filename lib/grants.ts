import { Stack, Validations } from 'aws-cdk-lib'
import type { ProcessName } from '#domain/processes.ts'
import type { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'

/** Lets a function do exactly this with the hub's table. */
export function allowTable(target: HubFunction, hub: Hub, actions: readonly string[]): void {
  target.allow(actions, [hub.table.tableArn])
  hub.key.grantEncryptDecrypt(target.role)
}

type PayloadAction = 's3:GetObject' | 's3:PutObject'

/** Lets a function store large payloads, or read those whose names it knows. */
export function allowPayloads(target: HubFunction, hub: Hub, actions: readonly PayloadAction[]): void {
  if (actions.length === 0) return
  target.allow(actions, [hub.payloads.arnForObjects('*')])
  hub.key.grantEncryptDecrypt(target.role)
  const isOfHub = Stack.of(target) === Stack.of(hub.payloads)
  const bucket = isOfHub ? '<PayloadsCDFAA0A2.Arn>' : 'PostonceHub:ExportsOutputFnGetAttPayloadsCDFAA0A2Arn61AB835C'
  Validations.of(target).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${bucket}/*]`,
    reason: 'The name of a payload is its SHA-256; nobody may list them.',
  })
}

/** Lets a function read what sources have put down, and nothing else: the files stay as they were put. */
export function allowSourceFiles(target: HubFunction, hub: Hub): void {
  target.allow(['s3:ListBucket'], [hub.sourceFiles.bucketArn])
  target.allow(['s3:GetObject'], [hub.sourceFiles.arnForObjects('*')])
  Validations.of(target).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::<SourceFilesBA99FC76.Arn>/*]',
    reason: 'A source names its files itself.',
  })
}

/** Lets a function list what the index `ByList` holds. */
export function allowLists(target: HubFunction, hub: Hub): void {
  target.allow(['dynamodb:Query'], [`${hub.table.tableArn}/index/ByList`])
}

/** Lets a function find the cases of a number. */
export function allowNumbers(target: HubFunction, hub: Hub): void {
  target.allow(['dynamodb:Query'], [`${hub.table.tableArn}/index/ByNumber`])
}

/** Reading a case, and writing it in transactions. A transaction needs the rights of each of its parts. */
export const readAndWriteCase = [
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:ConditionCheckItem',
] as const

/** What single steps need not of that; a test compares it with the commands that are in each one's bundle. */
const unneeded: Readonly<Record<string, string>> = {
  PickNextEvent: 'dynamodb:DeleteItem',
  MatchSupplierInvoice: 'dynamodb:DeleteItem',
}

/** The steps that publish something themselves (docs/decisions/0023). */
export const tellingSteps: Readonly<Record<ProcessName, readonly string[]>> = {
  'order-to-cash': ['AwaitEvent', 'PickNextEvent'],
  'procure-to-pay': [],
}

/** What a step may do with the table. */
export function tableActionsOf(step: string): readonly string[] {
  return readAndWriteCase.filter((action) => action !== unneeded[step])
}

const payloadActions: Readonly<Record<string, readonly PayloadAction[]>> = {
  AcceptSalesOrder: ['s3:GetObject', 's3:PutObject'],
  AcceptPurchaseRequisition: ['s3:GetObject', 's3:PutObject'],
  AwaitEvent: [],
  AllocatePayment: [],
  CancelSalesOrder: [],
  CloseSalesOrder: [],
  AllocateSupplierCredit: [],
  CancelPurchaseOrder: [],
  ClosePurchaseOrder: [],
  PostSupplierPayment: [],
}

/** What a step may do with the payloads. */
export function payloadActionsOf(step: string): readonly PayloadAction[] {
  return payloadActions[step] ?? ['s3:GetObject']
}

/** Lets a function read the credentials of the ERP. */
export function allowErp(target: HubFunction, hub: Hub): void {
  hub.erpSecret.grantRead(target.role)
  const { region = '<AWS::Region>', account = '<AWS::AccountId>' } = hub.environment
  Validations.of(target).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:${region}:${account}:secret:${hub.environment.erp.secretName}-??????]`,
    reason: 'Secrets Manager appends six random characters to the name of a secret.',
  })
}
