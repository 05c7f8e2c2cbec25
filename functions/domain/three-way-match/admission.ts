import { canonicalJson } from '#domain/fingerprint.ts'
import type { PurchaseOrder, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { unknownLine } from './billed-line.ts'
import { numberRegister } from './document-number.ts'
import type { Finding } from './outcome.ts'

type Billed = SupplierInvoice | SupplierCreditNote

/** A document with what speaks against counting it at all. */
export interface Admission<T extends Billed> {
  readonly document: T
  readonly findings: readonly Finding[]
}

/** Whether a document is posted already. What is paid keeps what it took up, whatever comes after it with an earlier date. */
export type IsBooked = (document: Billed) => boolean

/**
 * The documents in the order in which they compete for what was received: by day, then number, then content, so that
 * it does not matter how they arrived; what is booked goes first. Of two with one number the first counts.
 */
export function admit<T extends Billed>(
  documents: readonly T[],
  order: PurchaseOrder,
  knownNumbers: readonly string[],
  isBooked: IsBooked = () => false,
): readonly Admission<T>[] {
  const seenBefore = numberRegister()
  for (const number of knownNumbers) seenBefore(number)
  return inCanonicalOrder(documents, isBooked).map((document) => {
    const isForeign = !isFromSupplier(document, order)
    // Another supplier's numbers are its own.
    const earlier = isForeign ? undefined : seenBefore(document.number)
    return {
      document,
      findings: [
        ...(earlier === undefined ? [] : [duplicateNumber(document.number, earlier)]),
        ...wrongCurrency(document, order),
        ...wrongOrder(document, order),
      ],
    }
  })
}

export function inCanonicalOrder<T extends Billed>(documents: readonly T[], isBooked: IsBooked): readonly T[] {
  const key = (document: T) =>
    `${isBooked(document) ? 0 : 1} ${document.issuedOn ?? '9999-12-31'} ${document.number} ${canonicalJson(document)}`
  return documents
    .map((document) => ({ document, key: key(document) }))
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ document }) => document)
}

function duplicateNumber(number: string, earlier: string): Finding {
  const spelling = number === earlier ? 'there before' : `there before as ${earlier}`
  return {
    outcome: 'duplicate-number',
    rule: 'number',
    line: null,
    documentLine: null,
    expected: 'a number that this supplier has not used',
    found: number,
    tolerance: '0',
    explanation: `The number ${number} of this supplier was ${spelling}; the document is not counted.`,
  }
}

function wrongCurrency({ currency }: Billed, order: PurchaseOrder): readonly Finding[] {
  if (currency === undefined || currency === order.currency) return []
  return [
    {
      outcome: 'wrong-currency',
      rule: 'currency',
      line: null,
      documentLine: null,
      expected: order.currency,
      found: currency,
      tolerance: '0',
      explanation: `It is in ${currency}, and order ${order.number} is in ${order.currency}; amounts are not converted.`,
    },
  ]
}

/** By the buyer's id, or by its tax number, which is all that a document in UBL says. */
function isFromSupplier({ supplier }: Billed, order: PurchaseOrder): boolean {
  if (supplier === undefined) return true
  const { id, taxId } = order.supplier
  return supplier.id === id || (taxId !== undefined && (supplier.id === taxId || supplier.taxId === taxId))
}

function wrongOrder(document: Billed, order: PurchaseOrder): readonly Finding[] {
  const { supplier, order: number } = document
  if (supplier && !isFromSupplier(document, order)) {
    return [
      unknownLine(null, order, `It comes from ${supplier.id}, and order ${order.number} went to ${order.supplier.id}.`),
    ]
  }
  if (number !== undefined && number !== order.number) {
    return [unknownLine(null, order, `It bills order ${number}, not ${order.number}.`)]
  }
  return []
}
