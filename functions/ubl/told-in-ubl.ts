import * as z from 'zod'
import { PoisonMessageError } from '#domain/errors.ts'
import type { SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { Identifier, parse } from '#domain/schema.ts'
import { readUbl, type UblReading } from './read-ubl.ts'

/** The events that may bring their document as UBL. */
const ublEvents = ['SupplierInvoiceReceived', 'SupplierCreditNoteReceived'] as const
type UblEvent = (typeof ublEvents)[number]

/** The data of such an event: the text of the XML, and perhaps which order it is for. */
export const ToldInUbl = z.strictObject({ ubl: z.string().min(1), purchaseOrder: Identifier.optional() })

/** An event as it would have come without UBL; which of the two it is, the document says and not the publisher. */
export interface Told {
  readonly event: UblEvent
  readonly data: (SupplierInvoice | SupplierCreditNote) & { readonly purchaseOrder?: string | undefined }
}

/**
 * What an event says that brings its document in UBL; undefined for any other.
 * @param what names the event in messages
 * @throws PoisonMessageError that names each rule that the document breaks, with its element
 */
export function toldInUbl(event: string, data: unknown, what: string): Told | undefined {
  if (!ublEvents.some((one) => one === event)) return undefined
  if (typeof data !== 'object' || data === null || !('ubl' in data)) return undefined
  const { ubl, purchaseOrder } = parse(ToldInUbl, data, what)
  const reading = readUbl(ubl)
  if (reading.kind === 'refused') throw new PoisonMessageError(`${what} is refused: ${inWords(reading.refusals)}`)
  const { kind, document } = reading
  return {
    event: kind === 'supplier-invoice' ? 'SupplierInvoiceReceived' : 'SupplierCreditNoteReceived',
    data: { ...document, ...(purchaseOrder !== undefined && { purchaseOrder }) },
  }
}

const mostTold = 10

/** `BR-CO-16 cac:LegalMonetaryTotal/cbc:PayableAmount must be … (was 310.35)`, one after the other. */
export function inWords(refusals: Extract<UblReading, { kind: 'refused' }>['refusals']): string {
  const told = refusals
    .slice(0, mostTold)
    .map(({ rule, element, found, message }) => `${rule} ${element} ${message} (was ${found || 'missing'})`)
  const more = refusals.length - mostTold
  return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}
