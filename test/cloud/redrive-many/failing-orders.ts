import { randomUUID } from 'node:crypto'
import { putCrossReference } from '#aws/cross-reference-store.ts'
import type { Entry } from '../../../bin/commands/publish/read-entries.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import type { Books } from '../../simulation/erp/books.ts'

const source = 'shop'
const erpAccount = readEnvironment('local').erp.account
/** What each order is worth. */
export const amount = 10
export const codes = ['UNKNOWN_ITEM', 'UNKNOWN_CUSTOMER', 'CREDIT_LIMIT'] as const
type Code = (typeof codes)[number]

export interface FailingOrder {
  readonly number: string
  readonly code: Code
}

/** As many orders, which fail for the three causes in turn. */
export function drawOrders(count: number): readonly FailingOrder[] {
  return Array.from({ length: count }, (_, at) => ({
    number: `R${String(at + 1).padStart(5, '0')}`,
    code: codes[at % codes.length] ?? codes[0],
  }))
}

const item = (code: Code) => (code === 'UNKNOWN_ITEM' ? 'NEW-ITEM' : 'ITEM')
const customer = (code: Code) => (code === 'UNKNOWN_CUSTOMER' ? 'NEW-CUSTOMER' : 'CUSTOMER')

/** The event that submits an order. */
export function entryOf({ number, code }: FailingOrder): Entry {
  const unitPrice = amount.toFixed(2)
  const data = {
    number,
    orderedOn: new Date().toISOString().slice(0, 10),
    currency: 'EUR',
    customer: { id: customer(code) },
    lines: [{ number: '1', item: { id: item(code) }, quantity: '1', unitPrice }],
    netTotal: unitPrice,
  }
  const detail = { metadata: { id: randomUUID() }, data }
  return { where: number, source, detailType: 'SalesOrderSubmitted', detail }
}

/** What the ERP knows and lends before any order comes. */
export async function prepareCauses(orders: readonly FailingOrder[], books: Books): Promise<void> {
  await putCrossReference(source, 'item', 'ITEM', erpAccount, '1')
  await putCrossReference(source, 'customer', 'CUSTOMER', erpAccount, '1')
  for (const { number, code } of orders) if (code === 'CREDIT_LIMIT') books.overLimit.add(number)
}

/** Mends all three causes, as the owners of the questions would. */
export async function mendCauses(books: Books): Promise<void> {
  await putCrossReference(source, 'item', item('UNKNOWN_ITEM'), erpAccount, '2')
  await putCrossReference(source, 'customer', customer('UNKNOWN_CUSTOMER'), erpAccount, '2')
  books.overLimit.clear()
}
