import { all, descendants, textAt } from './element.ts'
import type { XmlElement } from './xml.ts'

/** An invoice or a credit note in UBL, with what the rules ask of it again and again. */
export interface UblDocument {
  readonly root: XmlElement
  /** The root and everything below; gathered once, since many rules go through all of it. */
  readonly elements: readonly XmlElement[]
  readonly kind: 'invoice' | 'credit-note'
  readonly lines: readonly XmlElement[]
  /** `cbc:InvoicedQuantity` or `cbc:CreditedQuantity`. */
  readonly quantityName: string
  readonly lineName: string
  readonly currency: string
  /** Whether it says to follow Peppol BIS Billing 3; else EN 16931 alone holds. */
  readonly isPeppol: boolean
}

const kinds: Readonly<Record<string, UblDocument['kind']>> = { Invoice: 'invoice', CreditNote: 'credit-note' }

/** The document itself, also from within an envelope such as SBDH; undefined where there is none. */
export function ublDocumentOf(xml: XmlElement): UblDocument | undefined {
  const found = [xml, ...xml.children].find(({ name }) => Object.hasOwn(kinds, name))
  const kind = found && kinds[found.name]
  if (!found || !kind) return undefined
  const root = found === xml ? found : withoutEnvelope(found)
  const lineName = kind === 'invoice' ? 'cac:InvoiceLine' : 'cac:CreditNoteLine'
  return {
    root,
    elements: descendants(root),
    kind,
    lineName,
    lines: all(root, lineName),
    quantityName: kind === 'invoice' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity',
    currency: textAt(root, 'cbc:DocumentCurrencyCode') ?? '',
    isPeppol: saysPeppol(root),
  }
}

/** XRechnung names Peppol's process too, and a specification of its own after a `#`. */
function saysPeppol(root: XmlElement): boolean {
  const specification = textAt(root, 'cbc:CustomizationID') ?? ''
  const process = textAt(root, 'cbc:ProfileID') ?? ''
  return specification.includes('peppol') || (process.includes('peppol') && !specification.includes('#'))
}

/** Paths are seen from the document, not from its envelope. */
function withoutEnvelope(root: XmlElement): XmlElement {
  const cut = root.path.length + 1
  const shorten = (element: XmlElement): XmlElement => ({
    ...element,
    path: element.path.slice(cut),
    children: element.children.map(shorten),
  })
  return { ...root, path: '', children: root.children.map(shorten) }
}

/** Allowances and charges of the document as a whole. */
export function allowanceCharges({ root }: UblDocument): readonly XmlElement[] {
  return all(root, 'cac:AllowanceCharge')
}

/** The tax total with its breakdown, in the document's currency. */
export function taxTotals({ root, currency }: UblDocument): readonly XmlElement[] {
  return all(root, 'cac:TaxTotal').filter((total) => all(total, 'cbc:TaxAmount')[0]?.attributes.currencyID === currency)
}

/** The breakdown; one in the currency of the tax authority says the same once more. */
export function taxSubtotals({ root, currency }: UblDocument): readonly XmlElement[] {
  const taxCurrency = textAt(root, 'cbc:TaxCurrencyCode')
  return all(root, 'cac:TaxTotal')
    .filter((total) => {
      const own = all(total, 'cbc:TaxAmount')[0]?.attributes.currencyID
      return own === currency || own !== taxCurrency
    })
    .flatMap((total) => all(total, 'cac:TaxSubtotal'))
}

/** Every tax category that a line, an allowance or a charge bears. */
export function bornCategories(document: UblDocument): readonly XmlElement[] {
  return [
    ...document.lines.flatMap((line) => all(line, 'cac:Item/cac:ClassifiedTaxCategory')),
    ...allowanceCharges(document).flatMap((entry) => all(entry, 'cac:TaxCategory')),
  ]
}

export function everyElement({ elements }: UblDocument): readonly XmlElement[] {
  return elements
}
