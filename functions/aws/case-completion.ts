import { sortKey } from '#domain/keys.ts'
import { transactTold } from './audit.ts'
import { type CaseItem, caseList, type Ownership } from './case-store.ts'
import { clock } from './clock.ts'

/**
 * Ends the case well, unless a signal has come since it was read: its count is part of the condition.
 * @returns false when the case has changed and must be read again
 */
export async function completeCase(
  owner: Ownership,
  seen: CaseItem,
  as: 'completed' | 'cancelled' | 'closed',
): Promise<boolean> {
  const nowMs = clock.nowMs()
  const ended = {
    key: { pk: owner.caseKey, sk: sortKey.case },
    update: 'SET #status = :ended, listKey = :list, listedAtMs = :now',
    condition: '#owner.executionArn = :me AND #owner.epoch = :epoch AND #status = :open AND signalCount = :count',
    names: { '#owner': 'owner', '#status': 'status' },
    values: {
      ':ended': as,
      ':list': caseList(seen.process, as),
      ':now': nowMs,
      ':me': owner.executionArn,
      ':epoch': owner.epoch,
      ':open': 'open',
      ':count': seen.signalCount,
    },
  }
  const written = await transactTold(owner.caseKey, [ended], {
    stage: as,
    by: owner.executionArn,
    before: { status: seen.status },
    after: { status: as },
  })
  return written.ok
}
