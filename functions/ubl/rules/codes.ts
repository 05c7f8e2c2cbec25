import { all, isCharge, textAt } from '../element.ts'
import { allowanceCharges, bornCategories, everyElement, taxSubtotals, type UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'
import {
  chargeReasons,
  currencies,
  isAddress,
  isClassification,
  isExemptionReason,
  isGiver,
  isReferenceKind,
} from './code-lists.ts'
import type { Rule } from './rule.ts'
import { isCountry } from './tax.ts'
import { units } from './units.ts'

const invoiceTypes =
  '71 80 81 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388 389 390 393 394 395 456 457 458 471 472 473 500 501 527 553 575 623 633 751 780 817 870 875 876 877 935'.split(
    ' ',
  )
const creditNoteTypes = '81 83 261 262 296 308 381 396 420 458 502 503 532'.split(' ')
const allowanceReasons = '41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105'.split(' ')
const taxCategories = /^(AE|B|E|G|K|L|M|O|S|Z)$/
const mimeCodes = ['application/pdf', 'image/png', 'image/jpeg', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.oasis.opendocument.spreadsheet', 'application/xml', 'text/xml'] // biome-ignore format: a list
const named = (name: string) => (document: UblDocument) =>
  everyElement(document).filter((element) => element.name === name)
const schemes = (names: readonly string[]) => (document: UblDocument) =>
  everyElement(document).filter(({ name, attributes }) => names.includes(name) && attributes.schemeID !== undefined)

/** Code lists. The subjects of a note (BR-CL-08) alone are held by their form. */
const rows: readonly Rule[] = [
  {
    id: 'BR-CL-01',
    at: ({ root }) => [...all(root, 'cbc:InvoiceTypeCode'), ...all(root, 'cbc:CreditNoteTypeCode')],
    element: '.',
    says: 'must be a type code of UNTDID 1001 for an invoice or a credit note',
    holds: ({ text }, { kind }) => (kind === 'invoice' ? invoiceTypes : creditNoteTypes).includes(text),
  },
  {
    id: 'BR-CL-03',
    at: (document) => everyElement(document).filter(({ attributes }) => (attributes.currencyID ?? '') !== ''),
    element: './@currencyID',
    says: 'must be a currency of ISO 4217',
    holds: ({ attributes }) => currencies.has(attributes.currencyID ?? ''),
  },
  { id: 'BR-CL-04', at: 'cbc:DocumentCurrencyCode', element: '.', says: 'must be a currency of ISO 4217', holds: ({ text }) => currencies.has(text) },
  { id: 'BR-CL-05', at: 'cbc:TaxCurrencyCode', element: '.', says: 'must be a currency of ISO 4217', holds: ({ text }) => currencies.has(text) },
  { id: 'BR-CL-06', at: (document) => at(document, 'cac:InvoicePeriod', 'cbc:DescriptionCode'), element: '.', says: 'must be 3, 35 or 432: when the tax is due', holds: ({ text }) => ['3', '35', '432'].includes(text) },
  { id: 'BR-CL-07', at: (document) => scheme([...at(document, 'cac:AdditionalDocumentReference', '.'), ...at(document, 'cac:DocumentReference', '.')].filter((other) => textAt(other, 'cbc:DocumentTypeCode') === '130').flatMap((other) => all(other, 'cbc:ID'))), element: './@schemeID', says: 'must be a kind of reference of UNTDID 1153', holds: ({ attributes }) => isReferenceKind(attributes.schemeID ?? '') },
  { id: 'BR-CL-08', at: 'cbc:Note', element: '.', says: 'must have a subject of UNTDID 4451 between its first two #, if that has three letters', holds: ({ text }) => !/^[^#]*#[^#]{3}#/.test(text) || /^[^#]*#[A-Z0-9]{3}#/.test(text) },
  { id: 'BR-CL-10', at: (document) => scheme(at(document, 'cac:PartyIdentification', 'cbc:ID')), element: './@schemeID', says: 'must be a scheme of ISO/IEC 6523, or SEPA for a seller or payee', holds: ({ attributes, path }) => isGiver(attributes.schemeID ?? '') || (attributes.schemeID === 'SEPA' && /^cac:(AccountingSupplierParty|PayeeParty)\b/.test(path)) },
  { id: 'BR-CL-11', at: (document) => scheme(at(document, 'cac:PartyLegalEntity', 'cbc:CompanyID')), element: './@schemeID', says: 'must be a scheme of ISO/IEC 6523', holds: ({ attributes }) => isGiver(attributes.schemeID ?? '') },
  { id: 'BR-CL-13', at: (document) => at(document, 'cac:CommodityClassification', 'cbc:ItemClassificationCode').filter(({ attributes }) => attributes.listID !== undefined), element: './@listID', says: 'must be a classification of UNTDID 7143', holds: ({ attributes }) => isClassification(attributes.listID ?? '') },
  { id: 'BR-CL-14', at: (document) => at(document, 'cac:Country', 'cbc:IdentificationCode'), element: '.', says: 'must be a country of ISO 3166-1', holds: ({ text }) => text === '' || text === '1A' || isCountry(text) },
  { id: 'BR-CL-15', at: (document) => at(document, 'cac:OriginCountry', 'cbc:IdentificationCode'), element: '.', says: 'must be a country of ISO 3166-1', holds: ({ text }) => text === '' || text === '1A' || isCountry(text) },
  { id: 'BR-CL-16', at: 'cac:PaymentMeans/cbc:PaymentMeansCode', element: '.', says: 'must be a code of UNTDID 4461', holds: ({ text }) => /^([1-9]|[1-6]\d|7[04-8]|9[1-8]|ZZZ)$/.test(text) },
  {
    id: 'BR-CL-17',
    at: (document) => [...taxSubtotals(document).flatMap((total) => all(total, 'cac:TaxCategory/cbc:ID')), ...allowanceCharges(document).flatMap((entry) => all(entry, 'cac:TaxCategory/cbc:ID'))],
    element: '.',
    says: 'must be a tax category: AE, B, E, G, K, L, M, O, S or Z',
    holds: ({ text }) => taxCategories.test(text),
  },
  {
    id: 'BR-CL-18',
    at: (document) => bornCategories(document).filter(({ name }) => name === 'cac:ClassifiedTaxCategory').flatMap((category) => all(category, 'cbc:ID')),
    element: '.',
    says: 'must be a tax category: AE, B, E, G, K, L, M, O, S or Z',
    holds: ({ text }) => taxCategories.test(text),
  },
  { id: 'BR-CL-19', at: (document) => reasonCodes(document, false), element: '.', says: 'must be a reason of UNTDID 5189 for an allowance', holds: ({ text }) => allowanceReasons.includes(text) },
  { id: 'BR-CL-20', at: (document) => reasonCodes(document, true), element: '.', says: 'must be a reason of UNTDID 7161 for a charge', holds: ({ text }) => chargeReasons.has(text) },
  { id: 'BR-CL-21', at: (document) => scheme(at(document, 'cac:StandardItemIdentification', 'cbc:ID')), element: './@schemeID', says: 'must be a scheme of ISO/IEC 6523', holds: ({ attributes }) => isGiver(attributes.schemeID ?? '') },
  { id: 'BR-CL-22', at: named('cbc:TaxExemptionReasonCode'), element: '.', says: 'must be a code of VATEX, such as VATEX-EU-AE', holds: ({ text }) => isExemptionReason(text) },
  {
    id: 'BR-CL-23',
    at: (document) => everyElement(document).filter(({ attributes }) => (attributes.unitCode ?? '') !== ''),
    element: './@unitCode',
    says: 'must be a unit of UN/ECE Recommendation 20 or 21',
    holds: ({ attributes }) => units.has(attributes.unitCode ?? ''),
  },
  { id: 'BR-CL-24', at: named('cbc:EmbeddedDocumentBinaryObject'), element: './@mimeCode', says: 'must be a kind of file that EN 16931 allows', holds: ({ attributes }) => mimeCodes.includes(attributes.mimeCode ?? '') },
  { id: 'BR-CL-25', at: schemes(['cbc:EndpointID']), element: './@schemeID', says: 'must be a scheme of electronic addresses', holds: ({ attributes }) => isAddress(attributes.schemeID ?? '') },
  { id: 'BR-CL-26', at: (document) => scheme(at(document, 'cac:DeliveryLocation', 'cbc:ID')), element: './@schemeID', says: 'must be a scheme of ISO/IEC 6523', holds: ({ attributes }) => isGiver(attributes.schemeID ?? '') },
] // biome-ignore format: a table

/** The names under which Peppol has the same rules once more. */
const peppolNames: Readonly<Record<string, string>> = {
  'BR-CL-19': 'CL002',
  'BR-CL-20': 'CL003',
  'BR-CL-06': 'CL006',
  'BR-CL-03': 'CL007',
}
const ofPeppol = rows.flatMap((rule): Rule[] => {
  const name = peppolNames[rule.id]
  return name === undefined ? [] : [{ ...rule, id: `PEPPOL-EN16931-${name}`, isPeppol: true }]
})
export const codeRules: readonly Rule[] = [...rows, ...ofPeppol]

/** Elements of one name within those of another, wherever they stand. */
function at(document: UblDocument, within: string, name: string): readonly XmlElement[] {
  return named(within)(document).flatMap((element) => all(element, name))
}

function scheme(elements: readonly XmlElement[]): readonly XmlElement[] {
  return elements.filter(({ attributes }) => attributes.schemeID !== undefined)
}

function reasonCodes(document: UblDocument, charge: boolean) {
  return [...allowanceCharges(document), ...document.lines.flatMap((line) => all(line, 'cac:AllowanceCharge'))]
    .filter((entry) => isCharge(entry) === charge)
    .flatMap((entry) => all(entry, 'cbc:AllowanceChargeReasonCode'))
}
