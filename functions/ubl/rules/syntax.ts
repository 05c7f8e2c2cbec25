import { all, decimalOf, textAt } from '../element.ts'
import { everyElement, type UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'
import type { Rule } from './rule.ts'

const named = (pattern: RegExp) => (document: UblDocument) =>
  everyElement(document).filter(({ name, children }) => pattern.test(name) && children.length === 0)

/** What there may be one of: of two, one would be passed over in silence. */
const single = {
  document: ['cbc:CustomizationID', 'cbc:ProfileID', 'cbc:ID', 'cbc:IssueDate', 'cbc:DueDate', 'cbc:DocumentCurrencyCode', 'cbc:TaxCurrencyCode', 'cac:OrderReference', 'cac:LegalMonetaryTotal', 'cac:AccountingSupplierParty', 'cac:AccountingCustomerParty'],
  line: ['cbc:ID', 'cbc:InvoicedQuantity', 'cbc:CreditedQuantity', 'cbc:LineExtensionAmount', 'cac:Item', 'cac:Price'],
  total: ['cbc:LineExtensionAmount', 'cbc:TaxExclusiveAmount', 'cbc:TaxInclusiveAmount', 'cbc:AllowanceTotalAmount', 'cbc:ChargeTotalAmount', 'cbc:PrepaidAmount', 'cbc:PayableRoundingAmount', 'cbc:PayableAmount'],
} as const // biome-ignore format: a table

function repeated(element: XmlElement, names: readonly string[]): readonly XmlElement[] {
  return names.flatMap((name) => all(element, name).slice(1))
}

/** What the UBL 2.1 schema asks of single values. The other rules count on it. */
export const syntaxRules: readonly Rule[] = [
  {
    id: 'UBL-2.1-decimal',
    at: named(/^cbc:(\w*(Amount|Quantity)|Percent|MultiplierFactorNumeric)$/),
    element: '.',
    says: 'must be a decimal number, such as 12 or 9.80',
    holds: ({ text }) => text === '' || (decimalOf(text)?.length ?? 99) <= 40,
  },
  {
    id: 'UBL-2.1-date',
    at: named(/^cbc:\w*Date$/),
    element: '.',
    says: 'must be a date, such as 2026-11-24',
    holds: ({ text }) => text === '' || isDate(text.replace(/(Z|[+-]\d\d:\d\d)$/, '')),
  },
  {
    id: 'UBL-2.1-boolean',
    at: named(/^cbc:ChargeIndicator$/),
    element: '.',
    says: 'must be true or false',
    holds: ({ text }) => ['true', 'false', '1', '0'].includes(text),
  },
  {
    id: 'UBL-2.1-charge-indicator',
    at: (document) => everyElement(document).filter(({ name }) => name === 'cac:AllowanceCharge'),
    element: 'cbc:ChargeIndicator',
    says: 'must say whether it is a charge or an allowance',
    holds: (at) => textAt(at, 'cbc:ChargeIndicator') !== undefined,
  },
  {
    id: 'UBL-2.1-currency',
    at: named(/^cbc:\w*Amount$/),
    element: './@currencyID',
    says: 'must have a currency',
    holds: ({ attributes }) => (attributes.currencyID ?? '') !== '',
  },
  {
    id: 'UBL-2.1-once',
    at: ({ root, lines }) => [
      ...repeated(root, single.document),
      ...lines.flatMap((line) => repeated(line, single.line)),
      ...all(root, 'cac:LegalMonetaryTotal').flatMap((total) => repeated(total, single.total)),
    ],
    element: '.',
    says: 'must be there once',
    holds: () => false,
  },
]

/** A day of the calendar, written `2026-11-24`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
