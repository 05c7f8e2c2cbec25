import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import type { TrytonClient } from './client.ts'
import { AnyRecord, date, Id, Quantity, recordId } from './wire.ts'

/** A customer by its own code in Tryton or by one of its identifiers. */
export function findCustomer(client: TrytonClient, code: string): Promise<string | undefined> {
  return findOne(client, 'party.party', code, 'customers')
}

/** A supplier by its own code in Tryton or by one of its identifiers; customers and suppliers are parties alike. */
export function findSupplier(client: TrytonClient, code: string): Promise<string | undefined> {
  return findOne(client, 'party.party', code, 'suppliers')
}

/** An item by its code or by one of its identifiers, such as an EAN. */
export function findItem(client: TrytonClient, code: string): Promise<string | undefined> {
  return findOne(client, 'product.product', code, 'items')
}

/** On hand today in all warehouses. */
export async function stockOnHand(client: TrytonClient, itemId: string): Promise<string> {
  const warehouses = await client.search(AnyRecord, 'stock.location', [['type', '=', 'warehouse']], [])
  const context = {
    locations: warehouses.map(({ id }) => id),
    stock_date_end: date(new Date().toISOString().slice(0, 10)),
  }
  const Stock = z.array(z.object({ id: Id, quantity: Quantity }))
  const [stock] = await client.read(Stock, 'model.product.product.read', [[recordId(itemId)], ['quantity']], {
    context,
  })
  return stock?.quantity ?? '0'
}

async function findOne(client: TrytonClient, model: string, code: string, what: string): Promise<string | undefined> {
  const domain = ['OR', ['code', '=', code], ['identifiers.code', '=', code]]
  const [found, second] = await client.search(AnyRecord, model, domain, [])
  if (second !== undefined) {
    const message = `Tryton has several ${what} with the code ${code}`
    throw new BusinessError({ code: 'AMBIGUOUS_CODE', message, owner: 'integration' }, { system: 'tryton' })
  }
  return found && String(found.id)
}
