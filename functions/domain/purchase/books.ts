import { compareDecimals, minus, sum } from '#domain/money.ts'
import type { LineQuantity, OpenDocument, PostingFacts } from '#domain/order-books.ts'
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
  const posted = postings.filter(({ status }) => status === 'posted')
  const of = (kind: string) => posted.filter((one) => one.kind === kind)
  const quantity = (kind: string, line: string) =>
    sum(
      of(kind).flatMap(({ document }) =>
        (document?.lines ?? []).filter((one) => one.line === line).map((one) => one.quantity),
      ),
    ).toFixed()
  const open = (kind: BillKind): OpenDocument[] =>
    of(kind).map(({ number, document }) => {
      if (document?.amount === undefined) throw new Error(`${kind} ${number} was posted without its amount`)
      const allocated = supplierSettledOf(posted, kind, number)
      return { number, amount: document.amount, allocated, open: minus(document.amount, allocated) }
    })
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
    amendedTo: Math.max(0, ...of('purchase-order-amendment').map(({ number }) => Number(number))),
    received,
    kept,
    billed,
    invoices: open('supplier-invoice'),
    creditNotes: open('supplier-credit-note'),
    onAccount: overAccount('supplier-credit-note').minus(overAccount('supplier-invoice')).toFixed(),
  }
}
