import Big from 'big.js'
import type * as z from 'zod'
import type { FoundDocument, Operation, SalesOrderPosting } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { asAmount, isServiceKey, type LineValues, type SaleLineValues } from './mapping.ts'
import { press, stepsOn } from './send.ts'
import type { Settings } from './settings.ts'
import { Sale, SaleLine } from './wire.ts'

export type FoundSale = z.output<typeof Sale>

export const saleModel = 'sale.sale'
export const saleFields = [
  ['_timestamp', 'state', 'number', 'description', 'party'],
  ['untaxed_amount', 'total_amount', 'lines', 'currency.code'],
].flat()
const lineFields = ['product', 'quantity', 'unit_price', 'amount', 'note', 'taxes']
export const operationsDone = { draft: 1, quotation: 2, confirmed: 3, processing: 4, done: 4, cancelled: 0 } as const

/** The sales under our reference: (web_shop, web_id) is unique, so there is one at most. */
export async function findSales(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  reference: string,
  signal?: AbortSignal,
): Promise<readonly FoundSale[]> {
  const { shop } = await settings()
  const domain = [
    ['web_shop', '=', shop],
    ['web_id', '=', reference],
  ]
  return client.search(Sale, saleModel, domain, saleFields, signal)
}

/** The sale with this id of Tryton's. */
export async function findSaleById(client: TrytonClient, id: number, signal?: AbortSignal) {
  const [sale] = await client.search(Sale, saleModel, [['id', '=', id]], saleFields, signal)
  return sale
}

/** From a draft to `processing`. */
export function processingSteps(
  client: TrytonClient,
  find: (signal: AbortSignal) => Promise<readonly FoundSale[]>,
): readonly Operation[] {
  const step = stepsOn(client, find, () => ({ kind: 'changed' }))
  const button = (name: string, method: string) =>
    step(name, ({ id }, stamp, signal) => press(client, { model: saleModel, id, stamp }, method, signal))
  return [
    button('quote-sales-order', 'quote'),
    button('confirm-sales-order', 'confirm'),
    // Confirming leaves the rest to a task in a transaction of its own; if that was lost, the sale stays confirmed.
    button('process-sales-order', 'process'),
  ]
}

/** How far a sale is, and what on it is not as the sales order says. */
export async function inspectSale(
  client: TrytonClient,
  { salesOrder, ids }: SalesOrderPosting,
  expected: readonly SaleLineValues[],
  sale: z.output<typeof Sale>,
): Promise<FoundDocument> {
  const lines = await client.records(SaleLine, 'sale.line', sale.lines, lineFields)
  const currency = sale['currency.'].code
  const differences = [
    ...(sale.state === 'cancelled' ? ['the sales order is cancelled'] : []),
    ...differs('customer', String(sale.party), ids.customerId),
    ...differs('currency', currency, salesOrder.currency),
    ...expected.flatMap((line) => lineDifferences(line, lines)),
    ...lines
      .filter((line) => !expected.some(({ key }) => key === line.note))
      .map((line) => `line ${line.note ?? line.id} is not in the order`),
    ...decimalDiffers('net total', asAmount(sale.untaxed_amount, currency), salesOrder.netTotal),
  ]
  return {
    document: {
      id: String(sale.id),
      number: sale.number ?? undefined,
      amount: asAmount(sale.total_amount, currency),
      currency,
      lines: lines.flatMap((line) =>
        line.note === null || line.quantity === null || isServiceKey(line.note)
          ? []
          : [{ line: line.note, quantity: line.quantity }],
      ),
    },
    done: operationsDone[sale.state],
    ...(sale._timestamp !== null && { stamp: sale._timestamp }),
    differences,
  }
}

/** What a line of a sale or a purchase is not as it should be. */
export function lineDifferences(expected: LineValues, lines: readonly z.output<typeof SaleLine>[]): readonly string[] {
  const [line, second] = lines.filter(({ note }) => note === expected.key)
  const name = `line ${expected.key}`
  if (line === undefined) return [`${name} is missing`]
  if (second !== undefined) return [`${name} is there more than once`]
  return [
    ...differs(`${name}: item`, String(line.product), String(expected.product)),
    ...decimalDiffers(`${name}: quantity`, line.quantity, expected.quantity),
    ...decimalDiffers(`${name}: unit price`, line.unit_price, expected.unitPrice),
    ...decimalDiffers(`${name}: amount`, line.amount, expected.amount),
    ...differs(`${name}: taxes`, [...line.taxes].sort().join(' '), [...expected.taxes].sort().join(' ')),
  ]
}

export function differs(what: string, is: string, should: string): readonly string[] {
  return is === should ? [] : [`${what} is ${is || 'empty'}, should be ${should || 'empty'}`]
}

export function decimalDiffers(what: string, is: string | null, should: string): readonly string[] {
  return is !== null && new Big(is).eq(should) ? [] : [`${what} is ${is ?? 'empty'}, should be ${should}`]
}
