import * as z from 'zod'
import { PostingInProgressError, type Refusal } from '#domain/errors.ts'
import { type PostingName, postingKeyOf, sortKey } from '#domain/keys.ts'
import { type Intent, PostedDocument, type Posting, StandingPart } from '#domain/posting.ts'
import { parse } from '#domain/schema.ts'
import { transactTold } from './audit.ts'
import { type Ownership, ownsCase, superseded } from './case-store.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { type Item, type Part, read, transact, type Update, update } from './table.ts'

/** POSTING: one write of one document to one ERP. Never expires. */
export const PostingItem = z.object({
  status: z.enum(['claimed', 'in-doubt', 'posted', 'refused']),
  fence: z.int(),
  claimId: z.string().optional(),
  leaseEndsAtMs: z.number().optional(),
  sentAtMs: z.number().optional(),
  intent: z
    .object({
      operation: z.string(),
      doubt: z.enum(['natural-key', 'if-unchanged', 'look-up', 'neither']),
      stamp: z.string().optional(),
    })
    .optional(),
  fingerprint: z.string(),
  reference: z.string(),
  applied: z.object({ operations: z.int(), atMs: z.number() }).optional(),
  document: PostedDocument.optional(),
  refusal: z
    .object({
      code: z.string(),
      message: z.string(),
      field: z.string().optional(),
      owner: z.enum(['sales', 'finance', 'warehouse', 'purchasing', 'integration']),
    })
    .optional(),
  standing: StandingPart.optional(),
  isFinal: z.boolean().optional(),
  seen: PostedDocument.optional(),
  postedAtMs: z.number().optional(),
  /** When the machine had come back from its branch, where no signal stands for it. */
  doneAtMs: z.number().optional(),
  attempts: z.int().optional(),
})

/** An attempt that holds the claim. Every write of it is conditional on its claimId. */
export interface Claim {
  readonly owner: Ownership
  readonly name: PostingName
  readonly claimId: string
  readonly leaseEndsAtMs: number
  /** The posting as it was met, so that giving back must not forget it. */
  readonly before: Posting | undefined
}

const keyOf = (caseKey: string, name: PostingName) => ({ pk: caseKey, sk: sortKey.posting(name) })

export function parsePosting(item: Item, what: string) {
  return parse(PostingItem, item, what)
}

export async function readPosting(caseKey: string, name: PostingName): Promise<Posting | undefined> {
  const item = await read(keyOf(caseKey, name))
  return item === undefined ? undefined : parsePosting(item, `The posting ${postingKeyOf(caseKey, name)}`)
}

/**
 * Claims the posting for one attempt, in one transaction with the check that the execution owns the case.
 * The condition repeats what the decision saw, so that a decision that has become stale claims nothing.
 * @param sentAtMs since when it is in doubt; undefined claims without doubt
 * @throws PostingInProgressError when another attempt was faster, SupersededError when the case has another owner
 */
export async function claimPosting(
  owner: Ownership,
  name: PostingName,
  seen: Posting | undefined,
  claimId: string,
  content: { readonly fingerprint: string; readonly reference: string },
  sentAtMs: number | undefined,
): Promise<Claim> {
  const nowMs = clock.nowMs()
  const leaseEndsAtMs = nowMs + environment().LEASE_MS
  const claim: Claim = { owner, name, claimId, leaseEndsAtMs, before: seen }
  const status = sentAtMs === undefined ? 'claimed' : 'in-doubt'
  const written = await transact([
    ownsCase(owner),
    seen === undefined
      ? {
          put: {
            ...keyOf(owner.caseKey, name),
            status,
            fence: 1,
            attempts: 1,
            claimId,
            leaseEndsAtMs,
            ...content,
            number: name.number,
          },
          condition: 'attribute_not_exists(pk)',
        }
      : claimAgain(claim, seen, status, content, sentAtMs),
  ])
  if (written.ok) return claim
  if (written.index === 0) throw superseded(owner)
  // The SDK may have repeated a write that had succeeded: then the claim in the item is mine.
  if (written.item?.claimId === claimId) return claim
  throw inProgress(claim)
}

