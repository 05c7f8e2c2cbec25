import { createHash } from 'node:crypto'
import * as z from 'zod'
import { PostingInProgressError } from '#domain/errors.ts'
import { type SignalKind, SignalTerms, signalKinds } from '#domain/events.ts'
import { type PostingName, postingKeyOf, sortKey } from '#domain/keys.ts'
import type { Reason, SignalName } from '#domain/next-event/situation.ts'
import { parse } from '#domain/schema.ts'
import { Outcome } from '#domain/three-way-match/outcome.ts'
import { type AuditFact, transactTold } from './audit.ts'
import {
  type CaseItem,
  caseList,
  expiresAt,
  nobody,
  type Ownership,
  ownsCase,
  readCase,
  superseded,
} from './case-store.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { heldByItem } from './payload-store.ts'
import { finalRefusal } from './posting-store.ts'
import { type Item, type Part, read, readRange, transact, update } from './table.ts'

const StoredMatch = z.object({
  basis: z.string(),
  round: z.int(),
  outcome: Outcome,
  /** What differs, in words. */
  summary: z.string(),
  /** Whether each of its lines is one of the order's, in the order's currency, so that a person may accept it. */
  isBookable: z.boolean(),
  /** What is to be paid for it. */
  payable: z.string(),
  dueOn: z.string().optional(),
  decision: z.enum(['accept', 'wait']).optional(),
})
export type StoredMatch = z.output<typeof StoredMatch>

/** SIGNAL: an event for a case, under the event's own document number. */
export const SignalItem = z.object({
  pk: z.string(),
  sk: z.string(),
  kind: z.enum(signalKinds),
  number: z.string(),
  eventId: z.string(),
  /** Of a newer version, which may come by more than one event. */
  event: z.string().optional(),
  occurredAt: z.string(),
  acceptedAtMs: z.number().optional(),
  fingerprint: z.string(),
  /** As the item holds it; `signalOf` of the case's story gives what it says. */
  data: z.unknown(),
  /** Of a newer version: a person has to agree before it goes into the ERP. */
  needsApproval: z.boolean().optional(),
  /** Of a supplier's document: what the last match said of it, and what a person has said to that. */
  match: StoredMatch.optional(),
  /** Why it is not carried out. */
  refusal: z.object({ code: z.string(), message: z.string() }).optional(),
  consumedAtMs: z.number().optional(),
  /** Until when it waits for a case that is not there. */
  parkedUntilMs: z.number().optional(),
})
export type SignalItem = z.output<typeof SignalItem>

/** TOKEN: one execution that sleeps in AwaitEvent. */
export const TokenItem = z.object({ pk: z.string(), sk: z.string(), token: z.string() })
export type TokenItem = z.output<typeof TokenItem>

/** The lists in which the sweeper finds signals that nobody has consumed, and those that wait for a case. */
export const waitingSignals = 'SIGNAL#waiting'
export const parkedSignals = 'SIGNAL#parked'

export interface NewSignal {
  readonly kind: SignalKind
  readonly number: string
  readonly eventId: string
  /** By which it came, where more than one makes such a signal. */
  readonly event?: string
  readonly occurredAt: string
  readonly fingerprint: string
  readonly data: unknown
  /** Of a newer version. */
  readonly needsApproval?: boolean
}

/** `reopened`: the case had ended, and has no execution now. `not-open`: a change of a case that is not under way. */
export type SignalOutcome = 'recorded' | 'reopened' | 'duplicate' | 'parked' | 'conflict' | 'not-open'

/**
 * Stores a signal once, in one transaction with the case, which counts its signals, so that completing it at the same
 * moment fails. A case that has ended is opened again: goods come back, and money is asked for, when all was settled.
 * Without a case, or while its order is rejected, the signal is parked; the transaction requires that the case still is
 * as it was seen, so that a case that appears in between is not missed.
 */
