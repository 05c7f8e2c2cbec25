import { PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { BusinessError, type Owner } from '#domain/errors.ts'
import { parse } from '#domain/schema.ts'
import { dynamo } from './clients/dynamo.ts'
import { environment } from './environment.ts'
import { read } from './table.ts'

/**
 * What a source calls by an id of its own. A tax is known by the source's code where something is sold, and by its
 * percentage where something is bought: `20`.
 */
export const referenceKinds = ['customer', 'supplier', 'item', 'tax', 'purchase-tax'] as const
export type ReferenceKind = (typeof referenceKinds)[number]

/** What is missing without it, and who adds it. */
const missing: Readonly<Record<ReferenceKind, { readonly code: string; readonly owner: Owner }>> = {
  customer: { code: 'UNKNOWN_CUSTOMER', owner: 'sales' },
  supplier: { code: 'UNKNOWN_SUPPLIER', owner: 'purchasing' },
  item: { code: 'UNKNOWN_ITEM', owner: 'sales' },
  tax: { code: 'UNKNOWN_TAX', owner: 'finance' },
  'purchase-tax': { code: 'UNKNOWN_TAX', owner: 'finance' },
}

const CrossReference = z.object({ targetId: z.string() })

const keyOf = (system: string, kind: ReferenceKind, id: string, account: string) => ({
  pk: `XREF#${system}#${kind}#${id}`,
  sk: `TO#${account}`,
})

/**
 * The id that an ERP account has for a thing of another system.
 * @param field path of the id in the canonical document, for the person who has to mend it
 * @throws BusinessError UNKNOWN_CUSTOMER, UNKNOWN_SUPPLIER, UNKNOWN_ITEM or UNKNOWN_TAX
 */
export async function translate(
  system: string,
  kind: ReferenceKind,
  id: string,
  account: string,
  field: string,
): Promise<string> {
  const known = await findReference(system, kind, id, account)
  if (known !== undefined) return known
  throw new BusinessError(
    {
      ...missing[kind],
      message: `${field} "${id}": ${system} has a ${kind} that ${account} does not know. Add the cross-reference, then redrive.`,
      field,
    },
    { system: account },
  )
}

/** The same, where not to know it is an answer. */
export async function findReference(
  system: string,
  kind: ReferenceKind,
  id: string,
  account: string,
): Promise<string | undefined> {
  const item = await read(keyOf(system, kind, id, account))
  return item === undefined ? undefined : parse(CrossReference, item, `The cross-reference of ${kind} ${id}`).targetId
}

/** Adds or replaces a cross-reference. */
export async function putCrossReference(
  system: string,
  kind: ReferenceKind,
  id: string,
  account: string,
  targetId: string,
): Promise<void> {
  await dynamo.send(
    new PutCommand({ TableName: environment().HUB_TABLE, Item: { ...keyOf(system, kind, id, account), targetId } }),
  )
}
