import { hash } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from '#domain/fingerprint.ts'
import { PostedDocument } from '#domain/posting.ts'

/** What of a case or a posting mattered before and after: statuses, versions, amounts; keys and numbers only. */
export const AuditFacts = z.record(z.string(), z.union([z.string(), z.number()]))
export type AuditFacts = z.output<typeof AuditFacts>

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * One stage or human action of a case, at its place in the case's chain. Strict, so that nothing can be added to it. It
 * holds no personal data: of who acted and why it has salted digests, and the values lie apart.
 */
export const AuditEntry = z.strictObject({
  /** The case's key, which is the correlation id. */
  case: z.string(),
  /** 1, 2, 3, … */
  place: z.int().positive(),
  atMs: z.int(),
  /** `accepted`, `posted`, `consumed`, `decided`, … */
  stage: z.string(),
  /** An execution's ARN, `postonce`, or `person`. */
  by: z.string(),
  /** Id of the event that caused it. */
  cause: z.string().optional(),
  /** `sales-order/T1001`; absent when it is about the case itself. */
  posting: z.string().optional(),
  document: PostedDocument.optional(),
  mapping: z.string().optional(),
  before: AuditFacts.optional(),
  after: AuditFacts.optional(),
  note: z.string().optional(),
  personal: z.record(z.string(), Hash).optional(),
  /** Hash of the entry before it. */
  previous: Hash,
})
export type AuditEntry = z.output<typeof AuditEntry>

/** What the first entry of a chain has before it. */
export const noEntry = '0'.repeat(64)

/** Of exactly this content; never of what a schema made of it. */
export function hashOfEntry(entry: unknown): string {
  return hash('sha256', canonicalJson(entry), 'hex')
}

/** A value that tells of a person, and the salt without which its digest says nothing about it. */
export const Personal = z.object({ value: z.string(), salt: z.string() })
export type Personal = z.output<typeof Personal>

export function digestOf({ value, salt }: Personal): string {
  return hash('sha256', `${salt}\n${value}`, 'hex')
}

/** The day, in UTC, whose root an entry is under. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}
