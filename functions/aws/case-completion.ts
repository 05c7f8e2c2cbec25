import { sortKey } from '#domain/keys.ts'
import { auditItem } from './audit.ts'
import { type CaseItem, caseList, type Ownership } from './case-store.ts'
import { clock } from './clock.ts'
import { transact } from './table.ts'

/**
 * Completes the case, unless a signal has come since it was read: its count is part of the condition.
 * @returns false when the case has changed and must be read again
 */
export async function completeCase(owner: Ownership, seen: CaseItem): Promise<boolean> {
  const nowMs = clock.nowMs()
  const written = await transact([
    {
      key: { pk: owner.caseKey, sk: sortKey.case },
      update: 'SET #status = :completed, listKey = :list, listedAtMs = :now',
      condition: '#owner.executionArn = :me AND #owner.epoch = :epoch AND #status = :open AND signalCount = :count',
      names: { '#owner': 'owner', '#status': 'status' },
      values: {
        ':completed': 'completed',
        ':list': caseList(seen.process, 'completed'),
        ':now': nowMs,
        ':me': owner.executionArn,
        ':epoch': owner.epoch,
        ':open': 'open',
        ':count': seen.signalCount,
      },
    },
    { put: auditItem(owner.caseKey, nowMs, `${owner.epoch}`, { stage: 'completed', by: owner.executionArn }) },
  ])
  return written.ok
}
