import * as z from 'zod'
import { BusinessError, type Owner } from '#domain/errors.ts'
import { sameDecimal, sum } from '#domain/money.ts'
import type { FoundDocument, Operation } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { asAmount, type LineValues } from './mapping.ts'
import { chosen, type OpenedEmpty, onStamped } from './opened-empty.ts'
import { isAddedKey } from './purchase-lines.ts'
import { decimalDiffers, differs, lineDifferences } from './sale.ts'
import { stampOf } from './send.ts'
import { Decimal, Id, Ids, SaleLine, SaleState, Stamped } from './wire.ts'

export const purchaseModel = 'purchase.purchase'
export const Purchase = Stamped.extend({
  state: SaleState,
  number: z.string().nullable(),
  party: Id,
  untaxed_amount: Decimal,
  total_amount: Decimal,
  lines: Ids,
  'currency.': z.object({ code: z.string() }),
})
export type FoundPurchase = z.output<typeof Purchase>
export const purchaseFields = [
  ['_timestamp', 'state', 'number', 'party'],
  ['untaxed_amount', 'total_amount', 'lines', 'currency.code'],
].flat()
const lineFields = ['product', 'quantity', 'unit_price', 'amount', 'note', 'taxes']
/** When its lines are there. */
const done = { draft: 2, quotation: 3, confirmed: 4, processing: 5, done: 5, cancelled: 0 } as const

/** How many operations bring a purchase to `processing`. */
export const purchaseSteps = done.processing

/** The purchases that bear our reference. */
export function openedPurchase(reference: string): OpenedEmpty {
  return { model: purchaseModel, domain: [['reference', '=', reference]], lines: 'lines' }
}

export async function findPurchases(client: TrytonClient, reference: string, signal?: AbortSignal) {
  const { domain } = openedPurchase(reference)
  const found = await client.search(Purchase, purchaseModel, domain, purchaseFields, signal)
  return chosen(found, ({ lines }) => lines.length === 0)
}

/** From a draft with lines to `processing`. */
export function processingPurchase(client: TrytonClient, document: string): readonly Operation[] {
  const button = (verb: string) => onStamped(client, `${verb}-${document}`, purchaseModel, verb)
  // Confirming leaves the rest to a task in a transaction of its own; if that was lost, the purchase stays confirmed.
  return [button('quote'), button('confirm'), button('process')]
}

export function purchaseDone({ state, lines }: FoundPurchase): number {
  return state === 'draft' && lines.length === 0 ? 1 : done[state]
}

/** How far a purchase is, and what on it is not as it should be. */
export async function inspectPurchase(
  client: TrytonClient,
  purchase: FoundPurchase,
  expected: { readonly supplierId: string; readonly currency: string; readonly lines: readonly LineValues[] },
): Promise<FoundDocument> {
  const lines = await client.records(SaleLine, 'purchase.line', purchase.lines, lineFields)
  const currency = purchase['currency.'].code
  const net = sum(expected.lines.map(({ amount }) => amount)).toFixed()
  const isEmpty = purchase.lines.length === 0
  return {
    document: {
      id: String(purchase.id),
      number: purchase.number ?? undefined,
      amount: asAmount(purchase.total_amount, currency),
      currency,
      lines: lines.flatMap(({ note, quantity }) =>
        note === null || quantity === null || isAddedKey(note) ? [] : [{ line: note, quantity }],
      ),
    },
    done: purchaseDone(purchase),
    stamp: stampOf([purchase]),
    differences: [
      ...(purchase.state === 'cancelled' ? ['the purchase order is cancelled'] : []),
      ...differs('supplier', String(purchase.party), expected.supplierId),
      ...differs('currency', currency, expected.currency),
      ...(isEmpty ? [] : expected.lines.flatMap((line) => lineDifferences(line, lines))),
      ...lines
        .filter(({ note }) => !expected.lines.some(({ key }) => key === note))
        .map(({ id, note }) => `line ${note ?? id} is not in the order`),
      ...(isEmpty || sameDecimal(purchase.untaxed_amount, net)
        ? []
        : decimalDiffers('net total', asAmount(purchase.untaxed_amount, currency), net)),
    ],
  }
}

export function refusePurchase(code: string, message: string, field?: string, owner: Owner = 'purchasing') {
  return new BusinessError({ code, message, field, owner }, { system: 'tryton' })
}
