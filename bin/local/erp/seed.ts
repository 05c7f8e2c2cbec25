import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { AnyRecord, Decimal, date, decimal, Id, Ids } from '#connectors/tryton/wire.ts'
import { type Row, readTable, type Table } from './csv.ts'
import type { LocalErp } from './local-erp.ts'

const timeoutMs = 120_000
const batchSize = 100
const plenty = 100_000

/** The ERP's id of something that a source calls `id`. */
export interface SeededRecord {
  readonly id: string
  readonly erpId: string
}

/** What the seed made or found, for the cross-references, and what it had to mend on the way. */
export interface SeedResult {
  readonly customers: readonly SeededRecord[]
  readonly suppliers: readonly SeededRecord[]
  readonly items: readonly SeededRecord[]
  /** Sales taxes that every source may use: `standard`, `reduced`, `zero`. */
  readonly taxes: readonly SeededRecord[]
  /** Taxes of what is bought, by percentage: `20`, `5`, `0`. */
  readonly purchaseTaxes: readonly SeededRecord[]
  readonly repaired: readonly string[]
  readonly skipped: readonly string[]
}

export interface SeedOptions {
  readonly erp: Pick<LocalErp, 'url' | 'database' | 'admin'>
  /**
   * Holds `customers.csv`, `products.csv` and perhaps `suppliers.csv` in Northwind's columns; `creditLimit` and
   * `stockOnHand` may be there, too.
   */
  readonly directory: string
  /** The source system whose ids these are. */
  readonly system: string
}

const taxNames = { standard: 'VAT 20 %', reduced: 'VAT 5 %', zero: 'VAT 0 %' } as const
const purchaseTaxNames = { '20': 'Input VAT 20 %', '5': 'Input VAT 5 %', '0': 'Input VAT 0 %' } as const
const noTable = { rows: [], repaired: [], skipped: [] } as const satisfies Table

/** Brings customers, suppliers and items into the ERP. What is there already stays as it is, so it can be run again. */
export async function seedErp({ erp, directory, system }: SeedOptions): Promise<SeedResult> {
  const client = new TrytonClient({
    url: erp.url,
    credentials: { database: erp.database, ...erp.admin },
    clientTimeoutMs: timeoutMs,
    settleMs: 0,
  })
  const customers = readTable(join(directory, 'customers.csv'), { id: 'customerID', joinSurplusInto: 'address' })
  const products = readTable(join(directory, 'products.csv'), { id: 'productID', joinSurplusInto: 'productName' })
  const suppliersFile = join(directory, 'suppliers.csv')
  const suppliers = existsSync(suppliersFile)
    ? readTable(suppliersFile, { id: 'supplierID', joinSurplusInto: 'address' })
    : noTable
  return {
    customers: await seedCustomers(client, system, customers.rows),
    suppliers: await seedSuppliers(client, system, suppliers.rows),
    items: await seedItems(client, system, products.rows),
    taxes: await findTaxes(client, taxNames),
    purchaseTaxes: await findTaxes(client, purchaseTaxNames),
    repaired: [...customers.repaired, ...suppliers.repaired, ...products.repaired],
    skipped: [...customers.skipped, ...suppliers.skipped, ...products.skipped],
  }
}

async function seedCustomers(client: TrytonClient, system: string, rows: readonly Row[]): Promise<SeededRecord[]> {
  return await seedParties(client, system, rows, (row) =>
    row.values.creditLimit ? { credit_limit_amount: decimal(row.values.creditLimit) } : {},
  )
}

/** Each is to be paid within 30 days, to the account that the ERP has for all of them. */
async function seedSuppliers(client: TrytonClient, system: string, rows: readonly Row[]): Promise<SeededRecord[]> {
  if (rows.length === 0) return []
  const [term] = await client.search(AnyRecord, 'account.invoice.payment_term', [['name', '=', '30 days']], [])
  return await seedParties(client, system, rows, () => ({ supplier_payment_term: term?.id ?? null }))
}

async function seedParties(
  client: TrytonClient,
  system: string,
  rows: readonly Row[],
  terms: (row: Row) => Readonly<Record<string, unknown>>,
): Promise<SeededRecord[]> {
  const Country = z.object({ id: Id, name: z.string(), code: z.string().nullable() })
  const countries = await client.search(Country, 'country.country', [], ['name', 'code'])
  const countryOf = (name: string | undefined) =>
    countries.find((country) => [country.name, country.code].includes(aliases[name ?? ''] ?? name ?? ''))?.id ?? null
  return createMissing(client, 'party.party', system, rows, (row, code) => ({
    name: row.values.companyName ?? row.id,
    code,
    ...terms(row),
    addresses: [
      [
        'create',
        [
          {
            street_unstructured: row.values.address ?? null,
            city: [row.values.city, row.values.region].filter(Boolean).join(', ') || null,
            postal_code: row.values.postalCode ?? null,
            country: countryOf(row.values.country),
          },
        ],
      ],
    ],
  }))
}

/** Names that Northwind uses and ISO 3166 does not. */
const aliases: Readonly<Record<string, string>> = { UK: 'GB', USA: 'US' }

