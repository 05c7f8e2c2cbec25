import Big from 'big.js'
import { all, isCharge, numberAt, sumAt, textAt } from '../element.ts'
import { allowanceCharges, everyElement, type UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'
import { isPeppolAddress } from './code-lists.ts'
import { hasOne, type Rule, requires } from './rule.ts'
import { isDate } from './syntax.ts'

const seller = 'cac:AccountingSupplierParty/cac:Party'
const buyer = 'cac:AccountingCustomerParty/cac:Party'
const percent = 'cbc:MultiplierFactorNumeric'
const everyEntry = (document: UblDocument) => [
  ...allowanceCharges(document),
  ...document.lines.flatMap((line) => all(line, 'cac:AllowanceCharge')),
]
const ofPrices = ({ lines }: UblDocument) => lines.flatMap((line) => all(line, 'cac:Price/cac:AllowanceCharge'))
const isGerman = ({ root }: UblDocument) =>
  [seller, buyer].every(
    (party) => textAt(root, `${party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`) === 'DE',
  )
const isWithin = (one: Big, other: Big) => one.minus(other).abs().lte('0.02')
const invoiceTypes =
  '71 80 82 84 102 218 219 326 331 380 382 383 384 386 388 393 395 553 575 623 780 817 870 875 876 877'.split(' ')
const mimeCodes = ['application/pdf', 'image/png', 'image/jpeg', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.oasis.opendocument.spreadsheet'] // biome-ignore format: a list
/** The category that a reason without tax goes with. */
const exemptions = [
  ['04', 'VATEX-EU-G', 'G'], ['05', 'VATEX-EU-O', 'O'], ['06', 'VATEX-EU-IC', 'K'], ['07', 'VATEX-EU-AE', 'AE'],
  ['08', 'VATEX-EU-D', 'E'], ['09', 'VATEX-EU-F', 'E'], ['10', 'VATEX-EU-I', 'E'], ['11', 'VATEX-EU-J', 'E'],
] as const // biome-ignore format: a table
/** Of a tax total without a breakdown, which may be in the currency of the tax authority. */
const isTaxOfTotal = (path: string) => /^cac:TaxTotal(\[\d+\])?\/cbc:TaxAmount$/.test(path)
const projects = (at: XmlElement) =>
  all(at, 'cac:AdditionalDocumentReference').filter((other) => textAt(other, 'cbc:DocumentTypeCode') === '50')

const rows: readonly Rule[] = [
  requires('PEPPOL-EN16931-R001', '.', 'cbc:ProfileID', 'must name the business process'),
  { id: 'PEPPOL-EN16931-R002', at: '.', element: 'cbc:Note', says: 'must be there once at most, unless seller and buyer are German', holds: (at, document) => all(at, 'cbc:Note').length <= 1 || isGerman(document) },
  { id: 'PEPPOL-EN16931-R003', at: '.', element: 'cbc:BuyerReference', says: 'or an order reference must be there', holds: (at) => hasOne(at, 'cbc:BuyerReference', 'cac:OrderReference/cbc:ID') },
  { id: 'PEPPOL-EN16931-R004', at: 'cbc:CustomizationID', element: '.', says: 'must be that of Peppol BIS Billing 3.0', holds: ({ text }) => /^urn:cen\.eu:en16931:2017#compliant#urn:fdc:peppol\.eu:2017:poacc:(self)?billing:3\.0/.test(text) },
  { id: 'PEPPOL-EN16931-R005', at: 'cbc:TaxCurrencyCode', element: '.', says: 'must differ from the currency of the document', holds: ({ text }, { currency }) => text !== currency },
  { id: 'PEPPOL-EN16931-R007', at: 'cbc:ProfileID', element: '.', says: 'must be urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0', holds: ({ text }) => /^urn:fdc:peppol\.eu:2017:poacc:(self)?billing:\d\d:1\.0$/.test(text) },
  { id: 'PEPPOL-EN16931-R008', at: everyElement, element: '.', says: 'must not be empty', holds: ({ text, children }) => text !== '' || children.length > 0 },
  requires('PEPPOL-EN16931-R010', buyer, 'cbc:EndpointID', 'must have the buyer’s electronic address'),
  requires('PEPPOL-EN16931-R020', seller, 'cbc:EndpointID', 'must have the seller’s electronic address'),
  {
    id: 'PEPPOL-EN16931-R040',
    at: everyEntry,
    element: 'cbc:Amount',
    says: 'must be the base amount × the percentage',
    holds: (at) => {
      const [base, rate, amount] = [numberAt(at, 'cbc:BaseAmount'), numberAt(at, percent), numberAt(at, 'cbc:Amount')]
      return !base || !rate || !amount || isWithin(amount, base.times(rate).div(100))
    },
  },
  { id: 'PEPPOL-EN16931-R041', at: everyEntry, element: 'cbc:BaseAmount', says: 'must be there with a percentage', holds: (at) => !hasOne(at, percent) || hasOne(at, 'cbc:BaseAmount') },
  { id: 'PEPPOL-EN16931-R042', at: everyEntry, element: percent, says: 'must be there with a base amount', holds: (at) => !hasOne(at, 'cbc:BaseAmount') || hasOne(at, percent) },
  { id: 'PEPPOL-EN16931-R043', at: everyEntry, element: 'cbc:ChargeIndicator', says: 'must be true or false', holds: (at) => ['true', 'false'].includes(textAt(at, 'cbc:ChargeIndicator') ?? '') },
  { id: 'PEPPOL-EN16931-R044', at: ofPrices, element: 'cbc:ChargeIndicator', says: 'must be false: a price has no charges', holds: (at) => !isCharge(at) },
  {
    id: 'PEPPOL-EN16931-R046',
    at: 'line',
    element: 'cac:Price/cbc:PriceAmount',
    says: 'must be the gross price less its allowance',
    holds: (at) => {
      const gross = numberAt(at, 'cac:Price/cac:AllowanceCharge/cbc:BaseAmount')
      const net = gross?.minus(numberAt(at, 'cac:Price/cac:AllowanceCharge/cbc:Amount') ?? 0)
      return !net || (numberAt(at, 'cac:Price/cbc:PriceAmount')?.eq(net) ?? true)
    },
  },
  {
    id: 'PEPPOL-EN16931-R051',
    at: (document) => everyElement(document).filter(({ attributes, path }) => attributes.currencyID !== undefined && !isTaxOfTotal(path)) .concat(all(document.root, 'cac:TaxTotal').filter((total) => all(total, 'cac:TaxSubtotal').length > 0).flatMap((total) => all(total, 'cbc:TaxAmount'))),
    element: './@currencyID',
    says: 'must be the currency of the document',
    holds: ({ attributes }, { currency }) => attributes.currencyID === currency,
  },
  { id: 'PEPPOL-EN16931-R053', at: '.', element: 'cac:TaxTotal', says: 'must be there once with a breakdown', holds: (at) => all(at, 'cac:TaxTotal').filter((total) => all(total, 'cac:TaxSubtotal').length > 0).length === 1 },
  { id: 'PEPPOL-EN16931-R054', at: '.', element: 'cac:TaxTotal', says: 'must be there once without a breakdown if there is a tax currency, and else not', holds: (at) => all(at, 'cac:TaxTotal').filter((total) => all(total, 'cac:TaxSubtotal').length === 0).length === (hasOne(at, 'cbc:TaxCurrencyCode') ? 1 : 0) },
  {
    id: 'PEPPOL-EN16931-R055',
    at: 'cbc:TaxCurrencyCode',
    element: '.',
    says: 'must have a tax total of the same sign as that in the currency of the document',
    holds: ({ text }, { root, currency }) => {
      const of = (code: string) => all(root, 'cac:TaxTotal').find((total) => all(total, 'cbc:TaxAmount')[0]?.attributes.currencyID === code)
      const signs = [of(text), of(currency)].map((total) => (total && numberAt(total, 'cbc:TaxAmount')) ?? new Big(0))
      return signs.every((amount) => amount.gte(0)) || signs.every((amount) => amount.lte(0))
    },
  },
  { id: 'PEPPOL-EN16931-R061', at: 'cac:PaymentMeans', element: 'cac:PaymentMandate/cbc:ID', says: 'must be there for a direct debit (49, 59)', holds: (at) => !['49', '59'].includes(textAt(at, 'cbc:PaymentMeansCode') ?? '') || hasOne(at, 'cac:PaymentMandate/cbc:ID') },
  { id: 'PEPPOL-EN16931-R080', at: ({ root, kind }) => (kind === 'credit-note' ? [root] : []), element: 'cac:AdditionalDocumentReference', says: 'must name one project (50) at most, in a credit note', holds: (at) => projects(at).length <= 1 },
  { id: 'PEPPOL-EN16931-R100', at: 'line', element: 'cac:DocumentReference', says: 'must be there once at most', holds: (at) => all(at, 'cac:DocumentReference').length <= 1 },
  { id: 'PEPPOL-EN16931-R101', at: 'line', element: 'cac:DocumentReference/cbc:DocumentTypeCode', says: 'must be 130, an invoiced object', holds: (at) => all(at, 'cac:DocumentReference').every((other) => textAt(other, 'cbc:DocumentTypeCode') === '130') },
  { id: 'PEPPOL-EN16931-R110', at: 'line', element: 'cac:InvoicePeriod/cbc:StartDate', says: 'must be within the invoice period', holds: (at, { root }) => (textAt(at, 'cac:InvoicePeriod/cbc:StartDate') ?? '9999') >= (textAt(root, 'cac:InvoicePeriod/cbc:StartDate') ?? '') },
  { id: 'PEPPOL-EN16931-R111', at: 'line', element: 'cac:InvoicePeriod/cbc:EndDate', says: 'must be within the invoice period', holds: (at, { root }) => (textAt(at, 'cac:InvoicePeriod/cbc:EndDate') ?? '') <= (textAt(root, 'cac:InvoicePeriod/cbc:EndDate') ?? '9999') },
  { id: 'PEPPOL-EN16931-R120', at: 'line', element: 'cbc:LineExtensionAmount', says: 'must be quantity × price / base quantity, plus charges less allowances of the line', holds: holdsLine },
  { id: 'PEPPOL-EN16931-R121', at: 'line', element: 'cac:Price/cbc:BaseQuantity', says: 'must be more than zero', holds: (at) => numberAt(at, 'cac:Price/cbc:BaseQuantity')?.gt(0) ?? true },
  {
    id: 'PEPPOL-EN16931-R130',
    at: 'line',
    element: 'cac:Price/cbc:BaseQuantity/@unitCode',
    says: 'must be the unit of the quantity',
    holds: (at, { quantityName }) => {
      const unit = all(at, 'cac:Price/cbc:BaseQuantity')[0]?.attributes.unitCode
      return unit === undefined || all(at, quantityName).every(({ attributes }) => attributes.unitCode === unit)
    },
  },
  { id: 'PEPPOL-EN16931-P0100', at: 'cbc:InvoiceTypeCode', element: '.', says: 'must be an invoice type that Peppol takes', holds: ({ text }, document) => !isProcess01(document) || invoiceTypes.includes(text) },
  { id: 'PEPPOL-EN16931-P0101', at: 'cbc:CreditNoteTypeCode', element: '.', says: 'must be a credit note type that Peppol takes', holds: ({ text }, document) => !isProcess01(document) || ['381', '396', '81', '83', '532'].includes(text) },
  { id: 'PEPPOL-EN16931-P0112', at: 'cbc:InvoiceTypeCode', element: '.', says: 'must not be 326 or 384, unless seller and buyer are German', holds: ({ text }, document) => !['326', '384'].includes(text) || isGerman(document) },
  ...exemptions.map(([number, code, category]): Rule => ({
    id: `PEPPOL-EN16931-P01${number}`,
    at: (document) => everyElement(document).filter((element) => element.name === 'cac:TaxCategory' && textAt(element, 'cbc:TaxExemptionReasonCode')?.toUpperCase() === code),
    element: 'cbc:ID',
    says: `must be ${category}, since ${code} is the reason`,
    holds: (at) => textAt(at, 'cbc:ID') === category,
  })),
  { id: 'PEPPOL-EN16931-CL001', at: (document) => everyElement(document).filter(({ name, attributes }) => name === 'cbc:EmbeddedDocumentBinaryObject' && attributes.mimeCode !== undefined), element: './@mimeCode', says: 'must be a kind of file that Peppol takes', holds: ({ attributes }) => mimeCodes.includes(attributes.mimeCode ?? '') },
  { id: 'PEPPOL-EN16931-CL008', at: (document) => everyElement(document).filter(({ name, attributes }) => name === 'cbc:EndpointID' && attributes.schemeID !== undefined), element: './@schemeID', says: 'must be a scheme of electronic addresses that Peppol takes', holds: ({ attributes }) => isPeppolAddress(attributes.schemeID ?? '') },
  { id: 'PEPPOL-EN16931-F001', at: (document) => everyElement(document).filter(({ name }) => /^cbc:(Issue|Due|TaxPoint|Start|End|ActualDelivery)Date$/.test(name)), element: '.', says: 'must be written YYYY-MM-DD', holds: ({ text }) => text === '' || isDate(text) },
] // biome-ignore format: a table

/** Peppol BIS Billing 3.0, for documents that say to follow it. Rules of single countries are not checked. */
export const peppolRules: readonly Rule[] = rows.map((rule) => ({ ...rule, isPeppol: true }))

function isProcess01({ root }: UblDocument): boolean {
  return textAt(root, 'cbc:ProfileID') === 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'
}

function holdsLine(line: XmlElement, { quantityName }: UblDocument): boolean {
  const stated = numberAt(line, 'cbc:LineExtensionAmount')
  const price = numberAt(line, 'cac:Price/cbc:PriceAmount')
  if (!stated || !price) return true
  const entries = all(line, 'cac:AllowanceCharge')
  const base = numberAt(line, 'cac:Price/cbc:BaseQuantity')
  const net = (numberAt(line, quantityName) ?? new Big(1))
    .times(price)
    .div(base && !base.eq(0) ? base : 1)
    .plus(sumAt(entries.filter(isCharge), 'cbc:Amount'))
    .minus(
      sumAt(
        entries.filter((entry) => !isCharge(entry)),
        'cbc:Amount',
      ),
    )
  return isWithin(stated, net)
}
