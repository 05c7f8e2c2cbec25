import type { PurchaseOrderIds } from '#connectors/purchasing-port.ts'
import { minus } from '#domain/money.ts'
import type { PurchaseOrder } from '#domain/procurement-documents.ts'
import { findReference, type Named, translate, translateAll } from './cross-reference-store.ts'
import { required } from './environment.ts'

/**
 * The ERP's ids of what a purchase order names.
 * @throws BusinessError UNKNOWN_SUPPLIER, UNKNOWN_ITEM or UNKNOWN_TAX, naming every field
 */
export async function purchaseOrderIds(system: string, order: PurchaseOrder): Promise<PurchaseOrderIds> {
  const supplier = { kind: 'supplier', id: order.supplier.id, field: 'supplier.id' } as const
  // A line without an item is bought by its description.
  const items = order.lines.flatMap(({ item }, index): readonly Named[] =>
    item === undefined
      ? []
      : [{ kind: 'item', id: item.id ?? '', field: `lines[${index}].item.id`, owner: 'purchasing' }],
  )
  const idOf = await translateAll(system, required('ERP_ACCOUNT'), [supplier, ...items])
  return {
    supplierId: idOf(supplier.kind, supplier.id),
    itemIds: Object.fromEntries(items.map(({ kind, id }) => [id, idOf(kind, id)])),
    taxIds: await purchaseTaxIds(system, order.lines),
  }
}

/**
 * The ERP's ids of taxes by percentage, `20`, as lines name them.
 * @throws BusinessError UNKNOWN_TAX
 */
export async function purchaseTaxIds(
  system: string,
  lines: readonly { readonly taxRate?: string | undefined }[],
): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = {}
  for (const [index, { taxRate }] of lines.entries()) {
    if (taxRate === undefined) continue
    // `20` and `20.0` are the same.
    const rate = minus(taxRate, '0')
    // What bears no tax needs no tax of the ERP, though there may be one that says why.
    const known = rate === '0' ? await findReference(system, 'purchase-tax', rate, required('ERP_ACCOUNT')) : undefined
    if (rate === '0' && known === undefined) continue
    ids[rate] ??=
      known ?? (await translate(system, 'purchase-tax', rate, required('ERP_ACCOUNT'), `lines[${index}].taxRate`))
  }
  return ids
}
