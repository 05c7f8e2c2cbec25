import { compareDecimals, minus, sum } from '#domain/money.ts'
import { type LineQuantity, type OpenDocument, type PostingFacts, postedDocuments } from '#domain/posted-documents.ts'
import { parseSettlement, supplierSettledOf } from '#domain/settlement.ts'

/** A line of a purchase as the decision needs it. */
export interface PurchaseLine extends LineQuantity {
  readonly isService?: boolean | undefined
  readonly isFree?: boolean | undefined
}

export type BillKind = 'supplier-invoice' | 'supplier-credit-note'

/** What the posted documents of a purchase add up to. */
export interface PurchaseBooks {
  readonly isOrdered: boolean
  readonly isCancelled: boolean
  readonly isClosed: boolean
  readonly hasReceived: boolean
  /** Everything that was ordered has arrived, or nothing more will. */
  readonly isReceived: boolean
  /** Everything that arrived and is still here is billed. */
  readonly isBilled: boolean
  readonly amendedTo: number
  received(line: string): string
  /** Arrived and not sent back. */
  kept(line: string): string
  /** Billed and not credited. */
  billed(line: string): string
  readonly invoices: readonly OpenDocument[]
  readonly creditNotes: readonly OpenDocument[]
  /** What credit notes have left on the supplier's account, and no invoice has taken. */
  readonly onAccount: string
}

/** Reads the books of a purchase from its postings. */
export function purchaseBooksOf(lines: readonly PurchaseLine[], postings: readonly PostingFacts[]): PurchaseBooks {
  const { all, of, quantity, open, newest } = postedDocuments(postings)
  const openOf = (kind: BillKind) => open(kind, (number) => supplierSettledOf(all, kind, number))
  const overAccount = (kind: BillKind) =>
    sum(
      of('supplier-payment-allocation')
        .map(({ number }) => parseSettlement(number))
        .filter((step) => step.of.startsWith(`${kind}/`))
        .map(({ amount }) => amount),
    )
  const received = (line: string) => quantity('goods-receipt', line)
  const kept = (line: string) => minus(received(line), quantity('supplier-return', line))
  const billed = (line: string) => minus(quantity('supplier-invoice', line), quantity('supplier-credit-note', line))
  const isCancelled = of('purchase-order-cancellation').length > 0
  const isClosed = of('purchase-order-closing').length > 0
  const hasArrived = lines.every(
    ({ line, quantity: ordered, isService }) => isService || compareDecimals(received(line), ordered) >= 0,
  )
  return {
    isOrdered: of('purchase-order').length > 0,
    isCancelled,
    isClosed,
    hasReceived: of('goods-receipt').length > 0,
    isReceived: hasArrived || isCancelled || isClosed,
    isBilled: lines.every(({ line, quantity: ordered, isService, isFree }) => {
      const wanted = !isService ? kept(line) : isCancelled || isClosed ? '0' : ordered
      return isFree || compareDecimals(billed(line), wanted) >= 0
    }),
    amendedTo: newest('purchase-order-amendment'),
    received,
    kept,
    billed,
    invoices: openOf('supplier-invoice'),
    creditNotes: openOf('supplier-credit-note'),
    onAccount: overAccount('supplier-credit-note').minus(overAccount('supplier-invoice')).toFixed(),
  }
}
