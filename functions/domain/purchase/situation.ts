import { fingerprint } from '#domain/fingerprint.ts'
import {
  type CaseFacts,
  type NextEvent,
  refusing,
  type SignalFacts,
  type SignalName,
} from '#domain/next-event/situation.ts'
import type { PostingFacts } from '#domain/posted-documents.ts'
import type { BillKind, PurchaseBooks } from './books.ts'

/** What a row of the table of a purchase looks at. */
export interface PurchaseSituation {
  readonly facts: CaseFacts
  readonly signals: readonly SignalFacts[]
  /** The signals that are not consumed, in the order in which they happened. */
  readonly waiting: readonly SignalFacts[]
  readonly postings: readonly PostingFacts[]
  readonly books: PurchaseBooks
  /** It was cancelled before it was ordered. */
  readonly isWithdrawn: boolean
  readonly nowMs: number
}

export type PurchaseRow = (situation: PurchaseSituation) => NextEvent | undefined

/** What comes too late, what a person has declined, and what is disputed with the supplier. */
export const refusePurchase = refusing({
  change: 'PurchaseOrderChangeRefused',
  cancellation: 'PurchaseOrderCancellationRefused',
  approval: 'PurchaseRequisitionDeclined',
  'supplier-invoice': 'SupplierInvoiceDisputed',
  'supplier-credit-note': 'SupplierInvoiceDisputed',
})

/** The signal that a posting of a purchase belongs to. */
export function purchaseSignalOf(kind: string, number: string): SignalName | undefined {
  switch (kind) {
    case 'goods-receipt':
    case 'supplier-return':
    case 'supplier-invoice':
    case 'supplier-credit-note':
      return { kind, number }
    case 'purchase-order-amendment':
      return { kind: 'change', number }
    case 'purchase-order-cancellation':
      return { kind: 'cancellation', number }
    case 'purchase-order-closing':
      return { kind: 'closing', number }
    default:
      return undefined
  }
}

export function isBill({ kind }: SignalFacts): boolean {
  return kind === 'supplier-invoice' || kind === 'supplier-credit-note'
}

/**
 * Names a supplier's document of a case: `supplier-invoice/INV-1`.
 * @throws Error when it names none
 */
export function billNamed(name: string): { readonly kind: BillKind; readonly number: string } {
  const kind = billKinds.find((one) => name.startsWith(`${one}/`))
  if (kind === undefined) throw new Error(`${name} names no document of a supplier`)
  return { kind, number: name.slice(kind.length + 1) }
}

const billKinds = ['supplier-invoice', 'supplier-credit-note'] as const satisfies readonly BillKind[]
const isBillKind = (kind: string) => billKinds.some((one) => one === kind)
/** After the end of an order nothing further arrives for it. */
const goodsKinds = ['goods-receipt', 'supplier-return', 'purchase-order-closing', 'purchase-order-cancellation']

/** What a match has looked at: when anything of it changes, it is made again, in whichever order the documents came. */
export function matchBasis(
  version: number,
  signals: readonly Pick<SignalFacts, 'kind' | 'number' | 'refusal'>[],
  postings: readonly Pick<PostingFacts, 'kind' | 'number' | 'status'>[],
): string {
  const posted = postings
    .filter(({ kind, status }) => status === 'posted' && (goodsKinds.includes(kind) || isBillKind(kind)))
    .map(({ kind, number }) => `posted ${kind}/${number}`)
  const told = signals
    .filter(({ kind, refusal }) => isBillKind(kind) && refusal === undefined)
    .map(({ kind, number }) => `told ${kind}/${number}`)
  return fingerprint([version, ...[...posted, ...told].sort()]).slice(0, 16)
}
