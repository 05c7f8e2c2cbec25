import { all, isCharge } from '../element.ts'
import { allowanceCharges, bornCategories, everyElement, taxSubtotals, type UblDocument } from '../ubl-document.ts'
import type { Rule } from './rule.ts'
import { isCountry } from './tax.ts'

const invoiceTypes =
  '71 80 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388 389 390 393 394 395 456 457 458 527 553 575 623 633 751 780 817 870 875 876 877 935'.split(
    ' ',
  )
const creditNoteTypes = '81 83 261 262 296 308 381 396 420 458 502 503 532'.split(' ')
const mimeCodes = ['application/pdf', 'image/png', 'image/jpeg', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.oasis.opendocument.spreadsheet', 'application/xml', 'text/xml'] // biome-ignore format: a list
const currencies: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf('currency'),
  'XTS',
  'XXX',
  'ZWG',
  'XCG',
  'SLE',
  'VED',
])

const named = (name: string) => (document: UblDocument) =>
  everyElement(document).filter((element) => element.name === name)
const schemes = (names: readonly string[]) => (document: UblDocument) =>
  everyElement(document).filter(({ name, attributes }) => names.includes(name) && attributes.schemeID !== undefined)

/** Code lists: whole where they are short, and by their form where they have thousands of codes. */
export const codeRules: readonly Rule[] = [
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
  { id: 'BR-CL-14', at: named('cbc:IdentificationCode'), element: '.', says: 'must be a country of ISO 3166-1', holds: ({ text }) => text === '' || text === '1A' || isCountry(text) },
  { id: 'BR-CL-16', at: 'cac:PaymentMeans/cbc:PaymentMeansCode', element: '.', says: 'must be a code of UNTDID 4461', holds: ({ text }) => /^([1-9]|[1-8]\d|9[0-8]|ZZZ)$/.test(text) },
  {
    id: 'BR-CL-17',
    at: (document) => [...taxSubtotals(document).flatMap((total) => all(total, 'cac:TaxCategory/cbc:ID')), ...allowanceCharges(document).flatMap((entry) => all(entry, 'cac:TaxCategory/cbc:ID'))],
    element: '.',
    says: 'must be a tax category: AE, E, G, K, L, M, O, S or Z',
    holds: ({ text }) => /^(AE|E|G|K|L|M|O|S|Z)$/.test(text),
  },
  {
    id: 'BR-CL-18',
    at: (document) => bornCategories(document).filter(({ name }) => name === 'cac:ClassifiedTaxCategory').flatMap((category) => all(category, 'cbc:ID')),
    element: '.',
    says: 'must be a tax category: AE, E, G, K, L, M, O, S or Z',
    holds: ({ text }) => /^(AE|E|G|K|L|M|O|S|Z)$/.test(text),
  },
  { id: 'BR-CL-19', at: (document) => reasonCodes(document, false), element: '.', says: 'must be a reason of UNTDID 5189 for an allowance', holds: ({ text }) => /^\d{1,3}$/.test(text) },
  { id: 'BR-CL-20', at: (document) => reasonCodes(document, true), element: '.', says: 'must be a reason of UNTDID 7161 for a charge', holds: ({ text }) => /^[A-Z][A-Z0-9]{1,2}$/.test(text) },
  {
    id: 'BR-CL-23',
    at: (document) => everyElement(document).filter(({ attributes }) => (attributes.unitCode ?? '') !== ''),
    element: './@unitCode',
    says: 'must be a unit of UN/ECE Recommendation 20 or 21',
    holds: ({ attributes }) => /^[A-Z0-9]{1,3}$/.test(attributes.unitCode ?? ''),
  },
  { id: 'BR-CL-24', at: named('cbc:EmbeddedDocumentBinaryObject'), element: './@mimeCode', says: 'must be a kind of file that EN 16931 allows', holds: ({ attributes }) => mimeCodes.includes(attributes.mimeCode ?? '') },
  { id: 'BR-CL-25', at: schemes(['cbc:EndpointID']), element: './@schemeID', says: 'must be a scheme of electronic addresses', holds: ({ attributes }) => /^(\d{4}|AN|AQ|AS|AU|EM)$/.test(attributes.schemeID ?? '') },
] // biome-ignore format: a table

function reasonCodes(document: UblDocument, charge: boolean) {
  return [...allowanceCharges(document), ...document.lines.flatMap((line) => all(line, 'cac:AllowanceCharge'))]
    .filter((entry) => isCharge(entry) === charge)
    .flatMap((entry) => all(entry, 'cbc:AllowanceChargeReasonCode'))
}
