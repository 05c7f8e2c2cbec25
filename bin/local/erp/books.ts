import * as z from 'zod'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, date, Id, Quantity } from '#connectors/tryton/wire.ts'
import { sum } from '#domain/money.ts'
import type { LocalErp } from './local-erp.ts'

/** The ERP's books as they stand, read as its administrator and past the hub: only what is posted counts. */
export interface Books {
  /** What the customer owes, less what he has on account; negative: a credit. */
  receivable(customerId: string): Promise<string>
  /** Part of it: what the customer has on account that no invoice has taken. */
  onAccount(customerId: string): Promise<string>
  /** What the supplier is owed, less what he owes on account. */
  payable(supplierId: string): Promise<string>
  /** What the account of the bank journal holds. */
  bank(): Promise<string>
  /** On hand in all warehouses. */
  stockOnHand(itemId: string): Promise<string>
  /** Debit and credit of everything that is posted. */
  ledger(): Promise<{ readonly debit: string; readonly credit: string }>
}

const Line = z.object({ id: Id, debit: Decimal, credit: Decimal })
const Method = z.object({ id: Id, name: z.string(), debit_account: Id })
const pageSize = 1000

/** Reads the books of an ERP that was made here. */
export function readErpBooks(erp: Pick<LocalErp, 'url' | 'database' | 'admin'>): Books {
  const client = new TrytonClient({
    url: erp.url,
    credentials: { database: erp.database, ...erp.admin },
    clientTimeoutMs: 60_000,
    settleMs: 0,
  })
  const account = async (name: string) => {
    const methods = await client.search(Method, 'account.invoice.payment.method', [], ['name', 'debit_account'])
    return methods.find((method) => method.name === name)?.debit_account ?? 0
  }
  const balance = async (domain: readonly unknown[]) => {
    const { debit, credit } = await total(client, domain)
    return sum([debit]).minus(credit).toFixed(2)
  }
  return {
    receivable: (customerId) =>
      balance([
        ['party', '=', Number(customerId)],
        ['account.type.receivable', '=', true],
      ]),
    payable: async (supplierId) =>
      sum([
        await balance([
          ['party', '=', Number(supplierId)],
          ['account.type.payable', '=', true],
        ]),
      ])
        .times(-1)
        .toFixed(2),
    onAccount: async (customerId) =>
      sum([
        await balance([
          ['party', '=', Number(customerId)],
          ['account', '=', await account('On Account')],
        ]),
      ])
        .times(-1)
        .toFixed(2),
    bank: async () => balance([['account', '=', await account('Bank')]]),
    stockOnHand: (itemId) => stockOnHand(client, itemId),
    ledger: () => total(client, []),
  }
}

async function total(client: TrytonClient, domain: readonly unknown[]) {
  const posted = [...domain, ['move.state', '=', 'posted']]
  const lines: z.output<typeof Line>[] = []
  for (;;) {
    const params = [posted, lines.length, pageSize, [['id', 'ASC']], ['debit', 'credit']]
    const page = await client.read(z.array(Line), 'model.account.move.line.search_read', params)
    lines.push(...page)
    if (page.length < pageSize) break
  }
  const add = (side: 'debit' | 'credit') => sum(lines.map((line) => line[side])).toFixed(2)
  return { debit: add('debit'), credit: add('credit') }
}

async function stockOnHand(client: TrytonClient, itemId: string): Promise<string> {
  const warehouses = await client.search(z.object({ id: Id }), 'stock.location', [['type', '=', 'warehouse']], [])
  const context = {
    locations: warehouses.map(({ id }) => id),
    stock_date_end: date(new Date().toISOString().slice(0, 10)),
  }
  const Stock = z.array(z.object({ id: Id, quantity: Quantity }))
  const params = [[Number(itemId)], ['quantity']]
  const [stock] = await client.read(Stock, 'model.product.product.read', params, { context })
  return stock?.quantity ?? '0'
}