export async function recordSignal(caseKey: string, signal: NewSignal): Promise<SignalOutcome> {
  const key = { pk: caseKey, sk: sortKey.signal(signal.kind, signal.number) }
  for (let attempt = 1; attempt <= 5; attempt++) {
    const nowMs = clock.nowMs()
    const theCase = await readCase(caseKey)
    const outcome = outcomeFor(theCase, signal.kind)
    if (outcome === 'not-open') return recordedBefore(await read(key), signal) ?? outcome
    const list =
      outcome === 'parked'
        ? {
            parkedUntilMs: nowMs + environment().PARKED_MS,
            listKey: parkedSignals,
            listedAtMs: nowMs + environment().PARKED_MS,
          }
        : { listKey: waitingSignals, listedAtMs: nowMs }
    const held = { data: await heldData(signal.data), acceptedAtMs: nowMs, expiresAt: expiresAt(nowMs) }
    const item = { ...key, ...signal, ...held, ...list }
    const parts = [{ put: item, condition: 'attribute_not_exists(pk)' }, caseOf(caseKey, theCase, outcome, nowMs)]
    // What is recorded for a case under way is told when it is consumed.
    const written =
      outcome === 'reopened' ? await transactTold(caseKey, parts, reopening(signal, theCase)) : await transact(parts)
    if (written.ok) return outcome
    const before = written.index === 0 ? recordedBefore(written.item, signal) : undefined
    if (before !== undefined) return before
  }
  throw new Error(`The case ${caseKey} changed five times while a signal was being stored`)
}

/** Whether the case has had this signal, with this content. */
export async function isRecorded(
  caseKey: string,
  { kind, number, fingerprint }: Pick<NewSignal, 'kind' | 'number' | 'fingerprint'>,
): Promise<boolean> {
  const item = await read({ pk: caseKey, sk: sortKey.signal(kind, number) })
  return item?.fingerprint === fingerprint
}

function recordedBefore(existing: Item | undefined, { fingerprint }: NewSignal): 'duplicate' | 'conflict' | undefined {
  if (existing === undefined) return undefined
  return existing.fingerprint === fingerprint ? 'duplicate' : 'conflict'
}

function reopening({ kind, number, eventId }: NewSignal, seen: CaseItem | undefined): AuditFact {
  const before = seen && { status: seen.status }
  return {
    stage: 'reopened',
    by: 'postonce',
    cause: eventId,
    posting: `${kind}/${number}`,
    before,
    after: { status: 'open' },
  }
}

/** What is too large for the item is referred to, with the terms beside it that decide, but for its many quantities. */
async function heldData(data: unknown): Promise<unknown> {
  const held = await heldByItem(data)
  if (held === data) return data
  const { lines, ...terms } = SignalTerms.safeParse(data).data ?? {}
  return { ...terms, ...Object(held) }
}

function outcomeFor(theCase: CaseItem | undefined, kind: SignalKind): 'recorded' | 'reopened' | 'parked' | 'not-open' {
  const status = theCase?.status
  if (status === 'open' || status === 'failed') return 'recorded'
  // What a newer version of such an order means is for the accept table to say.
  if (kind === 'change') return 'not-open'
  const isAwaited = status !== undefined && status !== 'rejected' && !theCase?.isClosedByPerson
  return isAwaited ? 'reopened' : 'parked'
}

/** The part of the transaction that is about the case. */
function caseOf(
  caseKey: string,
  seen: CaseItem | undefined,
  outcome: 'recorded' | 'reopened' | 'parked',
  nowMs: number,
): Part {
  const key = { pk: caseKey, sk: sortKey.case }
  if (seen === undefined) return { check: key, condition: 'attribute_not_exists(pk)' }
  if (outcome === 'parked') {
    return {
      key,
      update: 'SET signalCount = signalCount + :one',
      condition: '#status = :status',
      names: { '#status': 'status' },
      values: { ':one': 1, ':status': seen.status },
    }
  }
  if (outcome === 'recorded') {
    return {
      key,
      update: 'SET signalCount = signalCount + :one',
      condition: '#status IN (:open, :failed)',
      names: { '#status': 'status' },
      values: { ':one': 1, ':open': 'open', ':failed': 'failed' },
    }
  }
  // Nobody owns it until an execution has taken it over: the one that ended it may still be publishing that.
  return {
    key,
    update:
      'SET #status = :open, #owner = :nobody, signalCount = signalCount + :one, deadlineAtMs = :deadline, deadlinesFrom = deadlinesTold, listKey = :list, listedAtMs = :now',
    condition: '#status = :status AND #owner.epoch = :epoch',
    names: { '#status': 'status', '#owner': 'owner' },
    values: {
      ':open': 'open',
      ':nobody': { executionArn: nobody, epoch: seen.owner.epoch + 1, redriveCount: 0 },
      ':one': 1,
      ':deadline': nowMs + environment().DEADLINE_MS,
      ':list': caseList(seen.process, 'open'),
      ':now': nowMs,
      ':status': seen.status,
      ':epoch': seen.owner.epoch,
    },
  }
}

