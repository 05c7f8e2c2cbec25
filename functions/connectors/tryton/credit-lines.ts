import Big from 'big.js'
import * as z from 'zod'
import { roundAmount, sum } from '#domain/money.ts'
import type { CreditAmount, CreditNotePosting } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { creditEverything } from './credit-everything.ts'
import { type Crediting, type CreditLine, exactly } from './credit-line.ts'
import { asAmount } from './mapping.ts'
import { creditable, type FoundOriginal, refuse } from './original.ts'
import type { Settings } from './settings.ts'
import { Decimal, Id, recordId } from './wire.ts'

const Tax = z.object({ id: Id, type: z.string(), rate: Decimal.nullable() })

/** The sale that credits what does not come back: quantities of the service CREDIT, less than nothing. */
export async function creditLines(
  client: TrytonClient,
  settings: Settings,
  { credit }: CreditNotePosting,
  original: FoundOriginal,
  signal: AbortSignal,
): Promise<Crediting> {
  const text = `credit for ${original.reference ?? original.id}`
  switch (credit.of) {
    case 'return':
      return { text, lines: [] }
    case 'lines':
      return { text, lines: credit.lines.map((line, index) => quantityLine(settings, original, line, index)) }
    case 'amounts':
      return { text, lines: await amountLines(client, settings, original, credit.amounts, signal) }
    case 'everything':
      return creditEverything(client, settings, original, signal)
  }
}

function quantityLine(
  settings: Settings,
  { orderLines }: FoundOriginal,
  { line: key, quantity }: { readonly line: string; readonly quantity: string },
  index: number,
): CreditLine {
  const line = orderLines.find((candidate) => candidate.key === key)
  if (line === undefined || new Big(quantity).gt(line.invoiced)) {
    const message = `line ${key}: ${quantity} is to be credited, but only ${line?.invoiced ?? 'nothing'} is invoiced and not yet credited`
    throw refuse('CREDIT_EXCEEDS_INVOICED', message, `lines[${index}].quantity`)
  }
  const { unitPrice, taxes, description } = line
  return {
    service: settings.credit,
    key,
    quantity: `-${quantity}`,
    unitPrice,
    taxes,
    description: description ?? key,
  }
}

/** Amounts with their taxes: net so that the tax on it comes nearest, and what is missing then on a line without tax. */
async function amountLines(
  client: TrytonClient,
  settings: Settings,
  original: FoundOriginal,
  amounts: readonly CreditAmount[],
  signal: AbortSignal,
): Promise<readonly CreditLine[]> {
  const wanted = sum(amounts.map(({ gross }) => gross))
  const { amount: left } = await creditable(client, original.id, signal)
  if (wanted.gt(left)) {
    const [much, is] = [wanted, left].map((one) => asAmount(one.toFixed(), original['currency.'].code))
    const message = `${much} is to be credited, but only ${is} is invoiced and not yet credited`
    throw refuse('CREDIT_EXCEEDS_INVOICED', message, 'amount')
  }
  const taxIds = amounts.flatMap(({ taxId }) => (taxId === undefined ? [] : [recordId(taxId)]))
  const taxes = await client.records(Tax, 'account.tax', [...new Set(taxIds)], ['type', 'rate'], signal)
  const lines = amounts.map(({ gross, taxId, text }, index): CreditLine => {
    const tax = taxes.find(({ id }) => id === Number(taxId))
    if (taxId !== undefined && tax?.type !== 'percentage') {
      throw refuse('UNKNOWN_TAX', `Tryton has no tax ${taxId} that is a percentage`, `amounts[${index}].taxId`)
    }
    const net = new Big(gross).div(new Big(1).plus(tax?.rate ?? '0'))
    return {
      service: settings.credit,
      key: `(credit ${index + 1})`,
      quantity: '-1',
      unitPrice: roundAmount(net, original['currency.'].code, 'half-even'),
      taxes: tax === undefined ? [] : [tax.id],
      description: text,
    }
  })
  return exactly(client, settings, original, lines, wanted.times(-1), signal)
}
