import { compareDecimals } from '#domain/money.ts'
import type { LineQuantity } from '#domain/posted-documents.ts'
import type { PurchaseOrder, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { bookedLinesOf } from '#domain/three-way-match/booked-lines.ts'
import { payableOf } from '#domain/three-way-match/document-amounts.ts'
import { numberKeys } from '#domain/three-way-match/document-number.ts'
import { matchThreeWay } from '#domain/three-way-match/match.ts'
import type { Outcome } from '#domain/three-way-match/outcome.ts'
import type { TolerancePolicy } from '#domain/three-way-match/tolerance.ts'

/** A supplier's document of a case. */
export type CaseBill = {
  readonly isPosted: boolean
  /** Its number was used before; a person has not said that it counts all the same. */
  readonly isDuplicate: boolean
} & (
  | { readonly kind: 'supplier-invoice'; readonly document: SupplierInvoice }
  | {
      readonly kind: 'supplier-credit-note'
      readonly document: SupplierCreditNote
      /** Matched, or accepted by a person: only then it lowers what is invoiced. */
      readonly isAccepted: boolean
    }
)

/** Goods that are booked, under the number of their document. */
export interface Moved {
  readonly number: string
  readonly lines: readonly LineQuantity[]
}

/** What a match of one document looks at. */
export interface MatchInCase {
  /** As it stands in the ERP. */
  readonly order: PurchaseOrder
  readonly tolerances: TolerancePolicy
  readonly receipts: readonly Moved[]
  readonly returns: readonly Moved[]
  /** The order is closed or cancelled: nothing further arrives for it. */
  readonly isEnded: boolean
  readonly own: CaseBill
  readonly others: readonly CaseBill[]
  /** In which spelling, and where, this supplier has used the number before. */
  readonly usedBefore?: { readonly number: string; readonly where: string } | undefined
}

/** What comes of it, as it stands with the document. */
export interface MatchedInCase {
  readonly outcome: Outcome
  readonly summary: string
  readonly isBookable: boolean
  readonly payable: string
}

/**
 * Matches one supplier's document within its case. What is posted goes first, and only credit notes that are matched
 * lower what is invoiced, so that nothing is paid on the strength of a claim that nobody has checked.
 */
export function matchInCase({
  order,
  tolerances,
  receipts,
  returns,
  isEnded,
  own,
  others,
  usedBefore,
}: MatchInCase): MatchedInCase {
  const bills = [...others.filter(counts(own)), own]
  const booked = new Set<unknown>(bills.filter(({ isPosted }) => isPosted).map(({ document }) => document))
  const accepted = new Set<unknown>(bills.filter(isSettled).map(({ document }) => document))
  const input = {
    order,
    tolerances,
    receipts: receipts.map(({ number, lines }) => ({ number, lines: [...lines], final: false })),
    returns: returns.map(({ number, lines }) => ({ number, lines: [...lines] })),
    invoices: bills.flatMap((bill) => (bill.kind === 'supplier-invoice' ? [bill.document] : [])),
    creditNotes: bills.flatMap((bill) => (bill.kind === 'supplier-credit-note' ? [bill.document] : [])),
    knownNumbers: usedBefore === undefined ? [] : [usedBefore.number],
  }
  const result = matchThreeWay(input, {
    isBooked: (document) => booked.has(document),
    isAccepted: (document) => accepted.has(document),
    isEnded,
  })
  const documents = own.kind === 'supplier-invoice' ? result.invoices : result.creditNotes
  const found = documents.find(({ number }) => number === own.document.number)
  if (found === undefined) throw new Error(`The match says nothing of ${own.kind} ${own.document.number}`)
  const prepaid = prepaidOf(own.document, order)
  return {
    outcome: found.outcome === 'matched' && prepaid.length > 0 ? 'price-variance' : found.outcome,
    summary: summaryOf([...prepaid, ...found.findings.map(({ explanation }) => explanation)], usedBefore?.where),
    isBookable: prepaid.length === 0 && isBookable(own.document, order),
    payable: payableOf(own.document, order.currency),
  }
}

/** What was paid in advance, the hub did not pay: it would pay the whole invoice once more. */
function prepaidOf({ prepaid = '0' }: SupplierInvoice | SupplierCreditNote, { currency }: PurchaseOrder): string[] {
  if (compareDecimals(prepaid, '0') === 0) return []
  return [
    `It states ${prepaid} ${currency} as paid in advance, of which the hub knows nothing: book and settle it by hand.`,
  ]
}

/**
 * Whether another document of the case counts beside this one. Of two that have one number the claim on it decides, not
 * the day: the other is left out here, and this one there.
 */
function counts(own: CaseBill) {
  const keys: readonly string[] = numberKeys(own.document.number)
  return (other: CaseBill): boolean => {
    if (other.isDuplicate && !other.isPosted) return false
    if (other.kind === 'supplier-credit-note' && !other.isPosted && !other.isAccepted) return false
    if (other.kind !== own.kind || other.isPosted) return true
    return !numberKeys(other.document.number).some((key) => keys.includes(key))
  }
}

/** What it credits counts, whether it would match or not. */
function isSettled(bill: CaseBill): boolean {
  return bill.isPosted || (bill.kind === 'supplier-credit-note' && bill.isAccepted)
}

const mostFindings = 3

/** What differs, in words: as many findings as a person reads at once. */
function summaryOf(findings: readonly string[], usedIn: string | undefined): string {
  const told = findings.slice(0, mostFindings)
  const more = findings.length > mostFindings ? [`And ${findings.length - mostFindings} more.`] : []
  const where = usedIn === undefined ? [] : [`It was used in ${usedIn}.`]
  return [...told, ...where, ...more].join(' ').slice(0, 1000)
}

/** Whether an ERP could book it on this order: each line bills one of the order's, in the order's currency. */
function isBookable(document: SupplierInvoice | SupplierCreditNote, order: PurchaseOrder): boolean {
  if (document.currency !== undefined && document.currency !== order.currency) return false
  return !('unknown' in bookedLinesOf(document, order))
}
