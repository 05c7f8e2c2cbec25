import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { numberKeys } from '#domain/three-way-match/document-number.ts'
import { required } from './environment.ts'
import { type Part, read, transact } from './table.ts'

/** SUPPLIER-NUMBER: one number of a supplier's documents in one of its spellings' keys. Never expires. */
const NumberItem = z.object({ caseKey: z.string(), spelling: z.string() })

/** A supplier's document that wants its number for itself. */
export interface NumberClaim {
  readonly caseKey: string
  readonly kind: 'supplier-invoice' | 'supplier-credit-note'
  /** The ERP's id of the supplier: one, whatever the systems call it. */
  readonly supplierId: string
  readonly number: string
}

/**
 * Takes a supplier's number for one document of one case, under both keys that other spellings share with it, all or
 * nothing: of two documents with one number in two cases exactly one gets it, whichever comes first.
 * @returns who has it, in which spelling, where that is another document
 */
export async function claimNumber(
  claim: NumberClaim,
): Promise<{ readonly number: string; readonly where: string } | undefined> {
  const keys = keysOf(claim)
  const { caseKey, number: spelling } = claim
  const parts = keys.map(
    (key): Part => ({
      put: { ...key, caseKey, spelling },
      condition: 'attribute_not_exists(pk) OR (caseKey = :case AND spelling = :spelling)',
      values: { ':case': caseKey, ':spelling': spelling },
    }),
  )
  const written = await transact(parts)
  if (written.ok) return undefined
  const key = keys[written.index]
  // The item comes with the refusal on AWS; whoever repeats the read sees the same, since nobody gives a number back.
  const item = written.item ?? (key && (await read(key)))
  const holder = parse(NumberItem, item, `The number ${spelling} of supplier ${claim.supplierId}`)
  return { number: holder.spelling, where: holder.caseKey }
}

/** Invoices and credit notes are numbered apart, and each ERP account has suppliers of its own. */
function keysOf({ supplierId, kind, number }: NumberClaim) {
  const [parts, whole] = numberKeys(number)
  const of = `SUPPLIER-NUMBER#${required('ERP_ACCOUNT')}#${supplierId}#${kind}`
  return [`${of}#parts#${parts}`, `${of}#whole#${whole}`].map((pk) => ({ pk, sk: 'NUMBER' }))
}