async function seedItems(client: TrytonClient, system: string, rows: readonly Row[]): Promise<SeededRecord[]> {
  const [unit] = await client.search(z.object({ id: Id }), 'product.uom', [['name', '=', 'Unit']], [])
  const [category] = await client.search(z.object({ id: Id }), 'product.category', [['name', '=', 'Goods']], [])
  if (!unit || !category) throw new Error('The ERP has no unit or no product category; was its database made here?')
  const items = await createMissing(
    client,
    'product.template',
    system,
    rows,
    (row, code) => ({
      name: row.values.productName ?? row.id,
      code,
      type: 'goods',
      default_uom: unit.id,
      list_price: decimal(row.values.unitPrice ?? '0'),
      salable: true,
      sale_uom: unit.id,
      purchasable: true,
      purchase_uom: unit.id,
      account_category: category.id,
      products: [['create', [{}]]],
    }),
    'product.product',
  )
  const quantities = new Map(rows.map((row) => [row.id, Number(row.values.stockOnHand ?? plenty)]))
  const lines = items.map((item) => ({ product: Number(item.erpId), quantity: quantities.get(item.id) ?? plenty }))
  await stockUp(client, lines)
  return items
}

/** Counts the items that have never moved into the warehouse, in one inventory. */
async function stockUp(client: TrytonClient, lines: readonly { product: number; quantity: number }[]): Promise<void> {
  const products = lines.map((line) => line.product)
  // An inventory books from the place where what is lost is found.
  const domain = [
    ['product', 'in', products],
    ['from_location.type', '=', 'lost_found'],
  ]
  const moved = await client.search(z.object({ product: Id }), 'stock.move', domain, ['product'])
  const missing = lines.filter((line) => !moved.some((move) => move.product === line.product))
  if (missing.length === 0) return
  const Warehouse = z.object({ id: Id, storage_location: Id })
  const [warehouse] = await client.search(
    Warehouse,
    'stock.location',
    [['type', '=', 'warehouse']],
    ['storage_location'],
  )
  const inventory = { location: warehouse?.storage_location, empty_quantity: 'keep', lines: [['create', missing]] }
  const ids = await create(client, 'stock.inventory', [
    { ...inventory, date: date(new Date().toISOString().slice(0, 10)) },
  ])
  const reply = await client.write('model.stock.inventory.confirm', [ids], { signal: client.deadline() })
  if (reply.kind !== 'result') throw new Error(`The stock could not be booked: ${JSON.stringify(reply)}`)
}

async function createMissing(
  client: TrytonClient,
  model: string,
  system: string,
  rows: readonly Row[],
  values: (row: Row, code: string) => Readonly<Record<string, unknown>>,
  foundIn = model,
): Promise<SeededRecord[]> {
  const there = new Set((await findByCode(client, foundIn, system, rows)).map(({ id }) => id))
  const missing = rows.filter((row) => !there.has(row.id))
  for (let from = 0; from < missing.length; from += batchSize) {
    const batch = missing.slice(from, from + batchSize)
    await create(
      client,
      model,
      batch.map((row) => values(row, codeOf(system, row.id))),
    )
  }
  return findByCode(client, foundIn, system, rows)
}

async function findByCode(
  client: TrytonClient,
  model: string,
  system: string,
  rows: readonly Row[],
): Promise<SeededRecord[]> {
  const Coded = z.object({ id: Id, code: z.string() })
  const found = new Map<string, number>()
  for (let from = 0; from < rows.length; from += batchSize) {
    const codes = rows.slice(from, from + batchSize).map((row) => codeOf(system, row.id))
    for (const record of await client.search(Coded, model, [['code', 'in', codes]], ['code']))
      found.set(record.code, record.id)
  }
  return rows.flatMap((row) => {
    const erpId = found.get(codeOf(system, row.id))
    return erpId === undefined ? [] : [{ id: row.id, erpId: String(erpId) }]
  })
}

/** People see this in the ERP; it is unique there, and two sources may both have a customer 1. */
function codeOf(system: string, id: string): string {
  return `${system}-${id}`
}

async function findTaxes(client: TrytonClient, names: Readonly<Record<string, string>>): Promise<SeededRecord[]> {
  const Tax = z.object({ id: Id, name: z.string(), rate: Decimal })
  const taxes = await client.search(Tax, 'account.tax', [['parent', '=', null]], ['name', 'rate'])
  return Object.entries(names).flatMap(([id, name]) =>
    taxes.filter((tax) => tax.name === name).map((tax) => ({ id, erpId: String(tax.id) })),
  )
}

async function create(
  client: TrytonClient,
  model: string,
  records: readonly Readonly<Record<string, unknown>>[],
): Promise<number[]> {
  const reply = await client.write(`model.${model}.create`, [records], { signal: client.deadline() })
  if (reply.kind !== 'result')
    throw new Error(`The ERP did not take ${records.length} of ${model}: ${JSON.stringify(reply)}`)
  return Ids.parse(reply.result)
}
