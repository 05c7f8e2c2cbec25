import { sortKey } from '#domain/keys.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { isoOf } from './clock.ts'

/** One stage or human action in a case's story. It holds keys, numbers and amounts, never personal data. */
export interface AuditEntry {
  /** `accepted`, `posted`, `published`, `completed`, … */
  readonly stage: string
  /** Who did it: an execution's ARN, or a person. */
  readonly by: string
  /** `sales-order/T1001`; absent when it is about the case itself. */
  readonly posting?: string | undefined
  readonly document?: PostedDocument | undefined
  readonly mapping?: string | undefined
  readonly note?: string | undefined
}

/**
 * The item of an audit entry. Its id makes a repeated write of the same entry the same item.
 * Append-only: no code updates or removes one.
 */
export function auditItem(caseKey: string, atMs: number, id: string, entry: AuditEntry) {
  return { pk: caseKey, sk: sortKey.audit(isoOf(atMs), `${entry.stage}#${id}`), ...entry }
}
