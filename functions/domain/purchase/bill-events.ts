import { Reference, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { Identifier, IsoDate } from '#domain/schema.ts'

const told = {
  /** The requisition's number; it wins over what the document says of the order. */
  purchaseOrder: Identifier.optional(),
  /** A supplier's own number, as far as a key and an ERP's field hold one. */
  number: Reference.max(80),
  issuedOn: IsoDate,
}

/** What a document says of the order that it is for. */
export interface NamesOrder {
  readonly purchaseOrder?: string | undefined
  readonly order?: string | undefined
  readonly buyerReference?: string | undefined
  /** Invoices of the same supplier that are for the same order. */
  readonly corrects: readonly string[]
}

/** By what names of ours a document may mean its order, the surest first. */
export function orderReferences({ purchaseOrder, order, buyerReference }: NamesOrder): readonly string[] {
  return [...new Set([purchaseOrder, order, buyerReference].flatMap((one) => one ?? []))]
}

const namesOrder = (document: NamesOrder) => orderReferences(document).length + document.corrects.length > 0
const mustNameOrder = {
  path: ['purchaseOrder'],
  message:
    'must name the purchase order, here or in order, or the invoice that is corrected (UBL: cac:OrderReference/cbc:ID, cbc:BuyerReference, cac:BillingReference)',
}

/** The number that a supplier's document has as a signal: `INV #12` would break keys. */
export const signalNumber = (number: string) => number.replaceAll('#', '-')

/** What a supplier asks to be paid, and for which order. */
export const SupplierInvoiceReceived = SupplierInvoice.extend(told).refine(namesOrder, mustNameOrder)

/** What a supplier gives back, and for which order. */
export const SupplierCreditNoteReceived = SupplierCreditNote.extend(told).refine(namesOrder, mustNameOrder)

/** The order that a document names, or what it names instead, and its own number. */
export function billNumbers(document: NamesOrder & { readonly number: string }): readonly [string, string] {
  const [reference = ''] = [...orderReferences(document), ...document.corrects]
  return [reference, signalNumber(document.number)]
}
