import * as z from 'zod'
import type { TrytonClient } from './client.ts'
import { saleModel } from './sale.ts'
import { Id, idOf } from './wire.ts'

export const Numbered = z.object({ id: Id, number: z.string().nullable() })

/** Numbers come first: what a person reads is a number, and another document's id may be the same digits. */
export async function search<T extends typeof Numbered>(
  client: TrytonClient,
  schema: T,
  model: string,
  fields: readonly string[],
  number: string,
): Promise<readonly z.output<T>[]> {
  const byNumber = await client.search(schema, model, [['number', '=', number]], fields)
  if (byNumber.length > 0 || !/^[1-9]\d{0,15}$/.test(number)) return byNumber
  return await client.search(schema, model, [['id', '=', Number(number)]], fields)
}

/** The lines of sales that these records come from. */
export async function saleLinesOf(client: TrytonClient, records: readonly { readonly origin: string | null }[]) {
  const SaleLine = z.object({ id: Id, note: z.string().nullable(), sale: Id })
  const ids = [...new Set(records.flatMap(({ origin }) => idOf(origin, 'sale.line') ?? []))]
  return await client.records(SaleLine, 'sale.line', ids, ['note', 'sale'])
}

/** The sales orders that these lines belong to; a sale that takes something back names the one it takes it of. */
export async function ordersOf(
  client: TrytonClient,
  lines: readonly { readonly sale: number }[],
): Promise<readonly string[]> {
  const Origin = z.object({ id: Id, origin: z.string().nullable() })
  const ids = [...new Set(lines.map(({ sale }) => sale))]
  const sales = await client.records(Origin, saleModel, ids, ['origin'])
  return [...new Set(sales.map(({ id, origin }) => String(idOf(origin, saleModel) ?? id)))]
}

export function idAndNumber({ id, number }: z.output<typeof Numbered>) {
  return { id: String(id), number: number ?? undefined }
}
