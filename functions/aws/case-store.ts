import * as z from 'zod'
import type { AcceptedCase, CaseOwner, CaseStatus } from '#domain/accept.ts'
import { SupersededError } from '#domain/errors.ts'
import { partsOf, sortKey } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { type AuditFact, transactTold } from './audit.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { heldByItem } from './payload-store.ts'
import { type Part, read, type Update, update, type Written } from './table.ts'

const Owner = z.object({ executionArn: z.string(), epoch: z.int(), redriveCount: z.int() })

/** A line as it was ordered, as far as deciding what comes next needs it. */
const OrderedLine = z.object({
  line: z.string(),
  quantity: z.string(),
  /** Of a purchase: a service, of which nothing arrives. */
  isService: z.boolean().optional(),
  /** Of a purchase: it costs nothing, so that no invoice is waited for. */
  isFree: z.boolean().optional(),
})
export type OrderedLine = z.output<typeof OrderedLine>

/** CASE: one order or purchase on its way, its owner, and what deciding about it needs. No personal data. */
export const CaseItem = z.object({
  pk: z.string(),
  process: z.string(),
  status: z.enum(['open', 'failed', 'rejected', 'completed', 'cancelled', 'closed']),
  owner: Owner,
  /** The newest version that was accepted or amended to. */
  version: z.int(),
  /** The version that the sales order was created with in the ERP; absent: `version`. */
  createdVersion: z.int().optional(),
  fingerprint: z.string(),
  mapping: z.string().optional(),
  currency: z.string(),
  netTotal: z.string(),
  lines: z.array(OrderedLine),
  /** A person has to agree before this version goes into the ERP. */
  needsApproval: z.boolean().optional(),
  signalCount: z.int(),
  acceptedAtMs: z.number(),
  deadlineAtMs: z.number(),
  deadlinesTold: z.int(),
  /** How many deadlines were told before it was opened again after its end. */
  deadlinesFrom: z.int().optional(),
  /** A person has closed it: nothing opens it again. */
  isClosedByPerson: z.boolean().optional(),
  listedAtMs: z.number(),
  failure: z.record(z.string(), z.unknown()).optional(),
})
export type CaseItem = z.output<typeof CaseItem>

/** Who a step says it is: the case and the execution that carries it. */
export interface Ownership {
  readonly caseKey: string
  readonly executionArn: string
  readonly epoch: number
  readonly redriveCount: number
}

/** Stands for the owner of a case that was opened again and that no execution has taken over yet. */
export const nobody = 'nobody'

/** The list (index `ByList`) in which a case stands: by process and status, by age. */
export const caseList = (process: string, status: CaseStatus) => `CASE#${process}#${status}`

const key = (caseKey: string) => ({ pk: caseKey, sk: sortKey.case })

export async function readCase(caseKey: string): Promise<CaseItem | undefined> {
  const item = await read(key(caseKey))
  return item === undefined ? undefined : parse(CaseItem, item, `The case ${caseKey}`)
}

export function acceptedCase(item: CaseItem): AcceptedCase {
  return { status: item.status, owner: item.owner, version: item.version, fingerprint: item.fingerprint }
}

/** What accepting an order stores besides the owner. */
export interface CaseContent {
  readonly version: number
  readonly createdVersion: number
  readonly fingerprint: string
  readonly mapping: string | undefined
  readonly currency: string
  readonly netTotal: string
  readonly lines: readonly OrderedLine[]
  /** Whether a person has to agree before it goes into the ERP. */
  readonly needsApproval?: boolean
  /** After which time it is told to be overdue, where that is not the usual one. */
  readonly deadlineMs?: number
}

/**
 * Creates the case or takes it over, with its body, the execution's own item and the audit entry, in one transaction.
 * @param seen the case as the decision saw it; undefined when it must not exist
 */
