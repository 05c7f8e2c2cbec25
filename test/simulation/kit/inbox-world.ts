import '../hub/settings.ts'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Context } from 'aws-lambda'
import { vi } from 'vitest'
import * as z from 'zod'
import { claimCase } from '#aws/case-store.ts'
import { payloadBucket } from '#aws/clients/payload-bucket.ts'
import { clock } from '#aws/clock.ts'
import { putCrossReference } from '#aws/cross-reference-store.ts'
import { storeError } from '#aws/execution-store.ts'
import { InboxItem, inboxList } from '#aws/inbox-store.ts'
import { claimPosting, intend, keepInDoubt, markInDoubt, markPosted, readPosting, refuse } from '#aws/posting-store.ts'
import { readList } from '#aws/table.ts'
import type { ErpConnector, NumberedDocument } from '#connectors/port.ts'
import type { ErpRecord } from '#connectors/records-port.ts'
import { connectors } from '#connectors/registry.ts'
import { decisionEvent, decisionSource } from '#domain/decision.ts'
import type { DocumentKind } from '#domain/documents.ts'
import { BusinessError, RetryableError } from '#domain/errors.ts'
import type { PostingName } from '#domain/keys.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { handler as applyDecision } from '../../../functions/operations/apply-decision.ts'
import { handler as recordFailedExecution } from '../../../functions/operations/record-failed-execution.ts'
import { handler as sweepCases } from '../../../functions/operations/sweep-cases.ts'
import { createDatabase, type Database } from '../dynamodb/database.ts'
import { connectSimulatedErp } from '../erp/connector.ts'
import { requestOfBucket } from '../hub/payloads.ts'
import { hubTable, names, times } from '../hub/settings.ts'

export const caseKey = 'shop/sales-order/T1'
export const executionArn = 'arn:one'
export const posting = { document: 'goods-issue', number: 'DN-1' } as const

let database: Database = open()
export const started: string[] = []
export const woken: string[] = []
export const letters: unknown[] = []
/** What the ERP has, by what a person may name. */
export const books = new Map<string, readonly NumberedDocument[]>()
/** What the ERP's change feed tells, all of it changed just now. */
export const records: ErpRecord[] = []
/** Ids of those that were changed long before. */
export const unchanged = new Set<string>()
/** What sources have put into the bucket, by its name. */
export const sourceFiles = new Map<string, { readonly text: string; readonly etag: string; readonly atMs: number }>()
/** Names of those that S3 does not give out. */
export const unreadable = new Set<string>()
/** What Lambda leaves each function at its beginning. */
export const remaining = { ms: 900_000 }
/** What lies among the payloads. */
export const payloads = new Map<string, string>()
/** How long each call of the ERP takes, and after how many it is answered no more; a page tells of so many records. */
export const pace = { seconds: 0, calls: Number.POSITIVE_INFINITY, pageLength: Number.POSITIVE_INFINITY }
/** Whether it fails to answer a look-up. */
export const isErpDown = { value: false }

function open(): Database {
  return createDatabase({ tables: [hubTable], removeUndefinedValues: true })
}

/** Puts the table into memory, and what a decision sets going into lists. */
export function replaceOutside(): void {
  vi.stubEnv('ERP_CONNECTOR', 'named')
  vi.stubEnv('FOUR_EYES_ABOVE', '{"EUR":"1000.00"}')
  connectors.set('named', (connection): ErpConnector => {
    const simulated = connectSimulatedErp(() => {
      throw new Error('No history runs')
    })(connection)
    return {
      ...simulated,
      findDocument: async (kind, number) => books.get(`${kind} ${number}`) ?? [],
      changed: async (_period, after) => {
        take()
        const all = records.filter(({ id }) => !unchanged.has(id))
        const [from, to] = [Number(after ?? 0), Number(after ?? 0) + pace.pageLength]
        return { records: all.slice(from, to), ...(to < all.length && { next: String(to) }) }
      },
      recordsOf: async (document, { by, is }) => {
        take()
        if (isErpDown.value) throw new RetryableError('the ERP is down', { cause: new Error('nobody listens') })
        return records.filter((one) => one.document === document && one[by] === is)
      },
    }
  })
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
  vi.spyOn(SFNClient.prototype, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof StartExecutionCommand) started.push(command.input.input ?? '')
    else if (command instanceof SendTaskSuccessCommand) woken.push(command.input.taskToken ?? '')
    else throw new Error('Step Functions is asked for nothing else here')
  })
  vi.spyOn(SQSClient.prototype, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof SendMessageCommand) letters.push(JSON.parse(command.input.MessageBody ?? ''))
  })
  vi.spyOn(S3Client.prototype, 'send').mockImplementation(async (command: unknown) => requestOfSourceFiles(command))
  vi.spyOn(payloadBucket, 'send').mockImplementation(async (request) => String(requestOfBucket(payloads, request)()))
  vi.spyOn(EventBridgeClient.prototype, 'send').mockImplementation(async () => ({ FailedEntryCount: 0 }))
  const secret = { SecretString: JSON.stringify({ url: 'http://erp.sim' }) }
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockImplementation(async () => secret)
}

