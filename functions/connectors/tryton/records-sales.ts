import * as z from 'zod'
import type { TrytonClient } from './client.ts'
import { asAmount, isServiceKey } from './mapping.ts'
import { type Book, Day, orderStanding, ours, pageOf, searchPage } from './records-book.ts'
import { saleFields, saleModel } from './sale.ts'
import { Id, Quantity, Sale } from './wire.ts'

const Found = Sale.extend({ web_id: z.string().nullable(), comment: z.string().nullable(), sale_date: Day.nullable() })
const Line = z.object({ id: Id, sale: Id, note: z.string().nullable(), quantity: Quantity.nullable() })

/** Sales of the hub's shop; those that take something back are told by what they bring: a return or a credit note. */
export function salesBook(shop: () => Promise<number>): Book {
  return {
    model: saleModel,
    documents: ['sales-order', 'sales-order-amendment'],
    referenceField: 'web_id',
    read: async (client, domain) => {
      const own = [['web_shop', '=', await shop()], ['origin', '=', null], ...domain]
      const fields = [...saleFields, 'web_id', 'comment', 'sale_date']
      const sales = await searchPage(client, Found, saleModel, own, fields)
      const lines = await linesOf(
        client,
        sales.flatMap((sale) => sale.lines),
      )
      return pageOf(
        sales,
        sales.map((sale) => {
          const currency = sale['currency.'].code
          return {
            document: 'sales-order',
            id: String(sale.id),
            number: sale.number ?? undefined,
            reference: ours(sale.web_id),
            standing: orderStanding(sale),
            onDay: sale.sale_date ?? '',
            amount: asAmount(sale.total_amount, currency),
            currency,
            lines: lines.get(sale.id) ?? [],
          }
        }),
      )
    },
  }
}

async function linesOf(client: TrytonClient, ids: readonly number[]) {
  const bySale = new Map<number, { readonly line: string; readonly quantity: string }[]>()
  for (const { sale, note, quantity } of await client.records(Line, 'sale.line', ids, ['sale', 'note', 'quantity'])) {
    if (note === null || quantity === null || isServiceKey(note)) continue
    bySale.set(sale, [...(bySale.get(sale) ?? []), { line: note, quantity }])
  }
  return bySale
}
