import { minus, sum } from './money.ts'
import type { PostedDocument, PostingStatus } from './posting.ts'

/** A posting of the case as the decision sees it. */
export interface PostingFacts {
  readonly kind: string
  readonly number: string
  readonly status: PostingStatus
  /** What stands of a refused one in the ERP all the same. */
  readonly standing?: { readonly operations: readonly string[] } | undefined
  /** A person has given it up. */
  readonly isFinal?: boolean | undefined
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

/** What is posted of a case, whatever it sells or buys. */
export interface PostedDocuments {
  readonly all: readonly PostingFacts[]
  of(kind: string): readonly PostingFacts[]
  /** Of one line, over all documents of the kind. */
  quantity(kind: string, line: string): string
  /** @param allocatedOf how much of the document with this number is settled */
  open(kind: string, allocatedOf: (number: string) => string): OpenDocument[]
  /** The newest version that stands in the ERP as an amendment of this kind; 0 for none. */
  newest(kind: string): number
}

export function postedDocuments(postings: readonly PostingFacts[]): PostedDocuments {
  const all = postings.filter(({ status }) => status === 'posted')
  const of = (kind: string) => all.filter((one) => one.kind === kind)
  return {
    all,
    of,
    quantity: (kind, line) =>
      sum(
        of(kind).flatMap(({ document }) =>
          (document?.lines ?? []).filter((one) => one.line === line).map((one) => one.quantity),
        ),
      ).toFixed(),
    open: (kind, allocatedOf) =>
      of(kind).map((one) => {
        const [amount, allocated] = [amountOf(one), allocatedOf(one.number)]
        return { number: one.number, amount, allocated, open: minus(amount, allocated) }
      }),
    newest: (kind) => Math.max(0, ...of(kind).map(({ number }) => Number(number))),
  }
}

/** An invoice or a payment without its amount would count as nothing, and the case would end unpaid. */
export function amountOf({ kind, number, document }: PostingFacts): string {
  if (document?.amount === undefined) throw new Error(`${kind} ${number} was posted without its amount`)
  return document.amount
}
