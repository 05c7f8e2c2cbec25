import * as z from 'zod'
import type { TrytonClient } from './client.ts'
import { purchaseModel } from './purchase.ts'
import { Id, idOf, Quantity } from './wire.ts'

const PurchaseLine = z.object({ id: Id, note: z.string().nullable(), quantity: Quantity.nullable(), purchase: Id })

/** The lines of purchases that these records come from. */
export function linesOf(client: TrytonClient, records: readonly { readonly origin: string | null }[]) {
  return purchaseLinesOf(client, [...new Set(records.flatMap(({ origin }) => idOf(origin, 'purchase.line') ?? []))])
}

export function purchaseLinesOf(client: TrytonClient, ids: readonly number[]) {
  return client.records(PurchaseLine, 'purchase.line', ids, ['note', 'quantity', 'purchase'])
}

/** The purchase orders that these lines belong to; a purchase that sends something back names the one that it is of. */
export async function purchaseOrdersOf(client: TrytonClient, lines: readonly { readonly purchase: number }[]) {
  const Origin = z.object({ id: Id, origin: z.string().nullable() })
  const ids = [...new Set(lines.map(({ purchase }) => purchase))]
  const purchases = await client.records(Origin, purchaseModel, ids, ['origin'])
  return [...new Set(purchases.map(({ id, origin }) => String(idOf(origin, purchaseModel) ?? id)))]
}
