import { sameDecimal } from '#domain/money.ts'
import { needsApproval, netTotalOf, type PurchaseRequisition, purchaseOrderOf } from '#domain/purchase-requisition.ts'
import type { PurchasingPolicy } from '#domain/purchasing-policy.ts'
import type { PurchaseLine } from './books.ts'

/** What a case keeps of a requisition, to decide about it. */
export interface PurchaseContent {
  readonly currency: string
  readonly netTotal: string
  readonly lines: readonly PurchaseLine[]
  readonly needsApproval: boolean
}

export function purchaseContentOf(requisition: PurchaseRequisition, { approvals }: PurchasingPolicy): PurchaseContent {
  const netTotal = netTotalOf(purchaseOrderOf(requisition))
  return {
    currency: requisition.currency,
    netTotal,
    lines: requisition.lines.map(({ number, quantity, unitPrice, receiptRequired }) => ({
      line: number,
      quantity,
      ...(!receiptRequired && { isService: true }),
      ...(sameDecimal(unitPrice, '0') && { isFree: true }),
    })),
    needsApproval: needsApproval(approvals, requisition, netTotal),
  }
}
