import Big from 'big.js'
import type * as z from 'zod'
import type { FoundDocument, SalesOrderPosting } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { asAmount, isServiceKey, type SaleLineValues } from './mapping.ts'
import { type Sale, SaleLine } from './wire.ts'

export const saleFields = [
  '_timestamp',
  'state',
  'number',
  'party',
  'untaxed_amount',
  'total_amount',
  'lines',
  'currency.code',
]
const lineFields = ['product', 'quantity', 'unit_price', 'amount', 'note', 'taxes']
const operationsDone = { draft: 1, quotation: 2, confirmed: 3, processing: 4, done: 4, cancelled: 0 } as const

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

function lineDifferences(expected: SaleLineValues, lines: readonly z.output<typeof SaleLine>[]): readonly string[] {
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

function differs(what: string, is: string, should: string): readonly string[] {
  return is === should ? [] : [`${what} is ${is || 'empty'}, should be ${should || 'empty'}`]
}

function decimalDiffers(what: string, is: string | null, should: string): readonly string[] {
  return is !== null && new Big(is).eq(should) ? [] : [`${what} is ${is ?? 'empty'}, should be ${should}`]
}
