import { compareDecimals, minus, sum } from './money.ts'
import {
  amountOf,
  type LineQuantity,
  type OpenDocument,
  type PostingFacts,
  postedDocuments,
} from './posted-documents.ts'
import { allocatedOf, paidOutOf } from './settlement.ts'

/** What the posted documents of an order add up to. */
export interface OrderBooks {
  readonly isCancelled: boolean
  readonly isClosed: boolean
  readonly hasIssued: boolean
  /** Everything that was ordered has left, or nothing more will: no further invoice is to be expected. */
  readonly isDelivered: boolean
  /**
   * … and nobody will hear of more: an order that was closed short may still get a delivery from before that, of which
   * nobody had told.
   */
  readonly isComplete: boolean
  /** The newest version that stands in the ERP as an amendment; 0 for none. */
  readonly amendedTo: number
  /** Left, by line. */
  issued(line: string): string
  /** Left and not come back, by line. */
  returnable(line: string): string
  /** Invoiced and not credited, by line. */
  creditable(line: string): string
  readonly invoiced: string
  readonly credited: string
  readonly invoices: readonly OpenDocument[]
  readonly creditNotes: readonly OpenDocument[]
  /** The customer's money that no invoice has taken. */
  readonly onAccount: string
  isPosted(kind: string, number: string): boolean
  amountOf(kind: string, number: string): string
}

/** Reads the books of an order from its postings. */
export function booksOf(ordered: readonly LineQuantity[], postings: readonly PostingFacts[]): OrderBooks {
  const { all, of, quantity, open, newest } = postedDocuments(postings)
  const amounts = (kind: string) => sum(of(kind).map(amountOf)).toFixed()
  const openOf = (kind: 'customer-invoice' | 'credit-note') => open(kind, (number) => allocatedOf(all, kind, number))
  const isCancelled = of('sales-order-cancellation').length > 0
  const isClosed = of('sales-order-closing').length > 0
  const hasLeft = ordered.every(
    ({ line, quantity: wanted }) => compareDecimals(quantity('goods-issue', line), wanted) >= 0,
  )
  const invoices = openOf('customer-invoice')
  const creditNotes = openOf('credit-note')
  const allocated = (documents: readonly OpenDocument[]) => sum(documents.map((one) => one.allocated)).toFixed()
  return {
    isCancelled,
    isClosed,
    hasIssued: of('goods-issue').length > 0,
    isDelivered: hasLeft || isCancelled || isClosed,
    isComplete: hasLeft || isCancelled,
    amendedTo: newest('sales-order-amendment'),
    issued: (line) => quantity('goods-issue', line),
    returnable: (line) => minus(quantity('goods-issue', line), quantity('goods-return', line)),
    creditable: (line) => minus(quantity('goods-issue', line), quantity('credit-note', line)),
    invoiced: amounts('customer-invoice'),
    credited: amounts('credit-note'),
    invoices,
    creditNotes,
    onAccount: sum([amounts('incoming-payment'), allocated(creditNotes)])
      .minus(paidOutOf(all))
      .minus(allocated(invoices))
      .toFixed(),
    isPosted: (kind, number) => of(kind).some((one) => one.number === number),
    amountOf: (kind, number) => of(kind).find((one) => one.number === number)?.document?.amount ?? '0',
  }
}
