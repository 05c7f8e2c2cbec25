import { compareDecimals, minus, sum } from './money.ts'
import type { PostedDocument, PostingStatus } from './posting.ts'
import { allocatedOf, paidOutOf } from './settlement.ts'

/** A posting of the case as the decision sees it. */
export interface PostingFacts {
  readonly kind: string
  readonly number: string
  readonly status: PostingStatus
  /** Present once it is posted. */
  readonly document?: PostedDocument | undefined
  /** The machine has come back from its branch; kept for those only that no signal stands for. */
  readonly isDone?: boolean | undefined
}

export interface LineQuantity {
  readonly line: string
  readonly quantity: string
}

/** An invoice or a credit note, and what of it is neither paid nor allocated. */
export interface OpenDocument {
  readonly number: string
  readonly amount: string
  readonly allocated: string
  readonly open: string
}

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
  const posted = postings.filter((one) => one.status === 'posted')
  const of = (kind: string) => posted.filter((one) => one.kind === kind)
  const amounts = (kind: string) => sum(of(kind).map(amountOf)).toFixed()
  const quantity = (kind: string, line: string) =>
    sum(
      of(kind).flatMap(({ document }) =>
        (document?.lines ?? []).filter((one) => one.line === line).map((one) => one.quantity),
      ),
    ).toFixed()
  const open = (kind: 'customer-invoice' | 'credit-note') =>
    of(kind).map(({ number, document }) => {
      const amount = amountOf({ kind, number, document })
      const allocated = allocatedOf(posted, kind, number)
      return { number, amount, allocated, open: minus(amount, allocated) }
    })
  const isCancelled = of('sales-order-cancellation').length > 0
  const isClosed = of('sales-order-closing').length > 0
  const hasLeft = ordered.every(
    ({ line, quantity: wanted }) => compareDecimals(quantity('goods-issue', line), wanted) >= 0,
  )
  const invoices = open('customer-invoice')
  const creditNotes = open('credit-note')
  const allocated = (documents: readonly OpenDocument[]) => sum(documents.map((one) => one.allocated)).toFixed()
  return {
    isCancelled,
    isClosed,
    hasIssued: of('goods-issue').length > 0,
    isDelivered: hasLeft || isCancelled || isClosed,
    isComplete: hasLeft || isCancelled,
    amendedTo: Math.max(0, ...of('sales-order-amendment').map(({ number }) => Number(number))),
    issued: (line) => quantity('goods-issue', line),
    returnable: (line) => minus(quantity('goods-issue', line), quantity('goods-return', line)),
    creditable: (line) => minus(quantity('goods-issue', line), quantity('credit-note', line)),
    invoiced: amounts('customer-invoice'),
    credited: amounts('credit-note'),
    invoices,
    creditNotes,
    onAccount: sum([amounts('incoming-payment'), allocated(creditNotes)])
      .minus(paidOutOf(posted))
      .minus(allocated(invoices))
      .toFixed(),
    isPosted: (kind, number) => of(kind).some((one) => one.number === number),
    amountOf: (kind, number) => of(kind).find((one) => one.number === number)?.document?.amount ?? '0',
  }
}

/** An invoice or a payment without its amount would count as nothing, and the case would end unpaid. */
function amountOf({ kind, number, document }: Pick<PostingFacts, 'kind' | 'number' | 'document'>): string {
  if (document?.amount === undefined) throw new Error(`${kind} ${number} was posted without its amount`)
  return document.amount
}
