import Big from 'big.js'
import * as z from 'zod'
import { roundAmount } from '#domain/money.ts'
import type { TrytonClient } from './client.ts'
import { roundingKey } from './mapping.ts'
import type { FoundOriginal } from './original.ts'
import type { ServiceItem, Settings } from './settings.ts'
import { Decimal, decimal } from './wire.ts'

/** A line of a sale that credits: a quantity of a service, less than nothing where it takes back. */
export interface CreditLine {
  readonly service: ServiceItem
  readonly key: string | null
  readonly quantity: string
  readonly unitPrice: string
  readonly taxes: readonly number[]
  readonly description: string
}

/** What a credit note's own sale is for. */
export interface Crediting {
  readonly text: string
  readonly lines: readonly CreditLine[]
}

/** The line as Tryton takes it. */
export function creditLineWire({ service, key, quantity, unitPrice, taxes, description }: CreditLine, index: number) {
  return {
    type: 'line',
    sequence: index + 1,
    product: service.product,
    unit: service.unit,
    quantity: Number(quantity),
    unit_price: decimal(unitPrice),
    note: key,
    description,
    ...(taxes.length > 0 && { taxes: [['add', taxes]] }),
  }
}

/** The lines, and what they miss to the total on a line without tax. */
export async function exactly(
  client: TrytonClient,
  { rounding }: Settings,
  original: FoundOriginal,
  lines: readonly CreditLine[],
  total: Big,
  signal: AbortSignal,
): Promise<readonly CreditLine[]> {
  const missing = total.minus(await totalOf(client, original, lines, signal))
  if (missing.eq(0)) return lines
  const price = missing.toFixed()
  return [
    ...lines,
    { service: rounding, key: roundingKey, quantity: '1', unitPrice: price, taxes: [], description: 'Rounding' },
  ]
}

/**
 * The total that Tryton will make of these lines, computed by itself without writing anything: it rounds taxes over the
 * whole document and spreads what that leaves (trytond-account, `_round_taxes`), which is not for us to repeat.
 */
async function totalOf(
  client: TrytonClient,
  original: FoundOriginal,
  lines: readonly CreditLine[],
  signal: AbortSignal,
): Promise<string> {
  const currency = original['currency.'].code
  const sale = {
    company: original.company,
    party: original.party,
    currency: original.currency,
    lines: lines.map(({ service, quantity, unitPrice, taxes }) => ({
      type: 'line',
      product: service.product,
      unit: service.unit,
      quantity: Number(quantity),
      unit_price: decimal(unitPrice),
      taxes,
      amount: decimal(roundAmount(new Big(quantity).times(unitPrice), currency, 'half-even')),
    })),
  }
  const Totals = z.object({ total_amount: Decimal })
  return (await client.read(Totals, 'model.sale.sale.on_change', [sale, ['lines']], { signal })).total_amount
}
