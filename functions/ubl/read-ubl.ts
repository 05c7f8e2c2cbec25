import type * as z from 'zod'
import { SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { canonicalOf } from './mapping.ts'
import { amountRules } from './rules/amounts.ts'
import { codeRules } from './rules/codes.ts'
import { occurrenceRules } from './rules/occurrence.ts'
import { peppolRules } from './rules/peppol.ts'
import { presenceRules } from './rules/presence.ts'
import { check, type Refusal, type Rule } from './rules/rule.ts'
import { syntaxRules } from './rules/syntax.ts'
import { taxRules } from './rules/tax.ts'
import { type UblDocument, ublDocumentOf } from './ubl-document.ts'
import { parseXml, XmlError } from './xml.ts'

/** The canonical document, or every reason why there is none. */
export type UblReading =
  | { readonly kind: 'supplier-invoice'; readonly document: SupplierInvoice }
  | { readonly kind: 'supplier-credit-note'; readonly document: SupplierCreditNote }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }

/** All rules that a document is held against; Peppol's own for documents that say to follow it. */
export const ublRules: readonly Rule[] = [
  ...syntaxRules,
  ...presenceRules,
  ...occurrenceRules,
  ...amountRules,
  ...taxRules,
  ...codeRules,
  ...peppolRules,
]

/**
 * Reads an Invoice or a CreditNote in UBL 2.1, held against EN 16931 and Peppol BIS Billing 3. Never throws for what is in it.
 * @param source its bytes; or its text, where somebody has decoded it already, whatever encoding it still declares
 */
export function readUbl(source: Uint8Array | string): UblReading {
  const xml = parsed(source)
  if ('rule' in xml) return refused([xml])
  const document = ublDocumentOf(xml)
  if (!document) {
    return refused([
      { rule: 'UBL-2.1', element: xml.name, found: '', message: 'must be an Invoice or a CreditNote of UBL 2.1' },
    ])
  }
  const refusals = ublRules.flatMap((rule) => check(rule, document))
  return refusals.length > 0 ? refused(refusals) : canonical(document)
}

function parsed(source: Uint8Array | string) {
  try {
    return parseXml(source)
  } catch (error) {
    if (error instanceof XmlError) return { rule: 'XML', element: '(document)', found: '', message: error.message }
    throw error
  }
}

const refused = (refusals: readonly Refusal[]): UblReading => ({ kind: 'refused', refusals })

function canonical(document: UblDocument): UblReading {
  const fields = canonicalOf(document)
  if (document.kind === 'invoice') {
    const invoice = SupplierInvoice.safeParse(fields)
    return invoice.success ? { kind: 'supplier-invoice', document: invoice.data } : tooMuch(document, invoice.error)
  }
  const creditNote = SupplierCreditNote.safeParse(fields)
  return creditNote.success
    ? { kind: 'supplier-credit-note', document: creditNote.data }
    : tooMuch(document, creditNote.error)
}

/** What the norm allows and the canonical document does not hold: a number of 300 characters, an amount of 30 digits. */
function tooMuch({ root }: UblDocument, error: z.ZodError): UblReading {
  return refused(
    error.issues.map(({ path, message }) => ({
      rule: 'canonical document',
      element: `${root.name}: ${path.map(String).join('.')}`,
      found: '',
      message,
    })),
  )
}