function claimAgain(
  claim: Claim,
  seen: Posting,
  status: string,
  content: { readonly fingerprint: string; readonly reference: string },
  sentAtMs: number | undefined,
): Update {
  const doubt = sentAtMs === undefined ? ' REMOVE sentAtMs, intent, refusal' : ', sentAtMs = :sent'
  const held = seen.leaseEndsAtMs === undefined ? 'attribute_not_exists(leaseEndsAtMs)' : 'leaseEndsAtMs = :seenLease'
  const intent = seen.intent === undefined ? 'attribute_not_exists(intent)' : 'attribute_exists(intent)'
  return {
    key: keyOf(claim.owner.caseKey, claim.name),
    update: `SET #status = :status, fence = fence + :one, attempts = if_not_exists(attempts, :zero) + :one, claimId = :claim, leaseEndsAtMs = :lease, fingerprint = :fingerprint, #reference = :reference${doubt}`,
    condition: `#status = :seenStatus AND fence = :seenFence AND ${held} AND ${intent}`,
    names: { '#status': 'status', '#reference': 'reference' },
    values: {
      ':status': status,
      ':one': 1,
      ':zero': 0,
      ':claim': claim.claimId,
      ':lease': claim.leaseEndsAtMs,
      ':fingerprint': content.fingerprint,
      ':reference': content.reference,
      ':seenStatus': seen.status,
      ':seenFence': seen.fence,
      ...(seen.leaseEndsAtMs !== undefined && { ':seenLease': seen.leaseEndsAtMs }),
      ...(sentAtMs !== undefined && { ':sent': sentAtMs }),
    },
  }
}

/**
 * Stores what is about to be sent. Ends a doubt that was resolved: from here on it is about this operation.
 * @param operations how many operations are applied already
 * @throws PostingInProgressError when another attempt has taken the claim; then nothing may be sent
 */
export async function intend(claim: Claim, intent: Intent, operations: number): Promise<void> {
  await writeUnderClaim(claim, {
    update: 'SET #status = :claimed, intent = :intent, applied = :applied REMOVE sentAtMs, refusal',
    values: { ':claimed': 'claimed', ':intent': intent, ':applied': { operations, atMs: clock.nowMs() } },
  })
}

/** No answer: marks at once since when something may be on its way, and lets the next attempt resolve it. */
export async function markInDoubt(claim: Claim): Promise<void> {
  await writeUnderClaim(claim, {
    update: 'SET #status = :doubt, sentAtMs = :now REMOVE leaseEndsAtMs',
    values: { ':doubt': 'in-doubt', ':now': clock.nowMs() },
  })
}

/** Gives the doubt back as it was, perhaps with what a person has to know. */
export async function keepInDoubt(claim: Claim, refusal?: Refusal): Promise<void> {
  await writeUnderClaim(claim, {
    update: `SET #status = :doubt${refusal === undefined ? '' : ', refusal = :refusal'} REMOVE leaseEndsAtMs`,
    values: { ':doubt': 'in-doubt', ...(refusal !== undefined && { ':refusal': refusal }) },
  })
}

/**
 * Refused for sure: nothing is on its way.
 * @param standing what stands of it in the ERP all the same
 */
export async function refuse(claim: Claim, refusal: Refusal, standing?: StandingPart): Promise<void> {
  const [sets, removes] = standing === undefined ? ['', ', applied, standing'] : [', standing = :standing', '']
  await writeUnderClaim(claim, {
    update: `SET #status = :refused, refusal = :refusal${sets} REMOVE leaseEndsAtMs, sentAtMs, intent${removes}`,
    values: { ':refused': 'refused', ':refusal': refusal, ...(standing !== undefined && { ':standing': standing }) },
  })
}

/**
 * Not applied for sure: gives the posting back.
 * @param operations how many earlier ones were applied; then the posting stays, bound to its content, and remembers them
 */
