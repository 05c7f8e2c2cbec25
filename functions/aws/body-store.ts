import { SalesOrder } from '#domain/documents.ts'
import { sortKey } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { readHeld } from './payload-store.ts'
import { read } from './table.ts'

/**
 * BODY: the canonical document of one version. It holds personal data and expires; keys and audit do not.
 * @throws Error when it has expired, which needs the source to submit the order again
 */
export async function readBody(caseKey: string, version: number): Promise<SalesOrder> {
  const item = await read({ pk: caseKey, sk: sortKey.body(version) })
  if (item === undefined)
    throw new Error(`The body of ${caseKey} version ${version} has expired; submit the order again`)
  return parse(SalesOrder, await readHeld(item.body), `The stored sales order ${caseKey}`)
}
