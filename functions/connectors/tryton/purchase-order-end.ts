import type { FoundDocument, PostingPlan } from '../port.ts'
import type { PurchaseOrderEndPosting } from '../purchasing-port.ts'
import type { TrytonClient } from './client.ts'
import {
  checkNothingArrived,
  checkNothingArriving,
  markingPurchase,
  marksOf,
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
  })
}

/** Ends a purchase order short: what has arrived may be billed as ever, and nothing more is waited for. */
export function purchaseOrderClosingPlan(client: TrytonClient, posting: PurchaseOrderEndPosting): PostingPlan {
  return endPlan(client, posting, { name: 'claim-purchase-closing', mark: 'closed', check: checkNothingArriving })
}

interface End {
  readonly name: string
  readonly mark: string
  readonly check: (standing: Standing) => void
}

function endPlan(
  client: TrytonClient,
  { purchaseOrderId, reference }: PurchaseOrderEndPosting,
  { name, mark, check }: End,
): PostingPlan {
  const id = recordId(purchaseOrderId)
  const text = `${mark}: ${reference}`
  return {
    operations: [markingPurchase(client, name, id, check, text), ...purchaseWithdrawal(client, id)],
    find: async () => {
      const standing = await standingOf(client, id)
      return standing === undefined ? [] : [inspect(standing, text)]
    },
  }
}

function inspect(standing: Standing, mark: string): FoundDocument {
  const { purchase } = standing
  const { done, stamp } = withdrawnPurchase(standing)
  const isClaimed = marksOf(standing).includes(mark)
  return {
    document: { id: String(purchase.id), number: purchase.number ?? undefined },
    done: isClaimed ? done + 1 : 0,
    stamp: isClaimed ? stamp : stampOf([purchase]),
    differences: [],
  }
}
