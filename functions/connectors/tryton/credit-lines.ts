import Big from 'big.js'
import * as z from 'zod'
import { roundAmount, sum } from '#domain/money.ts'
import type { CreditAmount, CreditNotePosting } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { roundingKey } from './mapping.ts'
import { creditable, type FoundOriginal, refuse } from './original.ts'
import type { Settings } from './settings.ts'
import { Decimal, decimal, Id, recordId } from './wire.ts'

const Tax = z.object({ id: Id, type: z.string(), rate: Decimal.nullable() })

/** The lines of a sale that credits what does not come back: quantities of the service CREDIT, less than nothing. */
export async function creditLines(
  client: TrytonClient,
  settings: Settings,
  { credit }: CreditNotePosting,
  original: FoundOriginal,
  signal: AbortSignal,
) {
  if (credit.of === 'lines') return credit.lines.map((line, index) => quantityLine(settings, original, line, index))
  if (credit.of === 'return') return []
  if (credit.of === 'everything') throw new Error('Crediting everything is not written yet')
  const wanted = sum(credit.amounts.map(({ gross }) => gross))
  const left = await creditable(client, original.id, signal)
  if (wanted.gt(left)) {
    const message = `${wanted.toFixed(2)} is to be credited, but only ${left.toFixed(2)} is invoiced and not yet credited`
    throw refuse('CREDIT_EXCEEDS_INVOICED', message, 'amount')
  }
  const taxIds = credit.amounts.flatMap(({ taxId }) => (taxId === undefined ? [] : [recordId(taxId)]))
  const taxes = await client.records(Tax, 'account.tax', [...new Set(taxIds)], ['type', 'rate'], signal)
  return amountLines(settings, credit.amounts, taxes, original['currency.'].code)
}

function quantityLine(
  settings: Settings,
  { orderLines }: FoundOriginal,
  { line: key, quantity }: { readonly line: string; readonly quantity: string },
  index: number,
) {
  const line = orderLines.find((candidate) => candidate.key === key)
  if (line === undefined || new Big(quantity).gt(line.invoiced)) {
    const message = `line ${key}: ${quantity} is to be credited, but only ${line?.invoiced ?? 'nothing'} is invoiced and not yet credited`
    throw refuse('CREDIT_EXCEEDS_INVOICED', message, `lines[${index}].quantity`)
  }
  const { unitPrice, taxes, description } = line
  return lineWire(settings.credit, key, `-${quantity}`, unitPrice, taxes, description ?? key, index)
}

/**
 * Amounts with their taxes: net so that the tax on it comes nearest, and what is missing then on a line without tax.
 * Tryton rounds the tax of each rate half to even over the whole note.
 */
function amountLines(
  { credit, rounding }: Settings,
  amounts: readonly CreditAmount[],
  taxes: readonly z.output<typeof Tax>[],
  currency: string,
) {
  const priced = amounts.map(({ gross, taxId, text }, index) => {
    const tax = taxes.find(({ id }) => id === Number(taxId))
    if (taxId !== undefined && tax?.type !== 'percentage') {
      throw refuse('UNKNOWN_TAX', `Tryton has no tax ${taxId} that is a percentage`, `amounts[${index}].taxId`)
    }
    const rate = tax?.rate ?? '0'
    return {
      text,
      tax: tax?.id,
      rate,
      net: roundAmount(new Big(gross).div(new Big(1).plus(rate)), currency, 'half-even'),
    }
  })
  const byTax = Object.values(Object.groupBy(priced, ({ tax }) => String(tax))).map((group = []) =>
    new Big(group[0]?.rate ?? '0').times(sum(group.map(({ net }) => net))),
  )
  const taxed = sum(byTax.map((tax) => roundAmount(tax, currency, 'half-even')))
  const missing = sum(amounts.map(({ gross }) => gross))
    .minus(sum(priced.map(({ net }) => net)))
    .minus(taxed)
  const lines = priced.map(({ net, tax, text }, index) =>
    lineWire(credit, `(credit ${index + 1})`, '-1', net, tax === undefined ? [] : [tax], text, index),
  )
  if (missing.eq(0)) return lines
  const price = missing.times(-1).toFixed()
  return [...lines, lineWire(rounding, roundingKey, '1', price, [], 'Rounding', lines.length)]
}

function lineWire(
  service: Settings['credit'],
  key: string,
  quantity: string,
  unitPrice: string,
  taxes: readonly number[],
  description: string,
  index: number,
) {
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
