import { SalesOrder } from '#domain/documents.ts'
import { partsOf } from '#domain/keys.ts'
import { readBody } from './body-store.ts'
import type { CaseItem } from './case-store.ts'
import { translate } from './cross-reference-store.ts'
import { required } from './environment.ts'

/**
 * The ERP's id of the customer whose order the case is.
 * @throws BusinessError UNKNOWN_CUSTOMER
 */
export async function customerIdOf({ pk, version }: Pick<CaseItem, 'pk' | 'version'>): Promise<string> {
  const { customer } = await readBody(SalesOrder, pk, version)
  return await translate(partsOf(pk).system, 'customer', customer.id, required('ERP_ACCOUNT'), 'customer.id')
}
