import * as z from 'zod'
import { currentOrder, ownStory, signalOf } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { purchaseOrderIds } from '#aws/purchase-order-ids.ts'
import { carryOutOrRefuse } from '#aws/too-late.ts'
import { PurchaseRequisition, purchaseOrderOf } from '#domain/purchase-requisition.ts'
import { parse } from '#domain/schema.ts'

/** Brings a newer version of the purchase order into the ERP, unless something has arrived there in the meantime. */
export const handler = defineStep({
  name: 'AmendPurchaseOrder',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'purchase-order-amendment', number }),
  run: async ({ number }, context) => {
    const { owner, system } = context
    const story = await ownStory(owner)
    const { data } = await signalOf(story, 'change', number)
    const purchaseOrder = purchaseOrderOf(parse(PurchaseRequisition, data, `Version ${number} of ${owner.caseKey}`))
    const ids = await purchaseOrderIds(system, purchaseOrder)
    const version = Number(number)
    const purchaseOrderId = currentOrder(story, 'purchase-order').id
    return await carryOutOrRefuse(context, { kind: 'change', number }, () =>
      postForCase(context, { version, purchaseOrder }, (erp, reference) =>
        erp.purchaseOrderAmendment({ purchaseOrder, ids, system, version, purchaseOrderId, reference }),
      ),
    )
  },
})
