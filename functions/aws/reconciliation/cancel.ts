import { BusinessError, PostingInProgressError, RetryableError } from '#domain/errors.ts'
import { caseOfPosting } from '#domain/keys.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { transactTold } from '../audit.ts'
import { erp } from '../erp.ts'
import { postDocument } from '../post-document.ts'
import { postingTimes } from '../posting-times.ts'
import { compareAgain } from './compare.ts'
import { endDifference, repairedPart } from './difference-store.ts'
import { inBatchLane, nameOf, readErp } from './erp-side.ts'
import { postingOf } from './posting-of.ts'
import { begunCancellations, openRepair, repairCase } from './repair-case.ts'
import { changed, factOf, meanwhile, type Repaired, type Repairing, refused } from './repairing.ts'

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
    return refused(`The ERP cannot cancel this: take the ${difference.document} back there, and the books agree.`)
  }
  const now = await compareAgain(window, difference)
  if (now === 'agrees') {
    await endDifference(item)
    return changed('The books agree on it by now.')
  }
  if (now === 'too-early' || now.class !== difference.class || now.erpIds.join() !== difference.erpIds.join())
    return meanwhile(repairing)
  const own = caseKey ? (await postingOf(caseKey, difference.key))?.document?.id : undefined
  const records = await readErp(window, kind, nameOf(difference.key))
  // What nobody but the ERP knows is too much before it counts.
  const isTooMuch = ({ standing }: BookRecord) =>
    standing === 'in-effect' || (difference.class === 'extra' && standing === 'under-way')
  const there = records.flatMap((record) => (isTooMuch(record) && record.id !== undefined ? [record.id] : []))
  const surplus = [...new Set([...(await begunCancellations(difference.key)), ...there])].filter((id) => id !== own)
  if (difference.class === 'duplicate' && (own === undefined || !there.includes(own))) {
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
  if ((await compareAgain(window, difference)) === 'agrees') await endDifference(item)
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
    // Nothing was applied. Where nobody knows, the error goes on: whoever has asked asks again, under the same key.
    if (error instanceof RetryableError) return changed(`${error.message}; try again.`)
    throw error
  }
  return undefined
}
