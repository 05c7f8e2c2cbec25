import type { z } from 'zod'
import type { SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { all, decimalOf, first, isCharge, isVat, numberAt, sumAt, textAt } from './element.ts'
import { allowanceCharges, taxSubtotals, taxTotals, type UblDocument } from './ubl-document.ts'
import type { XmlElement } from './xml.ts'

const seller = 'cac:AccountingSupplierParty/cac:Party'
const totals = 'cac:LegalMonetaryTotal'

/** The canonical document as the schema is to read it: decimals stay the text that they were. */
export function canonicalOf(document: UblDocument): z.input<typeof SupplierInvoice> & z.input<typeof SupplierCreditNote> {
  const { root } = document
  const money = (name: string) => decimalOf(textAt(root, `${totals}/${name}`))
  const taxCurrency = textAt(root, 'cbc:TaxCurrencyCode')
  const [taxTotal] = taxTotals(document)
  return {
    number: oneLine(textAt(root, 'cbc:ID')) ?? '',
    supplier: supplierOf(root),
    order: reference(textAt(root, 'cac:OrderReference/cbc:ID')),
    currency: document.currency,
    issuedOn: day(textAt(root, 'cbc:IssueDate')),
    dueOn: day(textAt(root, 'cbc:DueDate') ?? textAt(root, 'cac:PaymentMeans/cbc:PaymentDueDate')),
    corrects: all(root, 'cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID').flatMap(({ text }) => oneLine(text) ?? []),
    ...freightAndSurcharges(allowanceCharges(document)),
    lines: document.lines.map((line) => lineOf(line, document)),
    taxes: taxSubtotals(document).map((subtotal) => ({
      category: textAt(subtotal, 'cac:TaxCategory/cbc:ID'),
      rate: decimalOf(textAt(subtotal, 'cac:TaxCategory/cbc:Percent')) ?? '0',
      base: decimalOf(textAt(subtotal, 'cbc:TaxableAmount')) ?? '0',
      amount: decimalOf(textAt(subtotal, 'cbc:TaxAmount')) ?? '0',
      exemptionReason: shortened(textAt(subtotal, 'cac:TaxCategory/cbc:TaxExemptionReason') ?? textAt(subtotal, 'cac:TaxCategory/cbc:TaxExemptionReasonCode')),
    })),
    netTotal: money('cbc:TaxExclusiveAmount'),
    taxTotal: taxTotal && decimalOf(textAt(taxTotal, 'cbc:TaxAmount')),
    grossTotal: money('cbc:TaxInclusiveAmount'),
    prepaid: money('cbc:PrepaidAmount'),
    rounding: money('cbc:PayableRoundingAmount'),
    payable: money('cbc:PayableAmount'),
    buyerReference: shortened(textAt(root, 'cbc:BuyerReference')),
    paymentTerms: all(root, 'cac:PaymentTerms/cbc:Note').map(({ text }) => text).join('\n').slice(0, 4000) || undefined,
    paymentReference: shortened(textAt(root, 'cac:PaymentMeans/cbc:PaymentID')),
    bankAccount: oneLine(textAt(root, 'cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID')),
    taxCurrency,
    taxTotalInTaxCurrency: decimalOf(
      all(root, 'cac:TaxTotal/cbc:TaxAmount').find(({ attributes }) => attributes.currencyID === taxCurrency)?.text,
    ),
  }
} // biome-ignore format: one field a line

/** Known by its tax number, else its legal registration, else whatever identifies it. The ERP's own id is a cross-reference. */
function supplierOf(root: XmlElement) {
  const party = first(root, seller)
  if (!party) return undefined
  const taxId = all(party, 'cac:PartyTaxScheme').find(isVat)
  const vat = taxId && textAt(taxId, 'cbc:CompanyID')
  const name = textAt(party, 'cac:PartyLegalEntity/cbc:RegistrationName') ?? textAt(party, 'cac:PartyName/cbc:Name')
  const id =
    vat ??
    textAt(party, 'cac:PartyLegalEntity/cbc:CompanyID') ??
    textAt(party, 'cac:PartyIdentification/cbc:ID') ??
    textAt(party, 'cbc:EndpointID') ??
    name
  return { id: oneLine(id) ?? '', name: shortened(name), taxId: oneLine(vat) }
}

function lineOf(line: XmlElement, { quantityName }: UblDocument) {
  const item = first(line, 'cac:Item') ?? line
  const quantity = first(line, quantityName)
  return {
    number: oneLine(textAt(line, 'cbc:ID')),
    line: reference(textAt(line, 'cac:OrderLineReference/cbc:LineID')),
    item: {
      id: oneLine(textAt(item, 'cac:BuyersItemIdentification/cbc:ID')),
      supplierItemId: oneLine(textAt(item, 'cac:SellersItemIdentification/cbc:ID')),
      gtin: oneLine(textAt(item, 'cac:StandardItemIdentification/cbc:ID')),
      name: shortened(textAt(item, 'cbc:Name')),
    },
    quantity: decimalOf(quantity?.text),
    unit: quantity?.attributes.unitCode || undefined,
    unitPrice: decimalOf(textAt(line, 'cac:Price/cbc:PriceAmount')),
    priceQuantity: positive(decimalOf(textAt(line, 'cac:Price/cbc:BaseQuantity'))),
    ...surcharges(all(line, 'cac:AllowanceCharge')),
    amount: decimalOf(textAt(line, 'cbc:LineExtensionAmount')),
    taxCategory: textAt(item, 'cac:ClassifiedTaxCategory/cbc:ID'),
    taxRate: decimalOf(textAt(item, 'cac:ClassifiedTaxCategory/cbc:Percent')),
  }
}

/** Freight service, in UNTDID 7161. */
const freightCode = 'FC'

/**
 * A negative charge is an allowance, and the other way round: the canonical document has neither below zero. The charge
 * that is coded as freight is the document's freight.
 */
function surcharges(entries: readonly XmlElement[]) {
  const mapped = entries.map((entry) => {
    const amount = decimalOf(textAt(entry, 'cbc:Amount')) ?? '0'
    return {
      isCharge: isCharge(entry) !== amount.startsWith('-'),
      surcharge: {
        amount: amount.replace('-', ''),
        reason: shortened(textAt(entry, 'cbc:AllowanceChargeReason') ?? textAt(entry, 'cbc:AllowanceChargeReasonCode')),
        taxRate: decimalOf(textAt(entry, 'cac:TaxCategory/cbc:Percent')),
      },
    }
  })
  const of = (charge: boolean) => mapped.filter((entry) => entry.isCharge === charge).map(({ surcharge }) => surcharge)
  return { charges: of(true), allowances: of(false) }
}

function isFreight(entry: XmlElement): boolean {
  return (
    isCharge(entry) &&
    textAt(entry, 'cbc:AllowanceChargeReasonCode') === freightCode &&
    !textAt(entry, 'cbc:Amount')?.startsWith('-')
  )
}

/** Freight at several rates is a charge for each, since the canonical document taxes its freight at one. */
function freightAndSurcharges(entries: readonly XmlElement[]) {
  const freight = entries.filter(isFreight)
  const rates = new Set(freight.map((entry) => rateOf(entry)))
  if (freight.length === 0 || rates.size > 1) return surcharges(entries)
  return {
    freight: sumAt(freight, 'cbc:Amount').toFixed(),
    freightTaxRate: [...rates][0],
    ...surcharges(entries.filter((entry) => !isFreight(entry))),
  }
}

/** `20.0` and `20` are one rate. */
function rateOf(entry: XmlElement): string | undefined {
  return numberAt(entry, 'cac:TaxCategory/cbc:Percent')?.toFixed()
}

/** Where a reference has to be there and there is none, Peppol writes NA, and others `n/a`. */
function reference(text: string | undefined): string | undefined {
  return /^n\/?a$/i.test(text ?? '') ? undefined : oneLine(text)
}

const positive = (decimal: string | undefined) => (decimal !== undefined && /[1-9]/.test(decimal) ? decimal : undefined)
const oneLine = (text: string | undefined) => text?.replace(/\s+/g, ' ') || undefined
/** Free text is for people; an ERP's fields are short. */
const shortened = (text: string | undefined) => oneLine(text)?.slice(0, 500)
/** XML Schema allows a time zone after a date. */
const day = (text: string | undefined) => text?.slice(0, 10)
