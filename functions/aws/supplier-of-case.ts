import * as z from 'zod'
import { partsOf } from '#domain/keys.ts'
import { Party } from '#domain/procurement-documents.ts'
import { readBody } from './body-store.ts'
import type { CaseItem } from './case-store.ts'
import { translate } from './cross-reference-store.ts'
import { required } from './environment.ts'

const Body = z.object({ supplier: Party })

/**
 * The ERP's id of the supplier whom the case buys from.
 * @throws BusinessError UNKNOWN_SUPPLIER
 */
export async function supplierIdOf({ pk, version }: Pick<CaseItem, 'pk' | 'version'>): Promise<string> {
  const { supplier } = await readBody(Body, pk, version)
  return await translate(partsOf(pk).system, 'supplier', supplier.id, required('ERP_ACCOUNT'), 'supplier.id')
}
