import Big from 'big.js'
import * as z from 'zod'
import { sum } from '#domain/money.ts'
import type { TrytonClient } from './client.ts'
import { type Crediting, type CreditLine, exactly } from './credit-line.ts'
import { asAmount, freightKey, roundingKey } from './mapping.ts'
import { creditable, type FoundOriginal, refuse } from './original.ts'
import type { Settings } from './settings.ts'
import { Decimal, Id, Ids, Quantity } from './wire.ts'

const BookedLine = z.object({
  id: Id,
  note: z.string().nullable(),
  description: z.string().nullable(),
  quantity: Quantity.nullable(),
  unit_price: Decimal.nullable(),
  taxes: Ids,
})
const fields = ['note', 'description', 'quantity', 'unit_price', 'taxes']

/**
 * Takes back what stands on the posted invoices less what stands on the posted credit notes, each line at its own price
 * and with its own taxes, so that no tax is left either. An amount that was credited before is a line the other way.
 */
export async function creditEverything(
  client: TrytonClient,
  settings: Settings,
  original: FoundOriginal,
  signal: AbortSignal,
): Promise<Crediting> {
  const { amount, lines: ids } = await creditable(client, original.id, signal)
  if (amount.lte(0)) throw refuse('NOTHING_TO_CREDIT', 'nothing is invoiced that is not credited already')
  const booked = await client.records(BookedLine, 'account.invoice.line', ids, fields, signal)
  // Roundings are left out: what is missing in the end is a rounding itself.
  const priced = booked.filter(({ note }) => note !== roundingKey)
  const alike = Object.groupBy(priced, ({ note, unit_price, taxes }) =>
    JSON.stringify([note, unit_price, [...taxes].sort()]),
  )
  const left = Object.values(alike).flatMap((group = []): readonly CreditLine[] => {
    const [line] = group
    const quantity = sum(group.map((one) => one.quantity ?? '0'))
    if (line === undefined || quantity.eq(0) || new Big(line.unit_price ?? '0').eq(0)) return []
    const { note, unit_price, taxes, description } = line
    return [
      {
        // A product would be asked to come back.
        service: note === freightKey ? settings.freight : settings.credit,
        key: note,
        quantity: quantity.times(-1).toFixed(),
        unitPrice: unit_price ?? '0',
        taxes,
        description: description ?? note ?? 'Credit',
      },
    ]
  })
  return {
    text: decidedText(original, asAmount(amount.toFixed(), original['currency.'].code)),
    lines: await exactly(client, settings, original, left, amount.times(-1), signal),
  }
}

/**
 * What is left changes with this very credit note, so the amount is decided when its sale is created, and stands in that
 * sale's description: a later attempt compares with that.
 */
function decidedText(original: FoundOriginal, total: string): string {
  return `everything left of ${original.reference ?? original.id}, in all ${total}`
}

/** The amount that was decided, or nothing where somebody has written another text. */
export function decidedAmount(description: string | null): string | undefined {
  return /, in all (\d+(?:\.\d+)?)$/.exec(description ?? '')?.[1]
}