export async function claimCase(
  caseKey: string,
  process: string,
  owner: CaseOwner,
  { deadlineMs = environment().DEADLINE_MS, ...content }: CaseContent,
  body: unknown,
  seen: CaseItem | undefined,
  audit: AuditFact,
): Promise<Written> {
  const held = await heldByItem(body)
  const nowMs = clock.nowMs()
  const item = {
    ...key(caseKey),
    process,
    number: partsOf(caseKey).number,
    status: 'open',
    owner,
    ...content,
    signalCount: seen?.signalCount ?? 0,
    acceptedAtMs: seen?.acceptedAtMs ?? nowMs,
    deadlineAtMs: seen?.deadlineAtMs ?? nowMs + deadlineMs,
    deadlinesTold: seen?.deadlinesTold ?? 0,
    deadlinesFrom: seen?.deadlinesFrom,
    listKey: caseList(process, 'open'),
    listedAtMs: nowMs,
  }
  const condition: Pick<Part & { put: unknown }, 'condition' | 'names' | 'values'> =
    seen === undefined
      ? { condition: 'attribute_not_exists(pk)' }
      : {
          condition:
            '#owner.executionArn = :arn AND #owner.epoch = :epoch AND #owner.redriveCount = :redrives AND #status = :status AND signalCount = :count AND version = :version',
          names: { '#owner': 'owner', '#status': 'status' },
          values: {
            ':arn': seen.owner.executionArn,
            ':epoch': seen.owner.epoch,
            ':redrives': seen.owner.redriveCount,
            ':status': seen.status,
            ':count': seen.signalCount,
            ':version': seen.version,
          },
        }
  const parts = [
    { put: item, ...condition },
    { put: { pk: caseKey, sk: sortKey.body(content.version), body: held, expiresAt: expiresAt(nowMs) } },
    executionOfCase(owner.executionArn, caseKey, nowMs),
  ]
  const fact = {
    before: seen && factsOf(seen.status, seen.owner, seen),
    after: factsOf('open', owner, content),
    ...audit,
  }
  return await transactTold(caseKey, parts, fact, { isFirst: seen === undefined })
}

/** What of a case stands in the audit trail before and after it is accepted. */
function factsOf(
  status: CaseStatus,
  { epoch, redriveCount }: CaseOwner,
  content: Pick<CaseContent, 'version' | 'netTotal' | 'currency'>,
) {
  return { status, epoch, redriveCount, version: content.version, net: `${content.netTotal} ${content.currency}` }
}

/** What of an order's content a newer version replaces. */
export type AmendedContent = Pick<
  CaseContent,
  'version' | 'fingerprint' | 'currency' | 'netTotal' | 'lines' | 'needsApproval'
>

/**
 * The parts of a transaction that replace an order's content by a newer version: one that stands in the ERP, or one of an
 * order that is not there yet, which is then created with it.
 * @param held what the item of the body holds: the version itself, or a reference to it
 */
export function amendedCase(
  owner: Ownership,
  content: AmendedContent,
  held: unknown,
  { isInErp }: { readonly isInErp: boolean },
): readonly Part[] {
  const { version, fingerprint, currency, netTotal, lines, needsApproval } = content
  const created = isInErp ? 'if_not_exists(createdVersion, version)' : ':version'
  const approval = needsApproval === undefined ? '' : ', needsApproval = :approval'
  return [
    {
      key: key(owner.caseKey),
      update: `SET version = :version, createdVersion = ${created}, fingerprint = :fingerprint, currency = :currency, netTotal = :net, #lines = :lines${approval}`,
      condition: '#owner.executionArn = :me AND #owner.epoch = :epoch AND #status = :open AND version < :version',
      names: { '#owner': 'owner', '#status': 'status', '#lines': 'lines' },
      values: {
        ':version': version,
        ':fingerprint': fingerprint,
        ':currency': currency,
        ':net': netTotal,
        ':lines': lines,
        ':me': owner.executionArn,
        ':epoch': owner.epoch,
        ':open': 'open',
        ...(needsApproval !== undefined && { ':approval': needsApproval }),
      },
    },
    { put: { pk: owner.caseKey, sk: sortKey.body(version), body: held, expiresAt: expiresAt(clock.nowMs()) } },
  ]
}

/** EXECUTION: from an execution to its case. What was recorded of it stays. */
function executionOfCase(executionArn: string, caseKey: string, nowMs: number): Update {
  return {
    key: { pk: `EXECUTION#${executionArn}`, sk: 'EXECUTION' },
    update: 'SET caseKey = :case, expiresAt = :expires',
    values: { ':case': caseKey, ':expires': expiresAt(nowMs) },
  }
}

