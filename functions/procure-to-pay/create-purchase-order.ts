import { readBody } from '#aws/body-store.ts'
import { readCase } from '#aws/case-store.ts'
import { defineStep } from '#aws/define-step.ts'
import { measureOrderLatency } from '#aws/flow-latency.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { purchaseOrderIds } from '#aws/purchase-order-ids.ts'
import { PurchaseRequisition, purchaseOrderOf } from '#domain/purchase-requisition.ts'

/** Brings the purchase order into the ERP, in the version that was approved first. */
export const handler = defineStep({
  name: 'CreatePurchaseOrder',
  input: {},
  posts: (_input, caseNumber) => ({ document: 'purchase-order', number: caseNumber }),
  run: async (_input, context) => {
    const { owner, system } = context
    const existing = await readCase(owner.caseKey)
    const version = existing?.createdVersion ?? existing?.version ?? 1
    const purchaseOrder = purchaseOrderOf(await readBody(PurchaseRequisition, owner.caseKey, version))
    const ids = await purchaseOrderIds(system, purchaseOrder)
    const posted = await postForCase(context, { version, purchaseOrder }, (erp, reference) =>
      erp.purchaseOrder({ purchaseOrder, ids, reference, system }),
    )
    measureOrderLatency(owner, existing, posted)
    return posted
  },
})
