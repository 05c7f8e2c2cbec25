import { all, isCharge, isVat, textAt } from '../element.ts'
import { allowanceCharges, taxSubtotals, type UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'
import { hasOne, type Rule, requires } from './rule.ts'

const seller = 'cac:AccountingSupplierParty/cac:Party'
const buyer = 'cac:AccountingCustomerParty/cac:Party'
const totals = 'cac:LegalMonetaryTotal'
const country = 'cac:Country/cbc:IdentificationCode'
const reason = ['cbc:AllowanceChargeReason', 'cbc:AllowanceChargeReasonCode'] as const
const allowances = (document: UblDocument) => allowanceCharges(document).filter((entry) => !isCharge(entry))
const charges = (document: UblDocument) => allowanceCharges(document).filter(isCharge)
const ofLines = (charge: boolean) => (document: UblDocument) =>
  document.lines.flatMap((line) => all(line, 'cac:AllowanceCharge')).filter((entry) => isCharge(entry) === charge)
const isTransfer = (means: XmlElement) => ['30', '58'].includes(textAt(means, 'cbc:PaymentMeansCode') ?? '')
const accountsOfTransfers = ({ root }: UblDocument) =>
  all(root, 'cac:PaymentMeans')
    .filter(isTransfer)
    .flatMap((means) => all(means, 'cac:PayeeFinancialAccount'))
const typeCodes = ['cbc:InvoiceTypeCode', 'cbc:CreditNoteTypeCode'] as const

const rows: readonly Rule[] = [
  requires('BR-01', '.', 'cbc:CustomizationID', 'must name the specification that it follows'),
  requires('BR-02', '.', 'cbc:ID', 'must have a number'),
  requires('BR-03', '.', 'cbc:IssueDate', 'must have an issue date'),
  { id: 'BR-04', at: '.', element: typeCodes[0], says: 'must have a type code', holds: (at) => hasOne(at, ...typeCodes) },
  requires('BR-05', '.', 'cbc:DocumentCurrencyCode', 'must have a currency'),
  requires('BR-06', '.', `${seller}/cac:PartyLegalEntity/cbc:RegistrationName`, 'must name the seller'),
  requires('BR-07', '.', `${buyer}/cac:PartyLegalEntity/cbc:RegistrationName`, 'must name the buyer'),
  requires('BR-08', '.', `${seller}/cac:PostalAddress`, 'must have the seller’s address'),
  requires('BR-09', `${seller}/cac:PostalAddress`, country, 'must have the seller’s country'),
  requires('BR-10', '.', `${buyer}/cac:PostalAddress`, 'must have the buyer’s address'),
  requires('BR-11', `${buyer}/cac:PostalAddress`, country, 'must have the buyer’s country'),
  requires('BR-12', '.', `${totals}/cbc:LineExtensionAmount`, 'must have the sum of the lines'),
  requires('BR-13', '.', `${totals}/cbc:TaxExclusiveAmount`, 'must have the total without tax'),
  requires('BR-14', '.', `${totals}/cbc:TaxInclusiveAmount`, 'must have the total with tax'),
  requires('BR-15', '.', `${totals}/cbc:PayableAmount`, 'must have the amount to be paid'),
  requires('BR-16', '.', 'LINE', 'must have at least one line'),
  { id: 'BR-17', at: 'cac:PayeeParty', element: 'cac:PartyName/cbc:Name', says: 'must name the payee, if that is not the seller', holds: (at, { root }) => hasOne(at, 'cac:PartyName/cbc:Name') && !isSeller(at, root) },
  requires('BR-18', 'cac:TaxRepresentativeParty', 'cac:PartyName/cbc:Name', 'must name the tax representative'),
  requires('BR-19', 'cac:TaxRepresentativeParty', 'cac:PostalAddress', 'must have the tax representative’s address'),
  requires('BR-20', 'cac:TaxRepresentativeParty/cac:PostalAddress', country, 'must have a country'),
  requires('BR-21', 'line', 'cbc:ID', 'must have a line number'),
  requires('BR-22', 'line', 'QUANTITY', 'must have a quantity'),
  {
    id: 'BR-23',
    at: 'line',
    element: 'QUANTITY/@unitCode',
    says: 'must have a unit',
    holds: (at, { quantityName }) => all(at, quantityName).some(({ attributes }) => (attributes.unitCode ?? '') !== ''),
  },
  requires('BR-24', 'line', 'cbc:LineExtensionAmount', 'must have a net amount'),
  requires('BR-25', 'line', 'cac:Item/cbc:Name', 'must name the item'),
  requires('BR-26', 'line', 'cac:Price/cbc:PriceAmount', 'must have a price'),
  ofVat('BR-CO-04', 'line', 'cac:Item/cac:ClassifiedTaxCategory', 'cbc:ID', 'must have a tax category'),
  requires('BR-31', allowances, 'cbc:Amount', 'must have an amount'),
  ofVat('BR-32', allowances, 'cac:TaxCategory', 'cbc:ID', 'must have a tax category'),
  { id: 'BR-33', at: allowances, element: reason[0], says: 'must have a reason or its code', holds: (at) => hasOne(at, ...reason) },
  requires('BR-36', charges, 'cbc:Amount', 'must have an amount'),
  ofVat('BR-37', charges, 'cac:TaxCategory', 'cbc:ID', 'must have a tax category'),
  { id: 'BR-38', at: charges, element: reason[0], says: 'must have a reason or its code', holds: (at) => hasOne(at, ...reason) },
  requires('BR-41', ofLines(false), 'cbc:Amount', 'must have an amount'),
  { id: 'BR-42', at: ofLines(false), element: reason[0], says: 'must have a reason or its code', holds: (at) => hasOne(at, ...reason) },
  requires('BR-43', ofLines(true), 'cbc:Amount', 'must have an amount'),
  { id: 'BR-44', at: ofLines(true), element: reason[0], says: 'must have a reason or its code', holds: (at) => hasOne(at, ...reason) },
  requires('BR-45', taxSubtotals, 'cbc:TaxableAmount', 'must have the amount that is taxed'),
  requires('BR-46', taxSubtotals, 'cbc:TaxAmount', 'must have the tax'),
  ofVat('BR-47', taxSubtotals, 'cac:TaxCategory', 'cbc:ID', 'must have a tax category'),
  {
    id: 'BR-48',
    at: taxSubtotals,
    element: 'cac:TaxCategory/cbc:Percent',
    says: 'must have a rate, unless it is outside the scope of tax',
    holds: (at) => all(at, 'cac:TaxCategory').some((category) => isVat(category) && (textAt(category, 'cbc:ID') === 'O' || hasOne(category, 'cbc:Percent'))),
  },
  requires('BR-49', 'cac:PaymentMeans', 'cbc:PaymentMeansCode', 'must have a code of how to pay'),
  requires('BR-50', accountsOfTransfers, 'cbc:ID', 'must have the number of the account, for a credit transfer (30, 58)'),
  requires('BR-52', 'cac:AdditionalDocumentReference', 'cbc:ID', 'must name the document'),
  {
    id: 'BR-53',
    at: 'cbc:TaxCurrencyCode',
    element: '.',
    says: 'must be the currency of one of the tax totals',
    holds: ({ text }, { root }) =>
      all(root, 'cac:TaxTotal/cbc:TaxAmount').some(({ attributes }) => attributes.currencyID === text),
  },
  {
    id: 'BR-54',
    at: ({ lines }) => lines.flatMap((line) => all(line, 'cac:Item/cac:AdditionalItemProperty')),
    element: 'cbc:Value',
    says: 'must have a name and a value',
    holds: (at) => hasOne(at, 'cbc:Name') && hasOne(at, 'cbc:Value'),
  },
  requires('BR-55', 'cac:BillingReference', 'cac:InvoiceDocumentReference/cbc:ID', 'must name the invoice that is corrected'),
  ofVat('BR-56', 'cac:TaxRepresentativeParty', 'cac:PartyTaxScheme', 'cbc:CompanyID', 'must have the tax representative’s tax number'),
  requires('BR-57', 'cac:Delivery/cac:DeliveryLocation/cac:Address', country, 'must have the country of the delivery'),
  {
    id: 'BR-61',
    at: 'cac:PaymentMeans',
    element: 'cac:PayeeFinancialAccount/cbc:ID',
    says: 'must have an account for a credit transfer (30, 58)',
    holds: (at) =>
      !isTransfer(at) || hasOne(at, 'cac:PayeeFinancialAccount/cbc:ID'),
  },
  requires('BR-62', seller, 'cbc:EndpointID/@schemeID', 'must have a scheme'),
  requires('BR-63', buyer, 'cbc:EndpointID/@schemeID', 'must have a scheme'),
  requires('BR-64', 'line', 'cac:Item/cac:StandardItemIdentification/cbc:ID/@schemeID', 'must have a scheme'),
  requires('BR-65', 'line', 'cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode/@listID', 'must have a list'),
  {
    id: 'BR-CO-26',
    at: 'cac:AccountingSupplierParty',
    element: 'cac:Party',
    says: 'must have an identifier of the seller: VAT number, legal registration or another',
    holds: (at) =>
      hasOne(at, 'cac:Party/cac:PartyIdentification/cbc:ID', 'cac:Party/cac:PartyLegalEntity/cbc:CompanyID') ||
      all(at, 'cac:Party/cac:PartyTaxScheme').some((scheme) => isVat(scheme) && hasOne(scheme, 'cbc:CompanyID')),
  },
  {
    id: 'BR-CO-03',
    at: '.',
    element: 'cbc:TaxPointDate',
    says: 'must not have both a tax point date and a code for it',
    holds: (at) => !(hasOne(at, 'cbc:TaxPointDate') && hasOne(at, 'cac:InvoicePeriod/cbc:DescriptionCode')),
  },
] // biome-ignore format: a table

/** Whether a payee is the seller once more, by a name or a number. */
function isSeller(payee: XmlElement, root: XmlElement): boolean {
  return ['cac:PartyName/cbc:Name', 'cac:PartyIdentification/cbc:ID'].some((path) => {
    const ofSeller = new Set(all(root, `${seller}/${path}`).map(({ text }) => text))
    return all(payee, path).some(({ text }) => ofSeller.has(text))
  })
}

/** What has to be of VAT: `cac:TaxScheme/cbc:ID` says so. */
function ofVat(id: string, at: Rule['at'], bearer: string, element: string, says: string): Rule {
  return {
    id,
    at,
    element: `${bearer}/${element}`,
    says: `${says}, in the scheme VAT`,
    holds: (place) => all(place, bearer).some((found) => isVat(found) && hasOne(found, element)),
  }
}

/** Rules that EN 16931 has twice, by their other name. */
const otherNames: Readonly<Record<string, string>> = {
  'BR-33': 'BR-CO-21',
  'BR-38': 'BR-CO-22',
  'BR-42': 'BR-CO-23',
  'BR-44': 'BR-CO-24',
}
/** What a document must have: BR-01 to BR-65 of EN 16931. */
export const presenceRules: readonly Rule[] = rows.flatMap((rule) => {
  const other = otherNames[rule.id]
  return other === undefined ? [rule] : [rule, { ...rule, id: other }]
})
