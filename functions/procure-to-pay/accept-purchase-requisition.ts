import { defineAcceptCase } from '#aws/accept-case.ts'
import { purchaseOrderIds } from '#aws/purchase-order-ids.ts'
import { purchasingPolicy } from '#aws/purchasing-policy.ts'
import { purchaseContentOf } from '#domain/purchase/content.ts'
import { PurchaseRequisition, purchaseOrderOf } from '#domain/purchase-requisition.ts'

/** Maps, validates and cross-references a requisition, says whether it needs an approval, and claims its case. */
export const handler = defineAcceptCase({
  name: 'AcceptPurchaseRequisition',
  process: 'procure-to-pay',
  body: PurchaseRequisition,
  called: 'purchase requisition',
  document: 'purchase-order',
  owner: 'purchasing',
  contentOf: (requisition) => {
    const policy = purchasingPolicy()
    const content = purchaseContentOf(requisition, policy)
    return { ...content, ...(content.needsApproval && { deadlineMs: policy.approvalSeconds * 1000 }) }
  },
  check: async ({ system, body }) => {
    await purchaseOrderIds(system, purchaseOrderOf(body))
  },
})
