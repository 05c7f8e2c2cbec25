import Big from 'big.js'
import { all, first, isCharge, numberAt, sumAt, textAt } from '../element.ts'
import { allowanceCharges, everyElement, taxTotals, type UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'
import { hasOne, type Rule } from './rule.ts'

const totals = 'cac:LegalMonetaryTotal'
const cents = (amount: Big) => amount.round(2, Big.roundHalfUp)
/** Holds where both are there and equal; what is missing is the presence rules' business. */
const equal = (one: Big | undefined, other: Big | undefined) => !one || !other || one.eq(other)
const ofKind = (document: UblDocument, charge: boolean) =>
  allowanceCharges(document).filter((entry) => isCharge(entry) === charge)

/** Sums, as BR-CO-10 to BR-CO-16 have them; amounts have two decimals, whatever the currency. */
export const amountRules: readonly Rule[] = [
  {
    id: 'BR-CO-10',
    at: totals,
    element: 'cbc:LineExtensionAmount',
    says: 'must be the sum of the lines’ net amounts',
    holds: (at, { lines }) => equal(numberAt(at, 'cbc:LineExtensionAmount'), cents(sumAt(lines, 'cbc:LineExtensionAmount'))),
  },
  {
    id: 'BR-CO-11',
    at: totals,
    element: 'cbc:AllowanceTotalAmount',
    says: 'must be the sum of the document’s allowances',
    holds: (at, document) => sumOfKind(at, 'cbc:AllowanceTotalAmount', ofKind(document, false)),
  },
  {
    id: 'BR-CO-12',
    at: totals,
    element: 'cbc:ChargeTotalAmount',
    says: 'must be the sum of the document’s charges',
    holds: (at, document) => sumOfKind(at, 'cbc:ChargeTotalAmount', ofKind(document, true)),
  },
  {
    id: 'BR-CO-13',
    at: totals,
    element: 'cbc:TaxExclusiveAmount',
    says: 'must be the sum of the lines less allowances plus charges',
    holds: (at) => {
      const lines = numberAt(at, 'cbc:LineExtensionAmount')
      const net = lines?.minus(numberAt(at, 'cbc:AllowanceTotalAmount') ?? 0).plus(numberAt(at, 'cbc:ChargeTotalAmount') ?? 0)
      return equal(numberAt(at, 'cbc:TaxExclusiveAmount'), net && cents(net))
    },
  },
  {
    id: 'BR-CO-14',
    at: (document) => taxTotals(document).filter((total) => all(total, 'cac:TaxSubtotal').length > 0),
    element: 'cbc:TaxAmount',
    says: 'must be the sum of the taxes of the breakdown',
    holds: (at) => equal(numberAt(at, 'cbc:TaxAmount'), cents(sumAt(all(at, 'cac:TaxSubtotal'), 'cbc:TaxAmount'))),
  },
  {
    id: 'BR-CO-15',
    at: totals,
    element: 'cbc:TaxInclusiveAmount',
    says: 'must be the total without tax plus the tax, of which there is one total in the currency of the document',
    holds: (at, document) => {
      const [tax, second] = taxTotals(document)
      if (tax === undefined || second !== undefined) return false
      const gross = numberAt(at, 'cbc:TaxExclusiveAmount')?.plus(numberAt(tax, 'cbc:TaxAmount') ?? 0)
      return equal(numberAt(at, 'cbc:TaxInclusiveAmount'), gross && cents(gross))
    },
  },
  {
    id: 'BR-CO-16',
    at: totals,
    element: 'cbc:PayableAmount',
    says: 'must be the total with tax less what is prepaid plus the rounding',
    holds: (at) => {
      const gross = numberAt(at, 'cbc:TaxInclusiveAmount')
      const due = gross?.minus(numberAt(at, 'cbc:PrepaidAmount') ?? 0).plus(numberAt(at, 'cbc:PayableRoundingAmount') ?? 0)
      return equal(numberAt(at, 'cbc:PayableAmount'), due && cents(due))
    },
  },
  {
    id: 'BR-27',
    at: 'line',
    element: 'cac:Price/cbc:PriceAmount',
    says: 'must not be negative',
    holds: (at) => !numberAt(at, 'cac:Price/cbc:PriceAmount')?.lt(0),
  },
  {
    id: 'BR-28',
    at: 'line',
    element: 'cac:Price/cac:AllowanceCharge/cbc:BaseAmount',
    says: 'must not be negative',
    holds: (at) => !numberAt(at, 'cac:Price/cac:AllowanceCharge/cbc:BaseAmount')?.lt(0),
  },
  ...(['BR-29', 'BR-30'] as const).map((id): Rule => ({
    id,
    at: periodsOf(id === 'BR-29'),
    element: 'cbc:EndDate',
    says: 'must not be before the start',
    holds: (at) => (textAt(at, 'cbc:EndDate') ?? '9999') >= (textAt(at, 'cbc:StartDate') ?? ''),
  })),
  ...(['BR-CO-19', 'BR-CO-20'] as const).map((id): Rule => ({
    id,
    at: periodsOf(id === 'BR-CO-19'),
    element: 'cbc:StartDate',
    says: 'must have a start or an end',
    // Of the whole document a code may say from when it is reckoned; of a line only days.
    holds: (at) => hasOne(at, 'cbc:StartDate', 'cbc:EndDate', ...(id === 'BR-CO-19' ? ['cbc:DescriptionCode'] : [])),
  })),
  ...decimalRules(),
  {
    id: 'UBL-DT-01',
    at: (document) => everyElement(document).filter(({ name, path }) => /Amount$/.test(name) && !/cac:Price\/|:PriceAmount$/.test(path)),
    element: '.',
    says: 'must have two decimals at most, as every amount but a price',
    holds: ({ text }) => hasCents(text),
  },
] // biome-ignore format: a table

/** Sums have to be stated where there is something to sum, and only there. */
function sumOfKind(at: XmlElement, name: string, entries: readonly XmlElement[]): boolean {
  const stated = numberAt(at, name)
  return stated ? stated.eq(cents(sumAt(entries, 'cbc:Amount'))) : entries.length === 0
}

function periodsOf(ofDocument: boolean) {
  return ({ root, lines }: UblDocument) =>
    ofDocument ? all(root, 'cac:InvoicePeriod') : lines.flatMap((line) => all(line, 'cac:InvoicePeriod'))
}

const hasCents = (amount: string) => (amount.split('.')[1]?.length ?? 0) <= 2

/** At most two decimals: BR-DEC-01 to BR-DEC-28. Prices may have more. */
function decimalRules(): readonly Rule[] {
  const ofLine =
    (charge: boolean) =>
    ({ lines }: UblDocument) =>
      lines.flatMap((line) => all(line, 'cac:AllowanceCharge')).filter((entry) => isCharge(entry) === charge)
  const ofDocument = (charge: boolean) => (document: UblDocument) => ofKind(document, charge)
  const inCurrency =
    (name: string) =>
    ({ root }: UblDocument) =>
      all(root, 'cac:TaxTotal/cbc:TaxAmount').filter(({ attributes }) => attributes.currencyID === textAt(root, name))
  const rows: readonly (readonly [string, Rule['at'], string])[] = [
    ['01', ofDocument(false), 'cbc:Amount'], ['02', ofDocument(false), 'cbc:BaseAmount'],
    ['05', ofDocument(true), 'cbc:Amount'], ['06', ofDocument(true), 'cbc:BaseAmount'],
    ['09', totals, 'cbc:LineExtensionAmount'], ['10', totals, 'cbc:AllowanceTotalAmount'],
    ['11', totals, 'cbc:ChargeTotalAmount'], ['12', totals, 'cbc:TaxExclusiveAmount'],
    ['13', inCurrency('cbc:DocumentCurrencyCode'), '.'], ['14', totals, 'cbc:TaxInclusiveAmount'],
    ['15', inCurrency('cbc:TaxCurrencyCode'), '.'], ['16', totals, 'cbc:PrepaidAmount'], ['17', totals, 'cbc:PayableRoundingAmount'],
    ['18', totals, 'cbc:PayableAmount'], ['19', 'cac:TaxTotal/cac:TaxSubtotal', 'cbc:TaxableAmount'],
    ['20', 'cac:TaxTotal/cac:TaxSubtotal', 'cbc:TaxAmount'], ['23', 'line', 'cbc:LineExtensionAmount'],
    ['24', ofLine(false), 'cbc:Amount'], ['25', ofLine(false), 'cbc:BaseAmount'],
    ['27', ofLine(true), 'cbc:Amount'], ['28', ofLine(true), 'cbc:BaseAmount'],
  ] // biome-ignore format: a table
  return rows.map(([number, at, element]) => ({
    id: `BR-DEC-${number}`,
    at,
    element,
    says: 'must have two decimals at most',
    holds: (place) => hasCents((element === '.' ? place : first(place, element))?.text ?? ''),
  }))
}
