import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import type { TrytonClient } from './client.ts'
import { Id } from './wire.ts'

/** What the hub needs to find in the ERP before it can write. Looked up once for each connector. */
export interface Settings {
  readonly shop: number
  readonly freight: ServiceItem
  readonly rounding: ServiceItem
  readonly credit: ServiceItem
  readonly currencies: Readonly<Record<string, number>>
  readonly bank: PaymentMethod
  readonly onAccount: PaymentMethod
  /** Only who settles with suppliers needs it. */
  readonly suppliersOnAccount: () => PaymentMethod
}

/** A way to settle an invoice: where the money is, and the journal that it is booked in. */
export interface PaymentMethod {
  readonly id: number
  readonly account: number
  readonly journal: number
}

/** A service that the hub itself puts on an order. */
export interface ServiceItem {
  readonly product: number
  readonly unit: number
}

const Named = z.object({ id: Id, name: z.string() })
const Coded = z.object({ id: Id, code: z.string().nullable() })
const Method = Named.extend({ debit_account: Id, journal: Id })
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
    [['code', 'in', ['FREIGHT', 'ROUNDING', 'CREDIT']]],
    ['code', 'default_uom'],
  )
  const currencies = await client.search(Coded, 'currency.currency', [], ['code'])
  const methodFields = ['name', 'debit_account', 'journal']
  const methods = await client.search(Method, 'account.invoice.payment.method', [], methodFields)
  return {
    shop: needed(shop?.id, 'a web shop named Postonce'),
    freight: service(services, 'FREIGHT'),
    rounding: service(services, 'ROUNDING'),
    credit: service(services, 'CREDIT'),
    currencies: Object.fromEntries(currencies.flatMap(({ code, id }) => (code === null ? [] : [[code, id]]))),
    bank: paymentMethod(methods, 'Bank'),
    onAccount: paymentMethod(methods, 'On Account'),
    suppliersOnAccount: () => paymentMethod(methods, 'Suppliers On Account'),
  }
}

function service(services: readonly z.output<typeof Service>[], code: string): ServiceItem {
  const found = services.find((candidate) => candidate.code === code)
  return { product: needed(found?.id, `a service product with the code ${code}`), unit: found?.default_uom ?? 0 }
}

function paymentMethod(methods: readonly z.output<typeof Method>[], name: string): PaymentMethod {
  const found = methods.find((method) => method.name === name)
  const id = needed(found?.id, `a payment method for invoices named ${name}`)
  return { id, account: found?.debit_account ?? 0, journal: found?.journal ?? 0 }
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
