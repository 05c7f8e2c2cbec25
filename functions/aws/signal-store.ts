import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { SignalKind } from '#domain/events.ts'
import { sortKey } from '#domain/keys.ts'
import type { PaymentShare } from '#domain/pick-next-event.ts'
import { parse } from '#domain/schema.ts'
import { auditItem } from './audit.ts'
import { expiresAt, type Ownership, ownsCase, readCase, superseded } from './case-store.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { heldByItem, readHeld } from './payload-store.ts'
import { read, readRange, transact, update } from './table.ts'

/** SIGNAL: an event for a case, under the event's own document number. */
export const SignalItem = z.object({
  pk: z.string(),
  sk: z.string(),
  kind: z.enum(['goods-issue', 'incoming-payment', 'change']),
  number: z.string(),
  eventId: z.string(),
  occurredAt: z.string(),
  fingerprint: z.string(),
  /** As the item holds it; `readSignal` gives what it says. */
  data: z.unknown(),
  /** Of a payment. */
  amount: z.string().optional(),
  /** Of a payment: which invoices it settles, decided once, before it is first sent. */
  shares: z.array(z.object({ invoiceId: z.string(), amount: z.string() })).optional(),
  consumedAtMs: z.number().optional(),
  /** Until when it waits for a case that is not there or has ended. */
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
  readonly kind: SignalKind | 'change'
  readonly number: string
  readonly eventId: string
  readonly occurredAt: string
  readonly fingerprint: string
  readonly data: unknown
  readonly amount?: string | undefined
}

export type SignalOutcome = 'recorded' | 'duplicate' | 'parked' | 'conflict'

/**
 * Stores a signal once, in one transaction with the case: it must be under way, and it counts its signals, so that
 * completing it at the same moment fails. Without such a case the signal is parked; the transaction requires that
 * the case still is as it was seen, so that a case that appears in between is not missed.
 */
export async function recordSignal(caseKey: string, signal: NewSignal): Promise<SignalOutcome> {
  const key = { pk: caseKey, sk: `SIGNAL#${signal.kind}#${signal.number}` }
  for (let attempt = 1; attempt <= 5; attempt++) {
    const existing = await read(key)
    if (existing !== undefined) return existing.fingerprint === signal.fingerprint ? 'duplicate' : 'conflict'
    const nowMs = clock.nowMs()
    const item = { ...key, ...signal, data: await heldByItem(signal.data), expiresAt: expiresAt(nowMs) }
    const theCase = await readCase(caseKey)
    const underWay = theCase !== undefined && (theCase.status === 'open' || theCase.status === 'failed')
    const written = underWay
      ? await transact([
          { put: { ...item, listKey: waitingSignals, listedAtMs: nowMs }, condition: 'attribute_not_exists(pk)' },
          {
            key: { pk: caseKey, sk: sortKey.case },
            update: 'SET signalCount = signalCount + :one',
            condition: '#status IN (:open, :failed)',
            names: { '#status': 'status' },
            values: { ':one': 1, ':open': 'open', ':failed': 'failed' },
          },
        ])
      : await transact([
          {
            put: {
              ...item,
              parkedUntilMs: nowMs + environment().PARKED_MS,
              listKey: parkedSignals,
              listedAtMs: nowMs + environment().PARKED_MS,
            },
            condition: 'attribute_not_exists(pk)',
          },
          theCase === undefined
            ? { check: { pk: caseKey, sk: sortKey.case }, condition: 'attribute_not_exists(pk)' }
            : {
                check: { pk: caseKey, sk: sortKey.case },
                condition: '#status = :status',
                names: { '#status': 'status' },
                values: { ':status': theCase.status },
              },
        ])
    if (written.ok) return underWay ? 'recorded' : 'parked'
  }
  throw new Error(`The case ${caseKey} changed five times while a signal was being stored`)
}

/** One signal of a case; undefined when there is none. */
export async function readSignal(caseKey: string, kind: SignalKind, number: string): Promise<SignalItem | undefined> {
  const item = await read({ pk: caseKey, sk: sortKey.signal(kind, number) })
  if (item === undefined) return undefined
  const signal = parse(SignalItem, item, `The signal ${kind} ${number} of ${caseKey}`)
  return { ...signal, data: await readHeld(signal.data) }
}

/**
 * Stores how a payment is shared out, once: whoever repeats it settles the same invoices.
 * @returns what was stored, now or before
 * @throws SupersededError when the execution no longer owns the case
 */
export async function decideShares(
  owner: Ownership,
  signal: SignalItem,
  shares: readonly PaymentShare[],
): Promise<readonly PaymentShare[]> {
  const written = await transact([
    ownsCase(owner),
    {
      key: { pk: signal.pk, sk: signal.sk },
      update: 'SET shares = :shares',
      condition: 'attribute_exists(pk) AND attribute_not_exists(shares)',
      values: { ':shares': shares },
    },
  ])
  if (written.ok) return shares
  if (written.index === 0) throw superseded(owner)
  return parse(SignalItem, written.item, `The signal ${signal.sk} of ${signal.pk}`).shares ?? shares
}

/**
 * Marks a signal as consumed when its whole branch, its publication included, has been carried out.
 * @throws SupersededError when the execution no longer owns the case
 */
export async function consumeSignal(owner: Ownership, signal: SignalItem, note: string): Promise<void> {
  const nowMs = clock.nowMs()
  const written = await transact([
    ownsCase(owner),
    {
      key: { pk: signal.pk, sk: signal.sk },
      update: 'SET consumedAtMs = if_not_exists(consumedAtMs, :now) REMOVE listKey, listedAtMs, parkedUntilMs',
      condition: 'attribute_exists(pk)',
      values: { ':now': nowMs },
    },
    {
      put: auditItem(owner.caseKey, nowMs, `${signal.kind}/${signal.number}`, {
        stage: 'consumed',
        by: owner.executionArn,
        posting: `${signal.kind}/${signal.number}`,
        note,
      }),
    },
  ])
  if (!written.ok) throw superseded(owner)
}

/** The key of a token's item holds its hash, since a token is longer than a sort key may be. */
export function tokenKey(caseKey: string, token: string) {
  return { pk: caseKey, sk: sortKey.token(createHash('sha256').update(token).digest('hex')) }
}

/**
 * Stores a token of an execution that owns the case.
 * @throws SupersededError when it does not
 */
export async function storeToken(owner: Ownership, token: string): Promise<void> {
  const written = await transact([
    ownsCase(owner),
    { put: { ...tokenKey(owner.caseKey, token), token, expiresAt: expiresAt(clock.nowMs()) } },
  ])
  if (!written.ok) throw superseded(owner)
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