/**
 * Notes why a signal is not carried out, and makes the refusal of its posting final, so that another run of the step does
 * not post it after all. It is told, and consumed, when the machine comes back to PickNextEvent.
 * @throws PostingInProgressError when another run has claimed the posting; SupersededError when the execution no longer
 *   owns the case
 */
export async function refuseSignal(
  owner: Ownership,
  { kind, number }: SignalName,
  posting: PostingName,
  refusal: Reason,
): Promise<void> {
  const written = await transact([
    ownsCase(owner),
    finalRefusal(owner.caseKey, posting),
    {
      key: { pk: owner.caseKey, sk: sortKey.signal(kind, number) },
      update: 'SET refusal = :refusal',
      condition: 'attribute_exists(pk)',
      values: { ':refusal': refusal },
    },
  ])
  if (written.ok) return
  if (written.index === 0) throw superseded(owner)
  const key = postingKeyOf(owner.caseKey, posting)
  throw new PostingInProgressError(`Another attempt has the posting ${key}`, { document: key })
}

/** How a signal ends, besides being consumed. */
export interface SignalEnd {
  /** Why it is not carried out. */
  readonly refusal?: Reason
  /** What is written at the same moment, on condition that the case is owned; without them, only that it is. */
  readonly parts?: readonly Part[]
  /** What that changes. */
  readonly told?: Pick<AuditFact, 'before' | 'after'>
}

/**
 * Marks a signal as consumed when its whole branch, its publication included, has been carried out.
 * @returns when, if this run has written it: another run of the same step may have been faster
 * @throws SupersededError when the execution no longer owns the case
 */
export async function consumeSignal(
  owner: Ownership,
  signal: SignalItem,
  note: string,
  { refusal, parts = [ownsCase(owner)], told }: SignalEnd = {},
): Promise<number | undefined> {
  const nowMs = clock.nowMs()
  const consumed = {
    key: { pk: signal.pk, sk: signal.sk },
    update: `SET consumedAtMs = :now${refusal ? ', refusal = :refusal' : ''} REMOVE listKey, listedAtMs, parkedUntilMs`,
    condition: 'attribute_exists(pk) AND attribute_not_exists(consumedAtMs)',
    values: { ':now': nowMs, ...(refusal && { ':refusal': refusal }) },
  }
  const written = await transactTold(owner.caseKey, [...parts, consumed], {
    stage: 'consumed',
    by: owner.executionArn,
    cause: signal.eventId,
    posting: `${signal.kind}/${signal.number}`,
    ...told,
    note,
  })
  if (written.ok) return nowMs
  const now = await read({ pk: signal.pk, sk: signal.sk })
  if (now?.consumedAtMs === undefined) throw superseded(owner)
  return undefined
}

/** The key of a token's item holds its hash, since a token is longer than a sort key may be. */
export const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')
export function tokenKey(caseKey: string, token: string) {
  return { pk: caseKey, sk: sortKey.token(hashOf(token)) }
}

/**
 * Stores a token of an execution that owns the case.
 * @throws SupersededError when it does not
 */
export async function storeToken(owner: Ownership, token: string): Promise<void> {
  const written = await transact(storedToken(owner, token))
  if (!written.ok) throw superseded(owner)
}

/** The parts of a transaction that stores a token, on condition that the case is owned. */
export function storedToken(owner: Ownership, token: string): readonly Part[] {
  const put = { ...tokenKey(owner.caseKey, token), token, expiresAt: expiresAt(clock.nowMs()) }
  return [ownsCase(owner), { put }]
}

/** Strongly consistent: whoever has written a signal before sees every token that was written before. */
export async function readTokens(caseKey: string): Promise<TokenItem[]> {
  const items = await readRange(caseKey, 'TOKEN#', 'TOKEN~')
  return items.map((item) => parse(TokenItem, item, `A token of ${caseKey}`))
}

/** Puts off when the sweeper looks at an item again. */
export async function touch(key: { readonly pk: string; readonly sk: string }, atMs: number): Promise<void> {
  await update({
    key,
    update: 'SET listedAtMs = :at',
    condition: 'attribute_exists(listKey)',
    values: { ':at': atMs },
  })
}

/** Moves a listed signal to another list; it is looked at again from now on. */
export async function relist(key: { readonly pk: string; readonly sk: string }, listKey: string): Promise<void> {
  await update({
    key,
    update: 'SET listKey = :list, listedAtMs = :now',
    condition: 'attribute_exists(listKey)',
    values: { ':list': listKey, ':now': clock.nowMs() },
  })
}
