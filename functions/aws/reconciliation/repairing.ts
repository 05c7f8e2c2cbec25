import * as z from 'zod'
import { caseOfPosting } from '#domain/keys.ts'
import type { AuditFact } from '../audit.ts'
import type { Part } from '../table.ts'
import type { DifferenceItem } from './difference-store.ts'
import type { Window } from './window.ts'

/** What is to be done about a difference. */
export const AskedRepair = z.strictObject({
  key: z.string(),
  repair: z.enum(['replay', 'adopt', 'cancel', 'adjust', 'ignore']),
  by: z.string().min(1),
  reason: z.string().min(1),
  /** For adopt: which document of the ERP is the one, where it bears another number than ours. */
  document: z.string().optional(),
})
export type AskedRepair = z.output<typeof AskedRepair>

export interface Repaired {
  /** `changed`: somebody else was faster, or the books agree; nobody has to do anything. */
  readonly became: 'repaired' | 'refused' | 'changed'
  /** In words. */
  readonly text: string
}

/** A repair on its way. */
export interface Repairing {
  readonly window: Window
  readonly item: DifferenceItem
  readonly asked: AskedRepair
  /** Of the same transaction: the question of the inbox that it answers. */
  readonly parts: readonly Part[]
}

/** Whom the audit trail names when the hub repairs by itself, as it was configured to. */
export const itself = 'postonce'

/** What the audit trail tells of every repair. */
export function factOf({ difference }: DifferenceItem, { by, reason }: AskedRepair): Omit<AuditFact, 'stage'> {
  const caseKey = difference.posting && caseOfPosting(difference.posting)
  return {
    by: by === itself ? itself : { person: by, reason },
    ...(caseKey && { posting: difference.posting?.slice(caseKey.length + 1) }),
    before: { difference: difference.class },
  }
}

export function refused(text: string): Repaired {
  return { became: 'refused', text }
}

export function changed(text: string): Repaired {
  return { became: 'changed', text }
}

/** Nothing was done, since what it was asked about is not so any more. */
export function meanwhile({ item }: Repairing): Repaired {
  const { class: seen, key } = item.difference
  return changed(
    `The difference "${seen}" of ${key} is not as it was any more; look at it again: npx postonce reconcile.`,
  )
}
