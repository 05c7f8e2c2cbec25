import Big from 'big.js'
import { findCustomer, findItem, findSupplier } from '#connectors/tryton/master-data.ts'
import { sum } from '#domain/money.ts'
import { readErpBooks } from '../erp/books.ts'
import type { LocalEnvironment } from '../state.ts'
import { source } from './demo-order.ts'
import { administrator } from './erp-records.ts'
import type { OrderKind } from './order-kind.ts'

/** Whole accounts of the ERP, or what has changed in them. */
export interface Totals {
  /** On hand, by item. */
  readonly stock: Amounts
  /** By customer: what he owes less what he has on account, and what he has on account. */
  readonly receivable: Amounts
  readonly onAccount: Amounts
  /** By supplier: what he is owed. */
  readonly payable: Amounts
  readonly bank: string
  readonly ledger: { readonly debit: string; readonly credit: string }
}
export type Amounts = Readonly<Record<string, string>>

/** Reads the accounts of every customer, supplier and item that the kinds name, past the hub. */
export async function readTotals(erp: LocalEnvironment['erp'], kinds: readonly OrderKind[]): Promise<Totals> {
  const client = administrator(erp)
  const books = readErpBooks(erp)
  const items = await idsOf(itemsOf(kinds), (code) => findItem(client, code))
  const customers = await idsOf(customersOf(kinds), (code) => findCustomer(client, code))
  const suppliers = await idsOf(suppliersOf(kinds), (code) => findSupplier(client, code))
  return {
    stock: await amounts(items, books.stockOnHand),
    receivable: await amounts(customers, books.receivable),
    onAccount: await amounts(customers, books.onAccount),
    payable: await amounts(suppliers, books.payable),
    bank: await books.bank(),
    ledger: await books.ledger(),
  }
}

/** What the orders of these kinds have to change, all together. */
export function expectedTotals(kinds: readonly OrderKind[]): Omit<Totals, 'ledger'> {
  const onAccount = (kind: OrderKind) => kind.books.onAccount ?? '0'
  const byCustomer = (amount: (kind: OrderKind) => string) =>
    Object.fromEntries(
      customersOf(kinds).map((customer) => [
        customer,
        sum(kinds.filter((kind) => kind.customer === customer).map(amount)).toFixed(2),
      ]),
    )
  return {
    stock: Object.fromEntries(
      itemsOf(kinds).map((item) => [item, sum(kinds.map(({ books }) => books.stock?.[item] ?? '0')).toFixed()]),
    ),
    receivable: byCustomer((kind) =>
      sum([kind.books.owed ?? '0'])
        .minus(onAccount(kind))
        .toFixed(2),
    ),
    onAccount: byCustomer(onAccount),
    payable: Object.fromEntries(
      suppliersOf(kinds).map((supplier) => [
        supplier,
        sum(kinds.filter((kind) => kind.supplier === supplier).map(({ books }) => books.owed ?? '0')).toFixed(2),
      ]),
    ),
    bank: sum(kinds.map(({ books }) => books.bank)).toFixed(2),
  }
}

/** What has changed from one reading to the next; the ledger as it stands. */
export function changeOf(before: Totals, after: Totals): Totals {
  const each = (field: 'stock' | 'receivable' | 'onAccount' | 'payable', digits: number): Amounts =>
    Object.fromEntries(
      Object.entries(after[field]).map(([key, amount]) => [
        key,
        new Big(amount).minus(before[field][key] ?? '0').toFixed(digits),
      ]),
    )
  return {
    stock: each('stock', 0),
    receivable: each('receivable', 2),
    onAccount: each('onAccount', 2),
    payable: each('payable', 2),
    bank: new Big(after.bank).minus(before.bank).toFixed(2),
    ledger: after.ledger,
  }
}

function itemsOf(kinds: readonly OrderKind[]): readonly string[] {
  return [...new Set(kinds.flatMap(({ lines }) => lines.map(({ item }) => item)))].sort()
}

function customersOf(kinds: readonly OrderKind[]): readonly string[] {
  return [...new Set(kinds.flatMap(({ customer }) => customer ?? []))].sort()
}

function suppliersOf(kinds: readonly OrderKind[]): readonly string[] {
  return [...new Set(kinds.flatMap(({ supplier }) => supplier ?? []))].sort()
}

async function idsOf(names: readonly string[], find: (code: string) => Promise<string | undefined>) {
  return Promise.all(names.map(async (name) => [name, (await find(`${source}-${name}`)) ?? '0'] as const))
}

async function amounts(ids: readonly (readonly [string, string])[], read: (id: string) => Promise<string>) {
  return Object.fromEntries(await Promise.all(ids.map(async ([name, id]) => [name, await read(id)] as const)))
}
