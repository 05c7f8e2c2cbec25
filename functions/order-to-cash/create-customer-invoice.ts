import * as z from 'zod'
import { defineStep } from '#aws/define-step.ts'
import { erp } from '#aws/erp.ts'
import { postDocument } from '#aws/post-document.ts'
import { postedDocument } from '#aws/posting-store.ts'
import { postingTimes } from '#aws/posting-times.ts'
import { readSignal } from '#aws/signal-store.ts'
import { GoodsIssue } from '#domain/documents.ts'
import { partsOf } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'

/** Invoices one delivery, under the delivery note's number. */
export const handler = defineStep({
  name: 'CreateCustomerInvoice',
  input: { number: z.string() },
  writesToErp: true,
  run: async ({ number }, { owner, endsAtMs }) => {
    const signal = await readSignal(owner.caseKey, 'goods-issue', number)
    const { issuedOn } = parse(GoodsIssue, signal?.data, `The goods issue ${number} of ${owner.caseKey}`)
    const orderNumber = partsOf(owner.caseKey).number
    const salesOrder = await postedDocument(owner.caseKey, { document: 'sales-order', number: orderNumber })
    const delivery = await postedDocument(owner.caseKey, { document: 'goods-issue', number })
    const connector = await erp()
    const invoice = { salesOrderId: salesOrder.id, deliveryId: delivery.id, invoicedOn: issuedOn }
    return await postDocument({
      owner,
      name: { document: 'customer-invoice', number },
      content: invoice,
      plan: (reference) => connector.customerInvoice({ ...invoice, reference }),
      referenceLength: connector.facts.referenceLength['customer-invoice'],
      system: connector.name,
      times: postingTimes(),
      endsAtMs,
    })
  },
})
