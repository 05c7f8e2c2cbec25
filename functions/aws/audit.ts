import { createHash, randomBytes } from 'node:crypto'
import * as z from 'zod'
import { AuditEntry, type AuditFacts, dayOf, digestOf, hashOfEntry, noEntry, Personal } from '#domain/audit/entry.ts'
import { RetryableError } from '#domain/errors.ts'
import { sortKey } from '#domain/keys.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { parse } from '#domain/schema.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { type Part, readLast, transact, type Written } from './table.ts'

/** What is told of one stage or human action. Keys, numbers and amounts; what tells of a person stands in `person` alone. */
export interface AuditFact {
  /** `accepted`, `posted`, `consumed`, `completed`, … */
  readonly stage: string
  /** An execution's ARN, `postonce`, or who decided and why. */
  readonly by: string | Person
  /** Id of the event that caused it. */
  readonly cause?: string | undefined
  /** `sales-order/T1001`; absent when it is about the case itself. */
  readonly posting?: string | undefined
  readonly document?: PostedDocument | undefined
  readonly mapping?: string | undefined
  readonly before?: AuditFacts | undefined
  readonly after?: AuditFacts | undefined
  readonly note?: string | undefined
}

/** Who acted, in what words. The values lie apart from the entry and can be erased. */
export interface Person {
  readonly person: string
  readonly reason?: string | undefined
  /** Who had proposed it, where two persons had to say the same. */
  readonly proposedBy?: string | undefined
}

/** AUDIT: one entry at its place in the chain of its case. Put once, never updated or removed. */
export const AuditItem = z.object({ pk: z.string(), sk: z.string(), entry: AuditEntry })

/** PERSON: what the entry at the same place has digests of. It expires, and can be erased before. */
export const PersonItem = z.object({ pk: z.string(), sk: z.string(), values: z.record(z.string(), Personal) })

/** As often as others may be faster in one case at one moment. */
const maxAttempts = 10

/**
 * Writes a fact and its audit entry, all or nothing. The entry takes the place after the last one, on condition that
 * the place is still free: two writers cannot have one before them, so a chain never forks. Whoever was slower reads the
 * last entry again; no item besides the entry itself is written, so that telling contends with nothing but telling.
 * @param parts whose conditions come first: only when all of them hold does the place decide
 * @param isFirst nothing is likely to have been told of the case before, so the last entry is read only if the first place
 *   is taken
 * @throws RetryableError when others are always faster
 */
export async function transactTold(
  caseKey: string,
  parts: readonly Part[],
  fact: AuditFact,
  { isFirst = false }: { readonly isFirst?: boolean } = {},
): Promise<Written> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const last = isFirst && attempt === 1 ? undefined : await lastEntry(caseKey)
    const written = await transact([...parts, ...entryParts(caseKey, last, fact)])
    if (written.ok || written.index < parts.length) return written
  }
  throw new RetryableError(`Others write the audit trail of ${caseKey} all the time`, { document: caseKey })
}

/** Strongly consistent. */
async function lastEntry(caseKey: string): Promise<AuditEntry | undefined> {
  const item = await readLast(caseKey, 'AUDIT#')
  return item === undefined ? undefined : parse(AuditItem, item, `The last audit entry of ${caseKey}`).entry
}

function entryParts(caseKey: string, last: AuditEntry | undefined, fact: AuditFact): readonly Part[] {
  const { by, ...told } = fact
  const place = (last?.place ?? 0) + 1
  const person = typeof by === 'string' ? undefined : withSalt(by)
  // Clocks differ a little; the days of a chain must not.
  const atMs = Math.max(clock.nowMs(), last?.atMs ?? 0)
  const entry = {
    ...told,
    case: caseKey,
    place,
    atMs,
    by: typeof by === 'string' ? by : 'person',
    personal: person && Object.fromEntries(Object.entries(person).map(([name, one]) => [name, digestOf(one)])),
    previous: last === undefined ? noEntry : hashOfEntry(last),
  } satisfies AuditEntry
  const isFirstOfDay = last === undefined || dayOf(last.atMs) !== dayOf(atMs)
  return [
    {
      put: {
        pk: caseKey,
        sk: sortKey.audit(place),
        entry,
        // A person who adopts a document decides; its number is found as that of a posting is.
        ...((fact.stage === 'posted' || fact.stage === 'decided') && numberOf(fact.document)),
        ...(isFirstOfDay && { listKey: toSeal(dayOf(atMs), shardOf(caseKey)), listedAtMs: atMs }),
      },
      condition: 'attribute_not_exists(pk)',
    },
    ...(person === undefined ? [] : [personPart(caseKey, place, person, atMs)]),
  ]
}

/** Under which the index finds the case of a document: the number that people see. */
function numberOf(document: PostedDocument | undefined) {
  const number = document?.number || document?.id
  return number ? { number } : {}
}

/** Lists (index `ByList`) of the chains that have got entries on a day; sixteen, so that none is written too often. */
export const toSeal = (day: string, shard: string) => `AUDIT#${day}#${shard}`
export const shards = [...'0123456789abcdef']
const shardOf = (caseKey: string) => createHash('sha256').update(caseKey).digest('hex').charAt(0)

function withSalt({ person, reason, proposedBy }: Person): Record<string, Personal> {
  const fields = Object.entries({ by: person, reason, proposedBy })
  return Object.fromEntries(
    fields.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, { value, salt: randomBytes(16).toString('hex') }] as const],
    ),
  )
}

function personPart(caseKey: string, place: number, values: Record<string, Personal>, atMs: number): Part {
  const expiresAt = Math.floor(atMs / 1000) + environment().PERSON_DAYS * 86_400
  return { put: { pk: caseKey, sk: sortKey.person(place), values, expiresAt } }
}
