import type { FoundDocument, PostingPlan } from '../port.ts'
import type { PurchaseOrderAmendmentPosting } from '../purchasing-port.ts'
import { type Claim, claimsIn, isMarked, isTakenBack } from './claim.ts'
import type { TrytonClient } from './client.ts'
import { findPurchases, processingPurchase, purchaseModel, refusePurchase } from './purchase.ts'
import { draftedPurchase, inspectPurchases } from './purchase-order.ts'
import {
  checkNothingArrived,
  goodsReceived,
  markingPurchase,
  purchaseWithdrawal,
  purchaseWithdrawalSteps,
  type Standing,
  standingOf,
  withdrawnPurchase,
} from './purchase-withdrawal.ts'
import { stampOf } from './send.ts'
import type { Settings } from './settings.ts'
import { recordId } from './wire.ts'

const markPattern = /^replaced by version (\d+): /
/** Of the new purchase: opened, filled, quoted. */
const drafting = 3

/**
 * Brings a newer version of a purchase order into Tryton, as long as nothing of it has arrived. As with sales, no button
 * leads back from a purchase that is being processed: the new version is a purchase of its own, quoted before the old one
 * is withdrawn. The old one says first which version replaces it, so that an older version that comes late is refused.
 * When goods arrive in between, the new purchase is cancelled and the mark taken back.
 */
export function purchaseOrderAmendmentPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: PurchaseOrderAmendmentPosting,
): PostingPlan {
  const oldId = recordId(posting.purchaseOrderId)
  const mark = `replaced by version ${posting.version}: ${posting.reference}`
  const ownOrder = async (signal: AbortSignal) => (await findPurchases(client, posting.reference, signal))[0]
  const claim: Claim = { model: purchaseModel, mark, tooLate: goodsReceived, ownOrder }
  const [quote, ...confirmAndProcess] = processingPurchase(client, 'purchase-order')
  if (quote === undefined) throw new Error('A purchase order has no steps')
  return {
    operations: [
      markingPurchase(client, 'claim-purchase-amendment', oldId, (old) => checkCurrent(old, posting.version), claim),
      ...draftedPurchase(client, settings, posting),
      quote,
      ...purchaseWithdrawal(client, oldId, claim, false),
      ...confirmAndProcess,
    ],
    find: async () => {
      const old = await standingOf(client, oldId)
      if (old === undefined) return []
      const [found] = await inspectPurchases(client, settings, posting)
      return [at(old, mark, found)]
    },
  }
}

function checkCurrent(standing: Standing, version: number): void {
  checkNothingArrived(standing)
  const other = Math.max(0, ...claimsIn(standing.order.comment).map((mark) => Number(markPattern.exec(mark)?.[1] ?? 0)))
  if (other > version) {
    const message = `version ${other} has replaced the purchase order already; version ${version} comes too late`
    throw refusePurchase('NEWER_VERSION_POSTED', message)
  }
  const { state } = standing.order
  if (state === 'cancelled' || state === 'done') {
    throw refusePurchase('PURCHASE_ORDER_ENDED', `the purchase order is ${state} and cannot be changed any more`)
  }
}

/** Where the change stands: on the old purchase, the new one, the old one again, and the new one to the end. */
function at(old: Standing, mark: string, found: FoundDocument | undefined): FoundDocument {
  if (found === undefined || isTakenBack(old.order, mark)) {
    const document = { id: String(old.order.id), number: old.order.number ?? undefined }
    return { document, done: isMarked(old.order, mark) ? 1 : 0, stamp: stampOf([old.order]), differences: [] }
  }
  if (found.done < drafting) return { ...found, done: found.done === 0 ? 0 : 1 + found.done }
  const { done, stamp } = withdrawnPurchase(old, false)
  if (found.done === drafting && done < purchaseWithdrawalSteps) return { ...found, done: 1 + drafting + done, stamp }
  return { ...found, done: 1 + purchaseWithdrawalSteps + found.done }
}