let nowMs = 0

/** A page holds two, so that more than one is read. */
function requestOfSourceFiles(command: unknown) {
  if (command instanceof ListObjectsV2Command) {
    const from = Number(command.input.ContinuationToken ?? 0)
    const all = [...sourceFiles].map(([Key, { etag, atMs }]) => ({ Key, ETag: etag, LastModified: new Date(atMs) }))
    const more = from + 2 < all.length ? { NextContinuationToken: String(from + 2) } : {}
    return { Contents: all.slice(from, from + 2), ...more }
  }
  if (!(command instanceof GetObjectCommand)) throw new Error('The bucket is asked for nothing else here')
  const file = sourceFiles.get(command.input.Key ?? '')
  if (unreadable.has(command.input.Key ?? '')) throw new Error('Access Denied')
  if (file?.etag !== command.input.IfMatch)
    throw new Error('At least one of the pre-conditions you specified did not hold')
  nowMs += pace.seconds * 1000
  return { Body: Readable.from([file?.text ?? '']) }
}

/** A source puts a file, now. */
export function putSourceFile(name: string, lines: readonly string[]): void {
  const text = lines.map((line) => `${line}\n`).join('')
  sourceFiles.set(name, { text, etag: `"${createHash('md5').update(text).digest('hex')}"`, atMs: nowMs })
}

function take(): void {
  nowMs += pace.seconds * 1000
  if (pace.calls-- <= 0) throw new Error('The process has ended')
}

/** An empty table, at nine o'clock. */
export function begin(): void {
  database = open()
  nowMs = Date.parse('2026-11-24T09:00:00Z')
  Object.assign(clock, { nowMs: () => nowMs })
  for (const list of [started, woken, letters]) list.length = 0
  books.clear()
  sourceFiles.clear()
  unreadable.clear()
  records.length = 0
  unchanged.clear()
  isErpDown.value = false
  payloads.clear()
  Object.assign(pace, { seconds: 0, calls: Number.POSITIVE_INFINITY, pageLength: Number.POSITIVE_INFINITY })
  remaining.ms = 900_000
}

export function pass(seconds: number): void {
  nowMs += seconds * 1000
}

/** A case under way whose sales order stands in the ERP as 77. */
export async function openCase(netTotal = '44.50', more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await putCrossReference('shop', 'customer', 'C1', names.account, '5')
  const order = {
    number: 'T1',
    orderedOn: '2026-11-24',
    currency: 'EUR',
    customer: { id: 'C1' },
    lines: [{ number: '1', item: { id: 'P1' }, quantity: '2', unitPrice: '10' }],
    ...more,
  }
  const content = {
    version: 1,
    createdVersion: 1,
    fingerprint: 'f',
    mapping: undefined,
    currency: 'EUR',
    netTotal,
    lines: [{ line: '1', quantity: '2' }],
  }
  const owner = { executionArn, epoch: 1, redriveCount: 0 }
  const audit = { stage: 'accepted', by: executionArn }
  await claimCase(caseKey, 'order-to-cash', owner, content, order, undefined, audit)
}

export const owner = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
const claimOf = async () =>
  await claimPosting(owner, posting, undefined, 'c1', { fingerprint: 'g', reference: 'r1' }, undefined)

/** Hub and ERP have the document, as a posting that went well leaves them. */
export async function postToBoth(
  kind: DocumentKind,
  number: string,
  document: PostedDocument,
  onDay = '2026-11-24',
  as = owner,
) {
  const name = { document: kind, number }
  const content = { fingerprint: 'f', reference: `R-${kind}-${number}` }
  const claim = await claimPosting(as, name, await readPosting(caseKey, name), 'c1', content, undefined)
  await markPosted(claim, document, undefined)
  const stands = { document: kind, reference: content.reference, standing: 'in-effect', onDay } as const
  const record: ErpRecord = { ...stands, ...document }
  records.push(record)
  return record
}

