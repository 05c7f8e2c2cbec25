import type * as z from 'zod'
import { sortKey } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { readHeld } from './payload-store.ts'
import { read } from './table.ts'

/**
 * BODY: the canonical document of one version. It holds personal data and expires; keys and audit do not.
 * @throws Error when it has expired, which needs the source to submit it again
 */
export async function readBody<T extends z.ZodType>(schema: T, caseKey: string, version: number): Promise<z.output<T>> {
  const item = await read({ pk: caseKey, sk: sortKey.body(version) })
  if (item === undefined) throw new Error(`The body of ${caseKey} version ${version} has expired; submit it again`)
  return parse(schema, await readHeld(item.body), `The stored body of ${caseKey}`)
}
