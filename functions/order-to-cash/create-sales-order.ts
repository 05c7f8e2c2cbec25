import { readBody } from '#aws/body-store.ts'
import { readCase } from '#aws/case-store.ts'
import { translate } from '#aws/cross-reference-store.ts'
import { defineStep, type StepContext } from '#aws/define-step.ts'
import { required } from '#aws/environment.ts'
import { erp } from '#aws/erp.ts'
import { postDocument } from '#aws/post-document.ts'
import { postingTimes } from '#aws/posting-times.ts'
import type { SalesOrderIds } from '#connectors/port.ts'
import { priceSalesOrder, type SalesOrder } from '#domain/documents.ts'
import { sourceOf } from '#domain/sources.ts'

/** Brings the sales order into the ERP, ready to be delivered. */
export const handler = defineStep({
  name: 'CreateSalesOrder',
  input: {},
  writesToErp: true,
  run: async (_input, { owner, system, endsAtMs }: StepContext) => {
    const version = (await readCase(owner.caseKey))?.version ?? 1
    const salesOrder = await readBody(owner.caseKey, version)
    const ids = await idsOf(system, salesOrder)
    const connector = await erp()
    return await postDocument({
      owner,
      name: { document: 'sales-order', number: salesOrder.number },
      content: { version, salesOrder },
      plan: (reference) =>
        connector.salesOrder({
          salesOrder: priceSalesOrder(salesOrder, sourceOf(system).rounding),
          ids,
          reference,
          system,
        }),
      referenceLength: connector.facts.referenceLength['sales-order'],
      system: connector.name,
      times: postingTimes(),
      endsAtMs,
    })
  },
})

async function idsOf(system: string, salesOrder: SalesOrder): Promise<SalesOrderIds> {
  const account = required('ERP_ACCOUNT')
  const itemIds: Record<string, string> = {}
  const taxIds: Record<string, string> = {}
  for (const [index, { item, taxCode }] of salesOrder.lines.entries()) {
    itemIds[item.id] ??= await translate(system, 'item', item.id, account, `lines[${index}].item.id`)
    if (taxCode !== undefined) {
      taxIds[taxCode] ??= await translate(system, 'tax', taxCode, account, `lines[${index}].taxCode`)
    }
  }
  const freightTax = salesOrder.freightTaxCode
  if (freightTax !== undefined) {
    taxIds[freightTax] ??= await translate(system, 'tax', freightTax, account, 'freightTaxCode')
  }
  return {
    customerId: await translate(system, 'customer', salesOrder.customer.id, account, 'customer.id'),
    itemIds,
    taxIds,
  }
}
