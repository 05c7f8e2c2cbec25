import Big from 'big.js'
import * as z from 'zod'
import { sum } from '#domain/money.ts'
import type { Credit, CreditNotePosting, FoundDocument } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { decidedAmount } from './credit-everything.ts'
import type { FoundInvoice } from './invoice.ts'
import { asAmount, isServiceKey } from './mapping.ts'
import { type FoundSale, operationsDone } from './sale.ts'
import { Decimal, Id, Quantity } from './wire.ts'

/** How far a credit note is, and whether it credits what its sale says and the posting asks for. */
export async function inspectCreditNote(
  client: TrytonClient,
  posting: CreditNotePosting,
  sale: FoundSale,
  [note, second]: readonly FoundInvoice[],
): Promise<FoundDocument> {
  const created = posting.credit.of === 'return' ? 0 : operationsDone[sale.state]
  const currency = sale['currency.'].code
  const Line = z.object({ id: Id, note: z.string().nullable(), quantity: Quantity, unit_price: Decimal })
  const fields = ['note', 'quantity', 'unit_price']
  const credited = await client.records(Line, 'account.invoice.line', note?.lines ?? [], fields)
  const ordered = await client.records(Line, 'sale.line', sale.lines, fields)
  const isPosted = note?.state === 'posted' || note?.state === 'paid'
  const isOurs = note?.reference === posting.reference
  const isSaleNext = posting.credit.of !== 'return' && created < processed
  const stamp = (isSaleNext ? sale : note)?._timestamp
  return {
    document: {
      id: String(note?.id ?? sale.id),
      number: note?.number ?? undefined,
      amount: asAmount(new Big(note?.total_amount ?? sale.total_amount).times(-1).toFixed(), currency),
      currency,
      lines: credited.flatMap(({ note: key, quantity }) =>
        key === null || isServiceKey(key) ? [] : [{ line: key, quantity: new Big(quantity).times(-1).toFixed() }],
      ),
    },
    done: created + (isPosted && isOurs ? 2 : isOurs ? 1 : 0),
    ...(stamp && { stamp }),
    differences: [
      ...(sale.state === 'cancelled' || note?.state === 'cancelled' ? ['the credit note is cancelled'] : []),
      ...(second === undefined ? [] : ['there is more than one credit note']),
      ...(isPosted && !isOurs ? ['the credit note was posted by someone else'] : []),
      ...(note === undefined ? [] : lineDifferences(ordered, credited)),
      ...amountDifferences(posting, sale, note ?? sale),
    ],
  }
}

/** When the sale has been processed, Tryton has drafted the credit note. */
const processed = operationsDone.processing

interface PricedQuantity {
  readonly id: number
  readonly note: string | null
  readonly quantity: string
  readonly unit_price: string
}

function lineDifferences(ordered: readonly PricedQuantity[], credited: readonly PricedQuantity[]): readonly string[] {
  return ordered.flatMap(({ id, note, quantity, unit_price }) => {
    const lines = credited.filter((one) => one.note === note && new Big(one.unit_price).eq(unit_price))
    const is = lines.map((line) => line.quantity)
    return is.some((one) => new Big(one).eq(quantity))
      ? []
      : [`line ${note ?? id}: credited are ${is[0] ?? '0'}, should be ${quantity} at ${unit_price}`]
  })
}

function amountDifferences(
  { credit }: CreditNotePosting,
  sale: FoundSale,
  { total_amount }: { readonly total_amount: string },
): readonly string[] {
  const wanted = wantedAmount(credit, sale)
  const { code } = sale['currency.']
  const is = new Big(total_amount).times(-1)
  return wanted === undefined || is.eq(wanted)
    ? []
    : [`the credit note is over ${asAmount(is.toFixed(), code)}, should be ${asAmount(wanted.toFixed(), code)}`]
}

/** What the credit note must be over, where that is known without its lines. */
function wantedAmount(credit: Credit, { description, total_amount }: FoundSale): Big | undefined {
  if (credit.of === 'amounts') return sum(credit.amounts.map(({ gross }) => gross))
  if (credit.of === 'everything') return new Big(decidedAmount(description) ?? new Big(total_amount).times(-1))
  return undefined
}
