import { BusinessError, PostingInProgressError, RetryableError } from '#domain/errors.ts'
import { fingerprint } from '#domain/fingerprint.ts'
import { caseOfPosting, sortKey } from '#domain/keys.ts'
import { transactTold } from '../audit.ts'
import { completeCase } from '../case-completion.ts'
import { isEnded, type Ownership, readCase } from '../case-store.ts'
import { clock } from '../clock.ts'
import { erp } from '../erp.ts'
import { postDocument } from '../post-document.ts'
import { postingTimes } from '../posting-times.ts'
import { compareAgain } from './compare.ts'
import { endDifference, repairedPart } from './difference-store.ts'
import { inBatchLane, nameOf, readErp } from './erp-side.ts'
import { postingOf } from './posting-of.ts'
import { changed, factOf, itself, meanwhile, type Repaired, type Repairing, refused } from './repairing.ts'

/** What an order's cancellation is called as a posting. No other document can be taken back by the port. */
const cancellations = {
  'sales-order': 'sales-order-cancellation',
  'purchase-order': 'purchase-order-cancellation',
} as const

/**
 * Cancels in the ERP what counts there too often: every one but the hub's own. Each is a posting of a case of its own, so
 * that it happens once, whoever asks how often, and leaves the order that the hub goes on with as it is. What an ERP cannot
 * cancel is for a person.
 */
export async function cancel(repairing: Repairing): Promise<Repaired> {
  const { window, item, asked, parts } = repairing
  const { difference } = item
  const caseKey = difference.posting && caseOfPosting(difference.posting)
  const kind =
    difference.document === 'sales-order' || difference.document === 'purchase-order' ? difference.document : undefined
  const unsupported = (await erp()).facts.unsupported
  if (kind === undefined || unsupported.includes(cancellations[kind])) {
    return refused(`The ERP has no cancellation of a ${difference.document}: take it back there, and the books agree.`)
  }
  const now = await compareAgain(window, difference)
  if (now === undefined) {
    await endDifference(item)
    return changed('The books agree on it by now.')
  }
  if (now.class !== difference.class || now.erpIds.join() !== difference.erpIds.join()) return meanwhile(repairing)
  const own = caseKey ? (await postingOf(caseKey, difference.key))?.document?.id : undefined
  const records = await readErp(window, kind, nameOf(difference.key))
  const counting = records.flatMap(({ id, standing }) => (standing === 'in-effect' && id !== undefined ? [id] : []))
  const surplus = counting.filter((id) => id !== own)
  if (difference.class === 'duplicate' && surplus.length === counting.length) {
    return refused(
      'None of them is the one that the hub has posted: adopt the right one first, then cancel the others.',
    )
  }
  for (const id of surplus) {
    const trouble = await cancelOne(repairing, kind, id)
    if (trouble !== undefined) return trouble
  }
  const written = await transactTold(
    caseKey ?? repairCase(difference.key),
    [repairedPart(item, 'cancel', asked.by), ...parts],
    {
      ...factOf(item, asked),
      stage: 'repaired',
      after: { cancelled: surplus.join(', ') },
    },
  )
  if ((await compareAgain(window, difference)) === undefined) await endDifference(item)
  return written.ok
    ? { became: 'repaired', text: `${kind} ${surplus.join(', ')} is cancelled in the ERP.` }
    : meanwhile(repairing)
}

/** @returns why it was not done */
async function cancelOne(
  { window, item, asked }: Repairing,
  kind: keyof typeof cancellations,
  id: string,
): Promise<Repaired | undefined> {
  const owner = await openRepair(item.difference.key, asked.by)
  const document = cancellations[kind]
  const connector = await erp()
  try {
    await inBatchLane(window, async () =>
      postDocument({
        owner,
        name: { document, number: id },
        content: { [kind]: id },
        plan: (reference) =>
          kind === 'sales-order'
            ? connector.salesOrderCancellation({ salesOrderId: id, reference })
            : connector.purchaseOrderCancellation({ purchaseOrderId: id, reference }),
        referenceLength: connector.facts.referenceLength[document],
        system: connector.name,
        times: postingTimes(),
        endsAtMs: window.endsAtMs,
      }),
    )
  } catch (error) {
    if (error instanceof BusinessError) return refused(`${error.code}: ${error.message}`)
    if (error instanceof PostingInProgressError) return changed('Somebody cancels it at this moment.')
    // Nothing was applied, or nobody knows yet: the next attempt finds out under the same key.
    if (error instanceof RetryableError) return changed(`${error.message}; try again.`)
    throw error
  }
  const seen = await readCase(owner.caseKey)
  if (seen !== undefined && !isEnded(seen.status)) await completeCase(owner, seen, 'completed')
  return undefined
}

const repairCase = (key: string) => `postonce/repair/${key}`

/** The case whose postings repair this difference: it belongs to whoever repairs it, and is in no process's list. */
async function openRepair(key: string, by: string): Promise<Ownership> {
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
