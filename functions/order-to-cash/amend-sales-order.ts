import * as z from 'zod'
import { currentSalesOrder, ownStory, signalOf } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { salesOrderIds } from '#aws/sales-order-ids.ts'
import { carryOutOrRefuse } from '#aws/too-late.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { parse } from '#domain/schema.ts'
import { sourceOf } from '#domain/sources.ts'

/** Brings a newer version of the sales order into the ERP, unless something has left there in the meantime. */
export const handler = defineStep({
  name: 'AmendSalesOrder',
  input: { number: z.string() },
  posts: ({ number }) => ({ document: 'sales-order-amendment', number }),
  run: async ({ number }, context) => {
    const { owner, system } = context
    const story = await ownStory(owner)
    const { data } = await signalOf(story, 'change', number)
    const salesOrder = parse(SalesOrder, data, `Version ${number} of ${owner.caseKey}`)
    const ids = await salesOrderIds(system, salesOrder)
    const version = Number(number)
    const amendment = {
      salesOrder: priceSalesOrder(salesOrder, sourceOf(system).rounding),
      ids,
      system,
      version,
      salesOrderId: currentSalesOrder(story).id,
    }
    return await carryOutOrRefuse(context, { kind: 'change', number }, () =>
      postForCase(context, { version, salesOrder }, (erp, reference) =>
        erp.salesOrderAmendment({ ...amendment, reference }),
      ),
    )
  },
})
