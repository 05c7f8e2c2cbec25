import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import type { TrytonClient } from './client.ts'
import { Id } from './wire.ts'

/** What the hub needs to find in the ERP before it can write. Looked up once for each connector. */
export interface Settings {
  readonly shop: number
  readonly freight: ServiceItem
  readonly rounding: ServiceItem
  readonly currencies: Readonly<Record<string, number>>
  readonly paymentMethod: number
}

/** A service that the hub itself puts on a sales order. */
export interface ServiceItem {
  readonly product: number
  readonly unit: number
}

const Named = z.object({ id: Id, name: z.string() })
const Coded = z.object({ id: Id, code: z.string().nullable() })
const Service = Coded.extend({ default_uom: Id })

/** Reads the settings at the first call; a failure is not kept. */
export function settingsOf(client: TrytonClient): () => Promise<Settings> {
  let settings: Promise<Settings> | undefined
  return () => {
    settings ??= readSettings(client).catch((error: unknown) => {
      settings = undefined
      throw error
    })
    return settings
  }
}

async function readSettings(client: TrytonClient): Promise<Settings> {
  // One shop for all sources: the natural key of a sale is (web_shop, web_id), and web_id is the hub's reference.
  const [shop] = await client.search(Named, 'web.shop', [['name', '=', 'Postonce']], ['name'])
  const services = await client.search(
    Service,
    'product.product',
    [['code', 'in', ['FREIGHT', 'ROUNDING']]],
    ['code', 'default_uom'],
  )
  const currencies = await client.search(Coded, 'currency.currency', [], ['code'])
  const methods = await client.search(Named, 'account.invoice.payment.method', [], ['name'])
  const method = methods.find(({ name }) => name === 'Bank') ?? methods[0]
  return {
    shop: needed(shop?.id, 'a web shop named Postonce'),
    freight: service(services, 'FREIGHT'),
    rounding: service(services, 'ROUNDING'),
    currencies: Object.fromEntries(currencies.flatMap(({ code, id }) => (code === null ? [] : [[code, id]]))),
    paymentMethod: needed(method?.id, 'a payment method for invoices'),
  }
}

function service(services: readonly z.output<typeof Service>[], code: string): ServiceItem {
  const found = services.find((candidate) => candidate.code === code)
  return { product: needed(found?.id, `a service product with the code ${code}`), unit: found?.default_uom ?? 0 }
}

function needed(id: number | undefined, what: string): number {
  if (id !== undefined) return id
  throw new BusinessError(
    {
      code: 'ERP_NOT_SET_UP',
      message: `Tryton has no ${what.replace(/^an? /, '')} that the hub's user may see`,
      owner: 'integration',
    },
    { system: 'tryton' },
  )
}
