import type { FoundDocument, PostingPlan, SalesOrderEndPosting } from '../port.ts'
import { isMarked } from './claim.ts'
import type { TrytonClient } from './client.ts'
import { refuse } from './original.ts'
import { saleModel } from './sale.ts'
import { stampOf } from './send.ts'
import { recordId } from './wire.ts'
import { goodsGone, marking, type Standing, standingOf, withdrawal, withdrawn } from './withdrawal.ts'

/** Cancels a sales order of which nothing has left: nothing is delivered, and nothing invoiced, freight included. */
export function salesOrderCancellationPlan(client: TrytonClient, posting: SalesOrderEndPosting): PostingPlan {
  return endPlan(client, posting, { name: 'claim-cancellation', mark: 'cancelled', goodsMayBeGone: false })
}

/**
 * Ends a sales order short: what has not left will not. What has left is invoiced as ever, with the freight on the first
 * invoice; when nothing has left, nothing is.
 */
export function salesOrderClosingPlan(client: TrytonClient, posting: SalesOrderEndPosting): PostingPlan {
  return endPlan(client, posting, { name: 'claim-closing', mark: 'closed', goodsMayBeGone: true })
}

interface End {
  readonly name: string
  readonly mark: string
  readonly goodsMayBeGone: boolean
}

function endPlan(
  client: TrytonClient,
  { salesOrderId, reference }: SalesOrderEndPosting,
  { name, mark, goodsMayBeGone }: End,
): PostingPlan {
  const saleId = recordId(salesOrderId)
  const claim = { model: saleModel, mark: `${mark}: ${reference}`, tooLate: goodsGone }
  const check = ({ gone }: Standing) => {
    if (!goodsMayBeGone && gone.length > 0) throw goodsGone()
    const underWay = gone.find(({ state }) => state !== 'done')
    if (underWay === undefined) return
    const message = `a delivery is ${underWay.state}; it has to be finished or undone first`
    throw refuse('DELIVERY_UNDER_WAY', message, undefined, 'warehouse')
  }
  return {
    operations: [marking(client, name, saleId, check, claim), ...withdrawal(client, saleId, claim, goodsMayBeGone)],
    find: async () => {
      const standing = await standingOf(client, saleId)
      return standing === undefined ? [] : [inspect(standing, claim.mark, goodsMayBeGone)]
    },
  }
}

function inspect(standing: Standing, mark: string, goodsMayBeGone: boolean): FoundDocument {
  const { order } = standing
  const { done, stamp } = withdrawn(standing, goodsMayBeGone)
  const claimed = isMarked(order, mark)
  return {
    document: { id: String(order.id), number: order.number ?? undefined },
    done: claimed ? done + 1 : 0,
    stamp: claimed ? stamp : stampOf([order]),
    differences: [],
  }
}
