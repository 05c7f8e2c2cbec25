import { readBody } from '#aws/body-store.ts'
import { readCase } from '#aws/case-store.ts'
import { defineStep } from '#aws/define-step.ts'
import { measureOrderLatency } from '#aws/flow-latency.ts'
import { postForCase } from '#aws/post-for-case.ts'
import { salesOrderIds } from '#aws/sales-order-ids.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { sourceOf } from '#domain/sources.ts'

/** Brings the sales order into the ERP, ready to be delivered, in the version that was accepted first. */
export const handler = defineStep({
  name: 'CreateSalesOrder',
  input: {},
  posts: (_input, caseNumber) => ({ document: 'sales-order', number: caseNumber }),
  run: async (_input, context) => {
    const { owner, system } = context
    const existing = await readCase(owner.caseKey)
    const version = existing?.createdVersion ?? existing?.version ?? 1
    const salesOrder = await readBody(SalesOrder, owner.caseKey, version)
    const ids = await salesOrderIds(system, salesOrder)
    const posted = await postForCase(context, { version, salesOrder }, (erp, reference) =>
      erp.salesOrder({
        salesOrder: priceSalesOrder(salesOrder, sourceOf(system).rounding),
        ids,
        reference,
        system,
      }),
    )
    measureOrderLatency(owner, existing, posted)
    return posted
  },
})
