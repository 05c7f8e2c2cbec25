import type { SalesOrderIds } from '#connectors/port.ts'
import type { SalesOrder } from '#domain/documents.ts'
import { type Named, translateAll } from './cross-reference-store.ts'
import { required } from './environment.ts'

/**
 * The ERP's ids of what a sales order names.
 * @throws BusinessError UNKNOWN_CUSTOMER, UNKNOWN_ITEM or UNKNOWN_TAX, naming every field
 */
export async function salesOrderIds(system: string, salesOrder: SalesOrder): Promise<SalesOrderIds> {
  const { customer, lines, freightTaxCode } = salesOrder
  const items = lines.map(({ item }, index): Named => ({ kind: 'item', id: item.id, field: `lines[${index}].item.id` }))
  const taxes = lines.flatMap(({ taxCode }, index): readonly Named[] =>
    taxCode === undefined ? [] : [{ kind: 'tax', id: taxCode, field: `lines[${index}].taxCode` }],
  )
  if (freightTaxCode !== undefined) taxes.push({ kind: 'tax', id: freightTaxCode, field: 'freightTaxCode' })
  const idOf = await translateAll(system, required('ERP_ACCOUNT'), [
    { kind: 'customer', id: customer.id, field: 'customer.id' },
    ...items,
    ...taxes,
  ])
  const idsOf = (named: readonly Named[]) => Object.fromEntries(named.map(({ kind, id }) => [id, idOf(kind, id)]))
  return { customerId: idOf('customer', customer.id), itemIds: idsOf(items), taxIds: idsOf(taxes) }
}
