import type { FoundDocument, PostingPlan } from '../port.ts'
import type { PurchaseOrderEndPosting } from '../purchasing-port.ts'
import { isMarked } from './claim.ts'
import type { TrytonClient } from './client.ts'
import { purchaseModel } from './purchase.ts'
import {
  checkNothingArrived,
  checkNothingArriving,
  goodsReceived,
  markingPurchase,
  purchaseWithdrawal,
  type Standing,
  standingOf,
  withdrawnPurchase,
} from './purchase-withdrawal.ts'
import { stampOf } from './send.ts'
import { recordId } from './wire.ts'

/** Cancels a purchase order of which nothing has arrived: nothing will, and nothing is to be billed. */
export function purchaseOrderCancellationPlan(client: TrytonClient, posting: PurchaseOrderEndPosting): PostingPlan {
  return endPlan(client, posting, {
    name: 'claim-purchase-cancellation',
    mark: 'cancelled',
    check: checkNothingArrived,
    goodsMayBeHere: false,
  })
}

/** Ends a purchase order short: what has arrived may be billed as ever, and nothing more is waited for. */
export function purchaseOrderClosingPlan(client: TrytonClient, posting: PurchaseOrderEndPosting): PostingPlan {
  return endPlan(client, posting, {
    name: 'claim-purchase-closing',
    mark: 'closed',
    check: checkNothingArriving,
    goodsMayBeHere: true,
  })
}

interface End {
  readonly name: string
  readonly mark: string
  readonly check: (standing: Standing) => void
  readonly goodsMayBeHere: boolean
}

function endPlan(
  client: TrytonClient,
  { purchaseOrderId, reference }: PurchaseOrderEndPosting,
  { name, mark, check, goodsMayBeHere }: End,
): PostingPlan {
  const id = recordId(purchaseOrderId)
  const claim = { model: purchaseModel, mark: `${mark}: ${reference}`, tooLate: goodsReceived }
  return {
    operations: [
      markingPurchase(client, name, id, check, claim),
      ...purchaseWithdrawal(client, id, claim, goodsMayBeHere),
    ],
    find: async () => {
      const standing = await standingOf(client, id)
      return standing === undefined ? [] : [inspect(standing, claim.mark, goodsMayBeHere)]
    },
  }
}

function inspect(standing: Standing, mark: string, goodsMayBeHere: boolean): FoundDocument {
  const { order } = standing
  const { done, stamp } = withdrawnPurchase(standing, goodsMayBeHere)
  const isClaimed = isMarked(order, mark)
  return {
    document: { id: String(order.id), number: order.number ?? undefined },
    done: isClaimed ? done + 1 : 0,
    stamp: isClaimed ? stamp : stampOf([order]),
    differences: [],
  }
}