export async function giveBack(claim: Claim, operations: number): Promise<void> {
  if (operations > 0 || claim.before !== undefined) {
    await writeUnderClaim(claim, {
      update: `SET #status = :claimed${operations > 0 ? ', applied = :applied' : ''} REMOVE leaseEndsAtMs, sentAtMs, intent`,
      values: {
        ':claimed': 'claimed',
        ...(operations > 0 && { ':applied': { operations, atMs: clock.nowMs() } }),
      },
    })
    return
  }
  await transact([
    {
      remove: keyOf(claim.owner.caseKey, claim.name),
      condition: 'claimId = :claim',
      values: { ':claim': claim.claimId },
    },
  ])
}

/** A document's own date, on which the books are closed, and the day to which it is posted. */
export interface MovedDay {
  readonly from: string
  readonly to: string
}

/** The document and its audit entry, in one transaction. */
export async function markPosted(
  claim: Claim,
  document: PostedDocument,
  note: string | undefined,
  moved?: MovedDay,
): Promise<void> {
  const nowMs = clock.nowMs()
  const posted: Part = {
    key: keyOf(claim.owner.caseKey, claim.name),
    update:
      'SET #status = :posted, document = :document, postedAtMs = :now REMOVE leaseEndsAtMs, sentAtMs, intent, applied, refusal, standing, seen',
    condition: 'claimId = :claim',
    names: { '#status': 'status' },
    values: { ':posted': 'posted', ':document': document, ':now': nowMs, ':claim': claim.claimId },
  }
  const written = await transactTold(claim.owner.caseKey, [posted], {
    stage: 'posted',
    by: claim.owner.executionArn,
    posting: `${claim.name.document}/${claim.name.number}`,
    document,
    before: { status: claim.before?.status ?? 'not posted', ...(moved && { day: moved.from }) },
    after: { status: 'posted', ...(moved && { day: moved.to }) },
    note,
  })
  if (!written.ok) {
    await rememberSeen(claim, document)
    throw inProgress(claim)
  }
}

/** An answer that comes after a take-over is kept, so that the one who resolves the doubt can prefer it. */
async function rememberSeen(claim: Claim, document: PostedDocument): Promise<void> {
  await update({
    key: keyOf(claim.owner.caseKey, claim.name),
    update: 'SET seen = :document',
    condition: 'attribute_exists(pk) AND #status <> :posted',
    names: { '#status': 'status' },
    values: { ':document': document, ':posted': 'posted' },
  })
}

async function writeUnderClaim(claim: Claim, write: Pick<Update, 'update' | 'values'>): Promise<void> {
  const written = await update({
    key: keyOf(claim.owner.caseKey, claim.name),
    update: write.update,
    condition: 'claimId = :claim',
    names: { '#status': 'status' },
    values: { ...write.values, ':claim': claim.claimId },
  })
  if (!written.ok) throw inProgress(claim)
}

function inProgress(claim: Claim): PostingInProgressError {
  return new PostingInProgressError(
    `Another attempt has the posting ${postingKeyOf(claim.owner.caseKey, claim.name)}`,
    { document: postingKeyOf(claim.owner.caseKey, claim.name) },
  )
}

/** The part of a transaction that makes a refusal final. The fence shuts out whoever was about to claim the posting. */
export function finalRefusal(caseKey: string, name: PostingName): Part {
  return {
    key: keyOf(caseKey, name),
    update: 'SET isFinal = :yes, fence = fence + :one',
    condition: '#status = :refused',
    names: { '#status': 'status' },
    values: { ':yes': true, ':one': 1, ':refused': 'refused' },
  }
}

/**
 * Notes that the whole branch of a posting has been carried out, its publication included.
 * @returns when
 * @throws SupersededError when the execution no longer owns the case
 */
export async function markBranchDone(owner: Ownership, name: PostingName): Promise<number> {
  const nowMs = clock.nowMs()
  const written = await transact([
    ownsCase(owner),
    {
      key: keyOf(owner.caseKey, name),
      update: 'SET doneAtMs = if_not_exists(doneAtMs, :now)',
      condition: 'attribute_exists(pk)',
      values: { ':now': nowMs },
    },
  ])
  if (!written.ok) throw superseded(owner)
  return nowMs
}