/** Seconds since 1970 at which DynamoDB may remove a body, as its time to live wants it. */
export function expiresAt(nowMs: number): number {
  return Math.floor(nowMs / 1000) + environment().BODY_DAYS * 86_400
}

/** The condition under which a step of this execution may write, for a transaction. */
export function ownsCase(owner: Ownership): Part {
  return {
    check: key(owner.caseKey),
    condition: '#owner.executionArn = :me AND #owner.epoch = :epoch AND #status = :open',
    names: { '#owner': 'owner', '#status': 'status' },
    values: { ':me': owner.executionArn, ':epoch': owner.epoch, ':open': 'open' },
  }
}

/**
 * What a redriven execution does first: raises the stored redrive count to its own and sets the case open again.
 * @throws SupersededError when the case has another owner by now
 */
export async function reopenCase(owner: Ownership): Promise<void> {
  if (owner.redriveCount === 0) return
  const existing = await readCase(owner.caseKey)
  if (existing === undefined || existing.owner.redriveCount >= owner.redriveCount || isEndedBy(existing, owner)) return
  const reopened: Update = {
    key: key(owner.caseKey),
    update: 'SET #owner.redriveCount = :redrives, #status = :open, listKey = :list, listedAtMs = :now REMOVE failure',
    condition:
      '#owner.executionArn = :me AND #owner.epoch = :epoch AND #owner.redriveCount < :redrives AND #status IN (:open, :failed, :rejected)',
    names: { '#owner': 'owner', '#status': 'status' },
    values: {
      ':me': owner.executionArn,
      ':epoch': owner.epoch,
      ':redrives': owner.redriveCount,
      ':open': 'open',
      ':failed': 'failed',
      ':rejected': 'rejected',
      ':list': caseList(existing.process, 'open'),
      ':now': clock.nowMs(),
    },
  }
  const written = await transactTold(owner.caseKey, [reopened], {
    stage: 'redriven',
    by: owner.executionArn,
    before: { status: existing.status, redriveCount: existing.owner.redriveCount },
    after: { status: 'open', redriveCount: owner.redriveCount },
  })
  if (written.ok) return
  const now = await readCase(owner.caseKey)
  if (now?.owner.executionArn === owner.executionArn && now.owner.redriveCount >= owner.redriveCount) return
  if (now !== undefined && isEndedBy(now, owner)) return
  throw superseded(owner)
}

/**
 * Its execution ended between completing the case and publishing that, or a Lambda from before the redrive has completed it
 * just now: it may say so.
 */
function isEndedBy(seen: CaseItem, owner: Ownership): boolean {
  return isEnded(seen.status) && isOwnedBy(seen, owner)
}

/** Changes the case if this execution still owns it; other conditions may be added. */
export async function updateOwnCase(
  owner: Ownership,
  set: { readonly update: string; readonly condition?: string; readonly values?: Record<string, unknown> },
): Promise<Written> {
  const base = '#owner.executionArn = :me AND #owner.epoch = :epoch AND #status = :open'
  return await update({
    key: key(owner.caseKey),
    update: set.update,
    condition: set.condition === undefined ? base : `${base} AND ${set.condition}`,
    names: { '#owner': 'owner', '#status': 'status' },
    values: { ':me': owner.executionArn, ':epoch': owner.epoch, ':open': 'open', ...set.values },
  })
}

/** Whether the case has come to a good end. */
export function isEnded(status: CaseStatus): status is 'completed' | 'cancelled' | 'closed' {
  return status === 'completed' || status === 'cancelled' || status === 'closed'
}

function isOwnedBy({ owner }: CaseItem, { executionArn, epoch }: Ownership): boolean {
  return owner.executionArn === executionArn && owner.epoch === epoch
}

export function superseded(owner: Ownership): SupersededError {
  return new SupersededError(`Execution ${owner.executionArn} no longer owns the case ${owner.caseKey}`, {
    document: owner.caseKey,
  })
}
