import type { FoundDocument, GoodsIssuePosting, GoodsReturnPosting, PostingPlan } from '#connectors/port.ts'
import type { GoodsReceiptPosting, SupplierReturnPosting } from '#connectors/purchasing-port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { Found } from '../wire.ts'
import { linesDiffer, quantities, toLines } from './content.ts'
import { documentPlan, guardedBy, step } from './document.ts'

export function goodsIssuePlan(client: ErpClient, profile: Profile, posting: GoodsIssuePosting): PostingPlan {
  const { goodsIssue, salesOrderId, reference } = posting
  const lines = toLines(goodsIssue.lines)
  const request = { kind: 'goods-issue', reference, ...guardedBy(profile, salesOrderId) } as const
  return documentPlan(client, request, (found) => inspect(found, lines), [
    step('post-goods-issue', profile.follow, (sent) => ({ ...sent, reference, salesOrderId, lines })),
  ])
}

export function goodsReturnPlan(client: ErpClient, profile: Profile, posting: GoodsReturnPosting): PostingPlan {
  const { salesOrderId, reference } = posting
  const lines = toLines(posting.lines)
  const request = { kind: 'goods-return', reference, ...guardedBy(profile, salesOrderId) } as const
  return documentPlan(client, request, (found) => inspect(found, lines), [
    step('post-goods-return', profile.follow, (sent) => ({ ...sent, reference, salesOrderId, lines })),
  ])
}

export function goodsReceiptPlan(client: ErpClient, profile: Profile, posting: GoodsReceiptPosting): PostingPlan {
  const { purchaseOrderId, reference } = posting
  const lines = toLines(posting.lines)
  const request = { kind: 'goods-receipt', reference, ...guardedBy(profile, purchaseOrderId) } as const
  return documentPlan(client, request, (found) => inspect(found, lines), [
    step('post-goods-receipt', profile.follow, (sent) => ({ ...sent, reference, purchaseOrderId, lines })),
  ])
}

export function supplierReturnPlan(client: ErpClient, profile: Profile, posting: SupplierReturnPosting): PostingPlan {
  const { purchaseOrderId, reference } = posting
  const lines = toLines(posting.lines)
  const request = { kind: 'supplier-return', reference, ...guardedBy(profile, purchaseOrderId) } as const
  return documentPlan(client, request, (found) => inspect(found, lines), [
    step('post-supplier-return', profile.follow, (sent) => ({ ...sent, reference, purchaseOrderId, lines })),
  ])
}

function inspect(found: Found, lines: ReturnType<typeof toLines>): FoundDocument {
  return {
    document: { id: found.id, number: found.id, lines: quantities(found) },
    done: 1,
    stamp: found.stamp,
    differences: linesDiffer(found, lines),
  }
}
