/** Amounts are in this currency where nothing else is said. */
const euro = 'EUR'

interface Party {
  readonly vat?: string
  readonly country?: string
  readonly endpoint?: string
  /** Further identifications, tax schemes, and what follows the legal name. */
  readonly ids?: string
  readonly schemes?: string
  readonly legal?: string
}

interface Line {
  readonly id?: string
  readonly quantity?: string
  readonly unit?: string
  readonly net?: string
  readonly price?: string
  readonly tax?: readonly [category: string, percent?: string]
  /** XML at the places that their names say. */
  readonly note?: string
  readonly references?: string
  readonly allowances?: string
  readonly description?: string
  readonly itemIds?: string
  readonly properties?: string
  readonly base?: string
  readonly priceAllowance?: string
}

/** An invoice over ten items at 10.00 with 25 % tax, in Peppol BIS Billing 3, and what of it is to be otherwise. */
export interface Built {
  readonly isCreditNote?: boolean
  readonly currency?: string
  readonly specification?: string
  readonly process?: string
  readonly type?: string
  readonly due?: string
  readonly header?: string
  readonly afterCurrency?: string
  readonly references?: string
  readonly seller?: Party
  readonly buyer?: Party
  readonly parties?: string
  readonly means?: string
  readonly terms?: string
  readonly allowances?: string
  readonly tax?: string
  readonly taxTotal?: string
  readonly moreTotals?: string
  readonly totals?: readonly [lines: string, net: string, gross: string]
  readonly sums?: string
  readonly payable?: string
  readonly lines?: readonly Line[]
}

export const amount = (name: string, value: string, currency = euro) =>
  `<cbc:${name} currencyID="${currency}">${value}</cbc:${name}>`

export function category(name: string, id: string, percent?: string, reason = ''): string {
  const rate = percent === undefined ? '' : `<cbc:Percent>${percent}</cbc:Percent>`
  return `<cac:${name}><cbc:ID>${id}</cbc:ID>${rate}${reason}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:${name}>`
}

export const subtotal = (base: string, tax: string, id: string, percent?: string, reason = '', currency = euro) =>
  `<cac:TaxSubtotal>${amount('TaxableAmount', base, currency)}${amount('TaxAmount', tax, currency)}${category('TaxCategory', id, percent, reason)}</cac:TaxSubtotal>`

export const exempt = (why: string) => `<cbc:TaxExemptionReason>${why}</cbc:TaxExemptionReason>`

const usualReason = '<cbc:AllowanceChargeReason>Reason</cbc:AllowanceChargeReason>'

/** An allowance or a charge; of the document where it has a tax, else of a line. */
export function entry(
  isCharge: boolean,
  value: string,
  more: { readonly tax?: readonly [string, string?]; readonly reason?: string; readonly base?: string } = {},
): string {
  const { tax, reason = usualReason, base } = more
  const taxed = tax === undefined ? '' : category('TaxCategory', ...tax)
  return `<cac:AllowanceCharge><cbc:ChargeIndicator>${isCharge}</cbc:ChargeIndicator>${reason}${amount('Amount', value)}${base === undefined ? '' : amount('BaseAmount', base)}${taxed}</cac:AllowanceCharge>`
}

const usualEndpoint = '<cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>'

function party(
  role: string,
  { vat, country = 'GB', endpoint = usualEndpoint, ids = '', schemes = '', legal = '' }: Party,
) {
  const tax =
    vat === undefined
      ? ''
      : `<cac:PartyTaxScheme><cbc:CompanyID>${vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`
  return `<cac:${role}><cac:Party>${endpoint}${ids}<cac:PartyName><cbc:Name>Trading</cbc:Name></cac:PartyName>
<cac:PostalAddress><cbc:StreetName>Quay 1</cbc:StreetName><cac:Country><cbc:IdentificationCode>${country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
${tax}${schemes}<cac:PartyLegalEntity><cbc:RegistrationName>Trading Ltd</cbc:RegistrationName><cbc:CompanyID schemeID="0002">983294</cbc:CompanyID>${legal}</cac:PartyLegalEntity>
<cac:Contact><cbc:Name>J. Doe</cbc:Name></cac:Contact></cac:Party></cac:${role}>`
}

