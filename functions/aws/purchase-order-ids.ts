import type { PurchaseOrderIds } from '#connectors/purchasing-port.ts'
import { minus } from '#domain/money.ts'
import type { PurchaseOrder } from '#domain/procurement-documents.ts'
import { findReference, type Named, translateAll } from './cross-reference-store.ts'
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
  const taxes = taxesOf(order.lines)
  const idOf = await translateAll(system, required('ERP_ACCOUNT'), [supplier, ...items, ...taxes])
  return {
    supplierId: idOf(supplier.kind, supplier.id),
    itemIds: idsOf(items, idOf),
    taxIds: { ...(await idOfNoTax(system, order.lines)), ...idsOf(taxes, idOf) },
  }
}

/**
 * The ERP's ids of taxes by percentage, `20`, as lines name them.
 * @throws BusinessError UNKNOWN_TAX, naming every field
 */
export async function purchaseTaxIds(system: string, lines: readonly TaxedLine[]): Promise<Ids> {
  const taxes = taxesOf(lines)
  const idOf = await translateAll(system, required('ERP_ACCOUNT'), taxes)
  return { ...(await idOfNoTax(system, lines)), ...idsOf(taxes, idOf) }
}

type Ids = Readonly<Record<string, string>>
interface TaxedLine {
  readonly taxRate?: string | undefined
}

/** `20` and `20.0` are the same. */
const percentageOf = (taxRate: string) => minus(taxRate, '0')

function taxesOf(lines: readonly TaxedLine[]): readonly Named[] {
  return lines.flatMap(({ taxRate = '0' }, index): readonly Named[] => {
    const id = percentageOf(taxRate)
    return id === '0' ? [] : [{ kind: 'purchase-tax', id, field: `lines[${index}].taxRate` }]
  })
}

/** What bears no tax needs no tax of the ERP, though there may be one that says why. */
async function idOfNoTax(system: string, lines: readonly TaxedLine[]): Promise<Ids> {
  const isNamed = lines.some(({ taxRate }) => taxRate !== undefined && percentageOf(taxRate) === '0')
  const id = isNamed ? await findReference(system, 'purchase-tax', '0', required('ERP_ACCOUNT')) : undefined
  return id === undefined ? {} : { 0: id }
}

function idsOf(named: readonly Named[], idOf: (kind: Named['kind'], id: string) => string): Ids {
  return Object.fromEntries(named.map(({ kind, id }) => [id, idOf(kind, id)]))
}
