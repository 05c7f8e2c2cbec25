import Big from 'big.js'
import { all, isCharge, isVat, numberAt, sumAt, textAt } from '../element.ts'
import { allowanceCharges, bornCategories, everyElement, taxSubtotals, type UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'
import { hasOne, type Rule } from './rule.ts'

/** What EN 16931 asks of each tax category. */
interface Category {
  readonly id: string
  readonly prefix: string
  readonly rate: 'positive' | 'zero' | 'not negative' | 'none'
  /** Whether the breakdown has to say why there is no tax. */
  readonly reason: 'required' | 'forbidden'
  readonly parties: (document: UblDocument) => boolean
  readonly partiesSay: string
}

const seller = 'cac:AccountingSupplierParty/cac:Party'
const buyer = 'cac:AccountingCustomerParty/cac:Party'
const taxNumber = 'cac:PartyTaxScheme/cbc:CompanyID'
const legalNumber = 'cac:PartyLegalEntity/cbc:CompanyID'
const hasVat = (document: UblDocument, party: string) => vatNumbers(document, party).length > 0
const hasSellerVat = (document: UblDocument) =>
  hasVat(document, seller) || hasVat(document, 'cac:TaxRepresentativeParty')
const hasSeller = (document: UblDocument) => hasSellerVat(document) || hasOne(document.root, `${seller}/${taxNumber}`)
const sellerOnly = { parties: hasSeller, partiesSay: 'the seller’s tax number must be there' } as const

const categories: readonly Category[] = [
  { id: 'S', prefix: 'BR-S', rate: 'positive', reason: 'forbidden', ...sellerOnly },
  { id: 'Z', prefix: 'BR-Z', rate: 'zero', reason: 'forbidden', ...sellerOnly },
  { id: 'E', prefix: 'BR-E', rate: 'zero', reason: 'required', ...sellerOnly },
  { id: 'G', prefix: 'BR-G', rate: 'zero', reason: 'required', parties: hasSellerVat, partiesSay: 'the seller’s VAT number must be there' },
  { id: 'L', prefix: 'BR-AF', rate: 'not negative', reason: 'forbidden', ...sellerOnly },
  { id: 'M', prefix: 'BR-AG', rate: 'not negative', reason: 'forbidden', ...sellerOnly },
  {
    id: 'AE',
    prefix: 'BR-AE',
    rate: 'zero',
    reason: 'required',
    parties: (document) => hasSeller(document) && (hasVat(document, buyer) || hasOne(document.root, `${buyer}/${legalNumber}`)),
    partiesSay: 'the tax numbers of seller and buyer must be there',
  },
  {
    id: 'K',
    prefix: 'BR-IC',
    rate: 'zero',
    reason: 'required',
    parties: (document) => hasSellerVat(document) && hasVat(document, buyer),
    partiesSay: 'the VAT numbers of seller and buyer must be there',
  },
  {
    id: 'O',
    prefix: 'BR-O',
    rate: 'none',
    reason: 'required',
    parties: (document) => !hasVat(document, seller) && !hasVat(document, buyer) && !hasVat(document, 'cac:TaxRepresentativeParty'),
    partiesSay: 'no party may have a VAT number',
  },
] // biome-ignore format: a table

function vatNumbers({ root }: UblDocument, party: string): readonly XmlElement[] {
  return all(root, `${party}/cac:PartyTaxScheme`)
    .filter(isVat)
    .flatMap((scheme) => all(scheme, 'cbc:CompanyID'))
}

const codeOf = (category: XmlElement) => textAt(category, 'cbc:ID')
const isOf = (code: string, path: string) => (bearer: XmlElement) => codeAt(bearer, path) === code
const codeAt = (bearer: XmlElement, path: string) => textAt(bearer, `${path}/cbc:ID`)
/** The categories of lines, of allowances, and of charges. */
const categoriesBornBy = {
  'BR-O-12': ({ lines }: UblDocument) => lines.flatMap((line) => all(line, 'cac:Item/cac:ClassifiedTaxCategory')),
  'BR-O-13': (document: UblDocument) => categoriesOfEntries(document, false),
  'BR-O-14': (document: UblDocument) => categoriesOfEntries(document, true),
} as const
const categoriesOfEntries = (document: UblDocument, charge: boolean) =>
  allowanceCharges(document)
    .filter((entry) => isCharge(entry) === charge)
    .flatMap((entry) => all(entry, 'cac:TaxCategory'))
/** Wherever a category stands. */
const categoriesOf = (document: UblDocument) => [
  ...bornCategories(document),
  ...taxSubtotals(document).flatMap((subtotal) => all(subtotal, 'cac:TaxCategory')),
]
const isSplit = (document: UblDocument) => categoriesOf(document).some((category) => codeOf(category) === 'B')
const subtotalsOf = (code: string) => (document: UblDocument) =>
  taxSubtotals(document).filter(isOf(code, 'cac:TaxCategory'))

/** The tax breakdown, by category: BR-S-01 to BR-S-10, and the same for the others. */
export const taxRules: readonly Rule[] = [
  ...categories.flatMap(rulesOf),
  {
    id: 'BR-O-11',
    at: (document) => (subtotalsOf('O')(document).length > 0 ? taxSubtotals(document) : []),
    element: 'cac:TaxCategory/cbc:ID',
    says: 'must be O too, since a breakdown outside the scope of tax has no other',
    holds: isOf('O', 'cac:TaxCategory'),
  },
  ...(['BR-O-12', 'BR-O-13', 'BR-O-14'] as const).map((id): Rule => ({
    id,
    at: (document) => (subtotalsOf('O')(document).length > 0 ? categoriesBornBy[id](document) : []),
    element: 'cbc:ID',
    says: 'must be O too, since the breakdown is outside the scope of tax',
    holds: (at) => codeOf(at) === 'O',
  })),
  {
    id: 'BR-B-01',
    at: (document) => (isSplit(document) ? everyElement(document).filter(({ name }) => name === 'cbc:IdentificationCode') : []),
    element: '.',
    says: 'must be IT, since split payment (B) is for invoices within Italy',
    holds: ({ text }) => text === 'IT',
  },
  {
    id: 'BR-B-02',
    at: (document) => (isSplit(document) ? categoriesOf(document) : []),
    element: 'cbc:ID',
    says: 'must not be S beside split payment (B)',
    holds: (at) => codeOf(at) !== 'S',
  },
  {
    id: 'BR-IC-11',
    at: (document) => (subtotalsOf('K')(document).length > 0 ? [document.root] : []),
    element: 'cac:Delivery/cbc:ActualDeliveryDate',
    says: 'must have the day of delivery or the invoicing period, for an intra-community supply',
    holds: (at) => hasOne(at, 'cac:Delivery/cbc:ActualDeliveryDate', ...['StartDate', 'EndDate', 'DescriptionCode'].map((name) => `cac:InvoicePeriod/cbc:${name}`)),
  },
  {
    id: 'BR-IC-12',
    at: (document) => (subtotalsOf('K')(document).length > 0 ? [document.root] : []),
    element: 'cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode',
    says: 'must have the country of delivery, for an intra-community supply',
    holds: (at) => hasOne(at, 'cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode'),
  },
  {
    id: 'BR-CO-17',
    at: taxSubtotals,
    element: 'cbc:TaxAmount',
    says: 'must be the taxed amount × the rate',
    holds: (at) => isTaxOf(at),
  },
  {
    id: 'BR-CO-18',
    at: '.',
    element: 'cac:TaxTotal/cac:TaxSubtotal',
    says: 'must have a tax breakdown',
    holds: (_at, document) => taxSubtotals(document).length > 0,
  },
  {
    id: 'BR-CO-09',
    at: (document) => [seller, buyer, 'cac:TaxRepresentativeParty'].flatMap((party) => vatNumbers(document, party)),
    element: '.',
    says: 'must begin with the code of a country',
    holds: ({ text }) => /^(EL|1A)/.test(text) || isCountry(text.slice(0, 2)),
  },
] // biome-ignore format: a table

function rulesOf({ id: code, prefix, rate, reason, parties, partiesSay }: Category): readonly Rule[] {
  const line = 'cac:Item/cac:ClassifiedTaxCategory'
  const onLines = ({ lines }: UblDocument) => lines.filter(isOf(code, line))
  const ofKind = (charge: boolean) => (document: UblDocument) =>
    allowanceCharges(document).filter((entry) => isCharge(entry) === charge && isOf(code, 'cac:TaxCategory')(entry))
  const places = [
    { number: ['02', '05'], at: onLines, path: line },
    { number: ['03', '06'], at: ofKind(false), path: 'cac:TaxCategory' },
    { number: ['04', '07'], at: ofKind(true), path: 'cac:TaxCategory' },
  ] as const
  const rateSays = { positive: 'must be more than zero', zero: 'must be zero', none: 'must not be there', 'not negative': 'must not be negative' } as const
  return [
    {
      id: `${prefix}-01`,
      at: '.',
      element: 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID',
      says: `must have the category ${code} in the breakdown ${byRate(rate) ? 'if, and only if,' : 'once, if'} something bears it`,
      holds: (_at, document) => {
        const isBorn = bornCategories(document).some((category) => codeOf(category) === code)
        const count = subtotalsOf(code)(document).length
        // Of what has rates there may be several, but none that nothing bears; of the others one, whether borne or not.
        if (byRate(rate)) return isBorn === count > 0
        return count === 1 || (count === 0 && !isBorn)
      },
    },
    ...places.flatMap(({ number, at, path }): Rule[] => [
      {
        id: `${prefix}-${number[0]}`,
        at,
        element: `${path}/cbc:ID`,
        says: `is ${code}, so that ${partiesSay}`,
        holds: (_at, document) => parties(document),
      },
      {
        id: `${prefix}-${number[1]}`,
        at,
        element: `${path}/cbc:Percent`,
        says: `${rateSays[rate]} in the category ${code}`,
        holds: (bearer) => holdsRate(numberAt(bearer, `${path}/cbc:Percent`), rate),
      },
    ]),
    {
      id: `${prefix}-08`,
      at: subtotalsOf(code),
      element: 'cbc:TaxableAmount',
      says: `must be the sum of the lines and charges less the allowances in the category ${code}${rate === 'positive' ? ' and at that rate' : ''}`,
      holds: (at, document) => holdsBase(at, document, code, rate),
    },
    {
      id: `${prefix}-09`,
      at: subtotalsOf(code),
      element: 'cbc:TaxAmount',
      says: byRate(rate) ? 'must be the taxed amount × the rate' : 'must be zero',
      holds: (at) => byRate(rate) ? isTaxOf(at) : (numberAt(at, 'cbc:TaxAmount')?.eq(0) ?? true),
    },
    {
      id: `${prefix}-10`,
      at: subtotalsOf(code),
      element: 'cac:TaxCategory/cbc:TaxExemptionReason',
      says: reason === 'required' ? `must say why there is no tax in the category ${code}` : `must not be there in the category ${code}`,
      holds: (at) => hasOne(at, 'cac:TaxCategory/cbc:TaxExemptionReason', 'cac:TaxCategory/cbc:TaxExemptionReasonCode') === (reason === 'required'),
    },
  ]
} // biome-ignore format: rows of a table

/** Whether the category has several rates, each with a base of its own. */
function byRate(rate: Category['rate']): boolean {
  return rate === 'positive' || rate === 'not negative'
}

function holdsRate(percent: Big | undefined, rate: Category['rate']): boolean {
  if (rate === 'none') return percent === undefined
  if (percent === undefined) return false
  if (rate === 'positive') return percent.gt(0)
  return rate === 'zero' ? percent.eq(0) : percent.gte(0)
}

/** The norm compares the bases of rates to within one unit of the currency, since they may come of rounded sums. */
function holdsBase(at: XmlElement, document: UblDocument, code: string, rate: Category['rate']): boolean {
  const base = numberAt(at, 'cbc:TaxableAmount')
  if (!base) return true
  const percent = numberAt(at, 'cac:TaxCategory/cbc:Percent')
  const isHere = (path: string) => (bearer: XmlElement) => {
    if (codeAt(bearer, path) !== code) return false
    return !byRate(rate) || (numberAt(bearer, `${path}/cbc:Percent`) ?? new Big(-1)).eq(percent ?? -1)
  }
  const entries = allowanceCharges(document).filter(isHere('cac:TaxCategory'))
  const lines = document.lines.filter(isHere('cac:Item/cac:ClassifiedTaxCategory'))
  // A base of less than one unit would pass as the sum of nothing.
  if (rate === 'positive' && percent && lines.length + entries.length === 0) return false
  const sum = sumAt(lines, 'cbc:LineExtensionAmount')
    .plus(sumAt(entries.filter(isCharge), 'cbc:Amount'))
    .minus(
      sumAt(
        entries.filter((entry) => !isCharge(entry)),
        'cbc:Amount',
      ),
    )
  return byRate(rate) ? sum.minus(base).abs().lt(1) : sum.eq(base)
}

/** To within one unit of the currency, as the norm's own rule has it: taxes may be rounded line by line. */
function isTaxOf(subtotal: XmlElement): boolean {
  const base = numberAt(subtotal, 'cbc:TaxableAmount')
  const tax = numberAt(subtotal, 'cbc:TaxAmount')
  const percent = numberAt(subtotal, 'cac:TaxCategory/cbc:Percent')
  if (!base || !tax) return true
  if (!percent) return tax.eq(0)
  return base.times(percent).div(100).round(2, Big.roundHalfUp).minus(tax).abs().lt(1)
}

/** What the runtime knows besides: groups, parts of countries, and countries of the past. */
const noCountries = /^(Q[M-Z]|X[A-Z]|ZZ|AA|EU|EZ|UN|UK|A[CN]|BU|C[PQS]|D[DGY]|EA|FX|HV|IC|NH|RH|SU|T[AP]|VD|Y[DU]|ZR)$/

/** ISO 3166-1, as the runtime's own tables know it. */
export function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || noCountries.test(code)) return code === 'XI'
  return new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined
}