function lineOf(line: Line, isCreditNote: boolean, currency: string): string {
  const { id = '1', quantity = '10', unit = 'EA', net = '100.00', price = '10', tax = ['S', '25'] } = line
  const [name, counted] = isCreditNote ? ['CreditNoteLine', 'CreditedQuantity'] : ['InvoiceLine', 'InvoicedQuantity']
  return `<cac:${name}><cbc:ID>${id}</cbc:ID>${line.note ?? ''}<cbc:${counted} unitCode="${unit}">${quantity}</cbc:${counted}>
${amount('LineExtensionAmount', net, currency)}${line.references ?? ''}${line.allowances ?? ''}
<cac:Item>${line.description ?? ''}<cbc:Name>Item</cbc:Name>${line.itemIds ?? ''}${category('ClassifiedTaxCategory', ...tax)}${line.properties ?? ''}</cac:Item>
<cac:Price>${amount('PriceAmount', price, currency)}${line.base ?? ''}${line.priceAllowance ?? ''}</cac:Price></cac:${name}>`
}

const peppol = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0'
const schema = 'urn:oasis:names:specification:ubl:schema:xsd'
export const transfer = `<cac:PaymentMeans><cbc:PaymentMeansCode name="Credit transfer">30</cbc:PaymentMeansCode><cbc:PaymentID>R1</cbc:PaymentID>
<cac:PayeeFinancialAccount><cbc:ID>IBAN32423940</cbc:ID><cac:FinancialInstitutionBranch><cbc:ID>BIC324098</cbc:ID></cac:FinancialInstitutionBranch></cac:PayeeFinancialAccount></cac:PaymentMeans>`

export function built(otherwise: Built = {}): string {
  const { isCreditNote = false, currency = euro, process = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0' } = otherwise
  const { seller = { vat: 'GB1232434' }, buyer = { vat: 'SE4598375937', country: 'SE' }, lines = [{}] } = otherwise
  const {
    tax = subtotal('100.00', '25.00', 'S', '25', '', currency),
    taxTotal = '25.00',
    payable = '125.00',
  } = otherwise
  const [linesTotal, net, gross] = otherwise.totals ?? ['100.00', '100.00', '125.00']
  const root = isCreditNote ? 'CreditNote' : 'Invoice'
  const due = otherwise.due ?? (isCreditNote ? '' : '<cbc:DueDate>2026-12-01</cbc:DueDate>')
  return `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="${schema}:${root}-2" xmlns:cac="${schema}:CommonAggregateComponents-2" xmlns:cbc="${schema}:CommonBasicComponents-2">
<cbc:CustomizationID>${otherwise.specification ?? peppol}</cbc:CustomizationID>${process === '' ? '' : `<cbc:ProfileID>${process}</cbc:ProfileID>`}
<cbc:ID>R1</cbc:ID><cbc:IssueDate>2026-11-13</cbc:IssueDate>${due}<cbc:${root}TypeCode>${otherwise.type ?? (isCreditNote ? '381' : '380')}</cbc:${root}TypeCode>
${otherwise.header ?? ''}<cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>${otherwise.afterCurrency ?? ''}<cbc:BuyerReference>0150abc</cbc:BuyerReference>
${otherwise.references ?? '<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>'}
${party('AccountingSupplierParty', seller)}
${party('AccountingCustomerParty', buyer)}
${otherwise.parties ?? ''}${otherwise.means ?? transfer}${otherwise.terms ?? '<cac:PaymentTerms><cbc:Note>10 days</cbc:Note></cac:PaymentTerms>'}${otherwise.allowances ?? ''}
<cac:TaxTotal>${amount('TaxAmount', taxTotal, currency)}${tax}</cac:TaxTotal>${otherwise.moreTotals ?? ''}
<cac:LegalMonetaryTotal>${amount('LineExtensionAmount', linesTotal, currency)}${amount('TaxExclusiveAmount', net, currency)}${amount('TaxInclusiveAmount', gross, currency)}${otherwise.sums ?? ''}${amount('PayableAmount', payable, currency)}</cac:LegalMonetaryTotal>
${lines.map((line) => lineOf(line, isCreditNote, currency)).join('\n')}
</${root}>`
}

/** The same without tax, for a reason. */
export function untaxed(id: string, otherwise: Built = {}): string {
  const percent = id === 'O' ? undefined : '0'
  const reason = id === 'Z' ? '' : exempt('because')
  return built({
    lines: [{ tax: [id, percent] }],
    tax: subtotal('100.00', '0.00', id, percent, reason),
    taxTotal: '0.00',
    totals: ['100.00', '100.00', '100.00'],
    payable: '100.00',
    ...otherwise,
  })
}
