import { fingerprint } from '#domain/fingerprint.ts'
import { sortKey } from '#domain/keys.ts'
import { transactTold } from '../audit.ts'
import type { Ownership } from '../case-store.ts'
import { readStory } from '../case-story.ts'
import { clock } from '../clock.ts'
import { itself } from './repairing.ts'

/**
 * The case whose postings repair this difference: it belongs to whoever repairs it, and is in no process's list. It never
 * ends, since the same may come to stand there too often again.
 */
export const repairCase = (key: string) => `postonce/repair/${key}`

export async function openRepair(key: string, by: string): Promise<Ownership> {
  const caseKey = repairCase(key)
  const owner = { executionArn: 'reconciliation', epoch: 1, redriveCount: 0 }
  const nowMs = clock.nowMs()
  const item = {
    ...{ pk: caseKey, sk: sortKey.case, process: 'repair', number: key, status: 'open', owner },
    ...{ version: 1, fingerprint: fingerprint({ key }), currency: '', netTotal: '0', lines: [], signalCount: 0 },
    ...{ acceptedAtMs: nowMs, deadlineAtMs: nowMs, deadlinesTold: 0, listedAtMs: nowMs },
  }
  // Somebody else has begun the same repair, perhaps, and has got no further.
  await transactTold(caseKey, [{ put: item, condition: 'attribute_not_exists(pk)' }], {
    stage: 'accepted',
    by: by === itself ? itself : { person: by },
    after: { status: 'open' },
  })
  return { caseKey, ...owner }
}

/**
 * The ERP's ids of what a repair has begun to cancel. An ERP may count a document no more from the first of the requests
 * that cancel it, though it still delivers it until the last: so the books agree before the repair is through.
 */
export async function begunCancellations(key: string): Promise<readonly string[]> {
  const story = await readStory(repairCase(key))
  const begun = story?.postings.filter(({ status, standing }) =>
    status === 'refused' ? standing !== undefined : status !== 'posted',
  )
  return begun?.map(({ number }) => number) ?? []
}