/** The ERP did not answer, and can neither refuse a second one nor find the first. */
export async function leaveInDoubt(applied = 0): Promise<void> {
  const claim = await claimOf()
  await intend(claim, { operation: 'finish-delivery', doubt: 'neither' }, applied)
  await markInDoubt(claim)
  const refusal = { code: 'IN_DOUBT', message: 'erp did not answer finish-delivery', owner: 'finance' } as const
  await keepInDoubt(claim, refusal)
  await fail(new BusinessError(refusal, { document: `${caseKey}/goods-issue/DN-1`, system: 'erp' }))
}

/** A posting of money or of a credit note that the ERP has refused. */
export async function leaveMoneyRefused(name: PostingName, reference: string): Promise<void> {
  const refusal = { code: 'NO_OPEN_PERIOD', message: 'no period is open', owner: 'finance' } as const
  await refuse(await claimPosting(owner, name, undefined, 'c1', { fingerprint: 'g', reference }, undefined), refusal)
  const document = `${caseKey}/${name.document}/${name.number}`
  await fail(new BusinessError(refusal, { document, system: 'erp' }))
}

export async function leaveRefused(): Promise<void> {
  const refusal = { code: 'OUT_OF_STOCK', message: 'too little on hand', owner: 'warehouse' } as const
  await refuse(await claimOf(), refusal)
  await fail(new BusinessError(refusal, { document: `${caseKey}/goods-issue/DN-1`, system: 'erp' }))
}

/** The execution fails, and its failure is recorded, twice. */
export async function fail(error: Error): Promise<void> {
  await storeError(executionArn, 0, 'PostGoodsIssue', caseKey, error)
  const detail = { executionArn, status: 'FAILED', redriveCount: 0, error: error.name }
  const body = JSON.stringify({ id: 'e1', detail })
  await recordFailedExecution({ Records: [{ messageId: 'm1', body }] }, context)
}

export async function sweep(): Promise<void> {
  await sweepCases({}, context)
}

/** The questions that are listed. */
export async function questions(): Promise<readonly InboxItem[]> {
  const listed = await readList(inboxList, Number.MAX_SAFE_INTEGER, 100)
  return listed.map(({ pk, sk }) => questionOf(String(pk), String(sk)))
}

/** The only question there is, listed or not. */
export function theQuestion(): InboxItem {
  const [item, second] = itemsOf('INBOX#')
  if (item === undefined || second !== undefined) throw new Error('There is not exactly one question')
  return InboxItem.parse(item)
}

function questionOf(pk: string, sk: string): InboxItem {
  return InboxItem.parse(database.items(names.table).find((item) => item.pk === pk && item.sk === sk))
}

/** Items of the case whose sort key begins so. */
export function itemsOf(prefix: string) {
  return database.items(names.table).filter((item) => item.pk === caseKey && String(item.sk).startsWith(prefix))
}

const Batch = z.object({ batchItemFailures: z.array(z.unknown()) })

/** Delivers a decision; the answer tells whether it comes again. */
export async function decide(
  choice: string,
  more: { id?: string; by?: string; document?: string; item?: string; openedAtMs?: number } = {},
): Promise<'settled' | 'comes again'> {
  const { id = 'd1', ...rest } = more
  const question = more.item === undefined ? theQuestion() : undefined
  const data = {
    item: question?.id,
    case: caseKey,
    choice,
    reason: 'looked in the ERP',
    by: 'ann',
    openedAtMs: question?.openedAtMs ?? 1,
    ...rest,
  }
  const event = {
    id: `bus-${id}`,
    source: decisionSource,
    'detail-type': decisionEvent,
    time: '2026-11-24T09:00:00Z',
    detail: { metadata: { id }, data },
  }
  const answer = await applyDecision({ Records: [{ messageId: 'm1', body: JSON.stringify(event) }] }, context)
  return Batch.parse(answer).batchItemFailures.length === 0 ? 'settled' : 'comes again'
}

/** Longer than the ERP may take to show what was sent. */
export const settled = times.settleSeconds + times.skewSeconds + 1

export const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'Function',
  functionVersion: '1',
  invokedFunctionArn: 'arn:function',
  memoryLimitInMB: '512',
  awsRequestId: 'r1',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => remaining.ms,
  done: () => {},
  fail: () => {},
  succeed: () => {},
}
