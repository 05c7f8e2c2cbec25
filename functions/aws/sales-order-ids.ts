import type { SalesOrderIds } from '#connectors/port.ts'
import type { SalesOrder } from '#domain/documents.ts'
import { translate } from './cross-reference-store.ts'
import { required } from './environment.ts'

/**
 * The ERP's ids of what a sales order names.
 * @throws BusinessError UNKNOWN_CUSTOMER, UNKNOWN_ITEM or UNKNOWN_TAX, naming the field
 */
export async function salesOrderIds(system: string, salesOrder: SalesOrder): Promise<SalesOrderIds> {
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
