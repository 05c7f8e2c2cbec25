import { decimalOf, textAt } from '../element.ts'
import { everyElement, type UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'
import type { Rule } from './rule.ts'

const named = (pattern: RegExp) => (document: UblDocument) =>
  everyElement(document).filter(({ name, children }) => pattern.test(name) && children.length === 0)

/** What UBL takes more than once; every other value it takes once. */
const repeatable = new Set(
  'AdditionalAccountID AdditionalInformation AllowanceChargeReason BrandName Conditions Description DescriptionCode DocumentDescription ExemptionReason InstructionNote Keyword ListValue ModelName Note PaymentID PaymentMeansID PaymentNote PriceChangeReason TaxExemptionReason ValueQualifier XPath'.split(
    ' ',
  ),
)
/** The groups that it takes once, of those that EN 16931 has. */
const single = new Set(
  'AccountingSupplierParty AccountingCustomerParty PayeeParty TaxRepresentativeParty Party PostalAddress Address Country TaxScheme Contact LegalMonetaryTotal Item Price BuyersItemIdentification SellersItemIdentification StandardItemIdentification OriginCountry OrderReference InvoiceDocumentReference Attachment ExternalReference DeliveryLocation DeliveryParty PayeeFinancialAccount PayerFinancialAccount FinancialInstitutionBranch PaymentMandate CardAccount'.split(
    ' ',
  ),
)

/** Of two, one would be passed over in silence. */
function repeated({ name: parent, children }: XmlElement): readonly XmlElement[] {
  const seen = new Set<string>()
  return children.filter(({ name }) => {
    const [prefix, own = ''] = name.split(':')
    const isSingle =
      prefix === 'cbc'
        ? !repeatable.has(own)
        : single.has(own) || (own === 'TaxCategory' && parent === 'cac:TaxSubtotal')
    const isSecond = isSingle && seen.has(name)
    seen.add(name)
    return isSecond
  })
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
  attached('UBL-DT-06', 'mimeCode', 'must say what kind of file is attached'),
  attached('UBL-DT-07', 'filename', 'must name the attached file'),
  {
    id: 'UBL-2.1-once',
    at: (document) => everyElement(document).flatMap(repeated),
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

function attached(id: string, attribute: string, says: string): Rule {
  return {
    id,
    at: (document) => everyElement(document).filter(({ name }) => /BinaryObject$/.test(name)),
    element: `./@${attribute}`,
    says,
    holds: ({ attributes }) => attributes[attribute] !== undefined,
  }
}
