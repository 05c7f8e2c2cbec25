import * as z from 'zod'
import { isReference } from '#domain/fingerprint.ts'
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

/** The same, of the hub's purchases alone; what goes back is a purchase of its own, whose origin may be the hub's. */
export async function hubLinesOf(client: TrytonClient, records: readonly { readonly origin: string | null }[]) {
  const lines = await linesOf(client, records)
  const Head = z.object({ id: Id, reference: z.string().nullable(), origin: z.string().nullable() })
  const read = (ids: readonly number[]) => client.records(Head, purchaseModel, ids, ['reference', 'origin'])
  const heads = await read([...new Set(lines.map(({ purchase }) => purchase))])
  const originals = await read([...new Set(heads.flatMap(({ origin }) => idOf(origin, purchaseModel) ?? []))])
  const isHubs = ({ reference }: { readonly reference: string | null }) =>
    reference !== null && isReference(reference, 80)
  const hubs = new Set([...heads, ...originals].filter(isHubs).map(({ id }) => id))
  const own = new Set(
    heads.flatMap(({ id, origin }) => (hubs.has(id) || hubs.has(idOf(origin, purchaseModel) ?? 0) ? [id] : [])),
  )
  return lines.filter(({ purchase }) => own.has(purchase))
}
