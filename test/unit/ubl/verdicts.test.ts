import { describe, expect, it } from 'vitest'
import { readUbl } from '../../../functions/ubl/read-ubl.ts'
import { type Built, built, entry, subtotal, untaxed } from './build-ubl.ts'

const order = '<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>'
const id = (value: string, scheme?: string) =>
  `<cac:PartyIdentification><cbc:ID${scheme === undefined ? '' : ` schemeID="${scheme}"`}>${value}</cbc:ID></cac:PartyIdentification>`
const payee = (name: string, ids = '') =>
  `<cac:PayeeParty>${ids}<cac:PartyName><cbc:Name>${name}</cbc:Name></cac:PartyName></cac:PayeeParty>`
const endpoint = (scheme: string) => `<cbc:EndpointID schemeID="${scheme}">1</cbc:EndpointID>`
const object = (kind: string) =>
  `${order}<cac:AdditionalDocumentReference><cbc:ID schemeID="${kind}">1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>`
const classified = (list: string) =>
  `<cac:CommodityClassification><cbc:ItemClassificationCode listID="${list}">1</cbc:ItemClassificationCode></cac:CommodityClassification>`
const charged = (reason: string) =>
  entry(true, '0.00', { reason: `<cbc:AllowanceChargeReasonCode>${reason}</cbc:AllowanceChargeReasonCode>` })
const dueOnDelivery = '<cac:InvoicePeriod><cbc:DescriptionCode>35</cbc:DescriptionCode></cac:InvoicePeriod>'
const abroad = '<cac:Delivery><cac:DeliveryLocation><cac:Address><cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation></cac:Delivery>' // biome-ignore format: one element
const usual = subtotal('100.00', '25.00', 'S', '25')
const taxOf = (tax: string): Built => ({
  lines: [{ quantity: '1', price: '2141.20', net: '2141.20', tax: ['S', '2.1'] }],
  tax: subtotal('2141.20', tax, 'S', '2.1'),
  taxTotal: tax,
})
const gross: Readonly<Record<string, string>> = { '43.97': '2185.17', '43.98': '2185.18' }
const taxed = (tax: string) => {
  const { [tax]: total = '' } = gross
  return built({ ...taxOf(tax), totals: ['2141.20', '2141.20', total], payable: total })
}

/** What is read, and the rules by which it is refused: those that the norm's own validators name. */
const rows: readonly (readonly [what: string, xml: string, ...rules: string[]])[] = [
  ...['C62', 'H87', 'STK', 'KWH', 'E48', 'D04', '1I', 'XPK', 'XO9'].map((unit) => [`the unit ${unit}`, built({ lines: [{ unit }] })] as const),
  ...['PCS', 'PCE', 'MO', '2D', 'F09', 'XQQ9', 'xpk'].map((unit) => [`the unit ${unit}`, built({ lines: [{ unit }] }), 'BR-CL-23'] as const),
  ...['AAA', 'TAB', 'FC', 'PRV'].map((reason) => [`the charge ${reason}`, built({ lines: [{ allowances: charged(reason) }] })] as const),
  ...['SB', 'XBB', '95'].map((reason) => [`the charge ${reason}`, built({ lines: [{ allowances: charged(reason) }] }), 'BR-CL-20', 'PEPPOL-EN16931-CL003'] as const),
  ...['ABT', 'AWV', 'AXU', 'ON', 'ZZZ'].map((kind) => [`an object known by ${kind}`, built({ references: object(kind) })] as const),
  ...['XXA', 'ACM', 'AXT', 'AOB'].map((kind) => [`an object known by ${kind}`, built({ references: object(kind) }), 'BR-CL-07'] as const),
  ...['STI', 'SRV', 'TST', 'MP', 'BZ'].map((list) => [`an item classified by ${list}`, built({ lines: [{ itemIds: classified(list) }] })] as const),
  ...['XXX', 'SRA', 'TSM', 'CPV'].map((list) => [`an item classified by ${list}`, built({ lines: [{ itemIds: classified(list) }] }), 'BR-CL-13'] as const),
  ...['EU-132-1Q', 'EU-143-1FA', 'EU-151-1AA', 'eu-148-g', 'FR-CGI261D-1BIS', 'FR-CGI277A'].map((why) => [`no tax for VATEX-${why}`, exempt(why)] as const),
  ...['EU-999', 'EU-132-1R', 'FR-CGI261-6', 'EU-149'].map((why) => [`no tax for VATEX-${why}`, exempt(why), 'BR-CL-22'] as const),
  ...['0088', '0244', '9950', '9959', '9956'].map((scheme) => [`a seller at ${scheme}`, built({ seller: { vat: 'GB1', endpoint: endpoint(scheme) } })] as const),
  ...['1234', '0207', '9900', 'NO:ORGNR'].map((scheme) => [`a seller at ${scheme}`, built({ seller: { vat: 'GB1', endpoint: endpoint(scheme) } }), 'BR-CL-25', 'PEPPOL-EN16931-CL008'] as const),
  ['a seller by e-mail, for Peppol', built({ seller: { vat: 'GB1', endpoint: endpoint('EM') } }), 'PEPPOL-EN16931-CL008'],
  ...['0002', '0199', '0240'].map((giver) => [`a buyer numbered by ${giver}`, built({ buyer: { country: 'SE', ids: id('1', giver) } })] as const),
  ...['0181', '0092', '0283', '9908', '0000', 'SEPA'].map((giver) => [`a buyer numbered by ${giver}`, built({ buyer: { country: 'SE', ids: id('1', giver) } }), 'BR-CL-10'] as const),
  ['a payee known to the bank', built({ parties: payee('Factor', id('1', 'SEPA')) })],
  ...['PLN', 'XCG', 'MRU', 'CHE'].map((currency) => [`amounts in ${currency}`, built({ currency })] as const),
  ['amounts in the kuna of old', built({ currency: 'HRK' }), 'BR-CL-03', 'BR-CL-04', 'PEPPOL-EN16931-CL007'],
  ['a payee of the seller’s trading name', built({ parties: payee('Trading') }), 'BR-17'],
  ['a payee of the seller’s number', built({ seller: { vat: 'GB1', ids: id('77') }, parties: payee('Factor', id('77')) }), 'BR-17'],
  ['a payee of another name and number', built({ seller: { vat: 'GB1', ids: id('77') }, parties: payee('Factor', id('78')) })],
  ['a seller with a tax number that is not of VAT', withoutNumber('TAX'), 'BR-CO-26'],
  ['a seller with a VAT number and no other', withoutNumber('VAT')],
  ['an invoice’s period that is a code', built({ references: `${dueOnDelivery}${order}` })],
  ['a line’s period that is a code', built({ lines: [{ references: dueOnDelivery }] }), 'BR-CO-20'],
  ['an intra-community supply whose period is a code', untaxed('K', { references: `${dueOnDelivery}${order}`, parties: abroad })],
  ['an intra-community supply without a day', untaxed('K', { parties: abroad }), 'BR-IC-11'],
  ['a rate that nothing bears', built({ tax: usual + subtotal('0.00', '0.00', 'S', '12') }), 'BR-S-08'],
  ['a category once that nothing bears', built({ tax: usual + subtotal('0.00', '0.00', 'Z', '0') })],
  ['a category twice', built({ tax: usual + subtotal('0.00', '0.00', 'Z', '0').repeat(2) }), 'BR-Z-01'],
  ['tax of the Canaries that nothing bears', built({ tax: usual + subtotal('0.00', '0.00', 'L', '7') }), 'BR-AF-01'],
  ['a tax of 43.98 where 44.97 is due', taxed('43.98')],
  ['a tax of 43.97 where 44.97 is due', taxed('43.97'), 'BR-CO-17', 'BR-S-09'],
] // biome-ignore format: a table

function exempt(why: string): string {
  const code = `<cbc:TaxExemptionReasonCode>VATEX-${why}</cbc:TaxExemptionReasonCode>`
  return untaxed('E', { tax: subtotal('100.00', '0.00', 'E', '0', code) })
}

/** The seller has no legal registration. */
function withoutNumber(scheme: string): string {
  const schemes = `<cac:PartyTaxScheme><cbc:CompanyID>GB1</cbc:CompanyID><cac:TaxScheme><cbc:ID>${scheme}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`
  return built({ seller: { schemes } }).replace('<cbc:CompanyID schemeID="0002">983294</cbc:CompanyID>', '')
}

describe('the verdict is the norm’s on', () => {
  it.each(rows.map(([what, xml, ...rules]) => ({ what, xml, rules })))('$what: $rules', ({ xml, rules }) => {
    const reading = readUbl(new TextEncoder().encode(xml))
    const found = reading.kind === 'refused' ? reading.refusals.map(({ rule }) => rule) : []
    expect([...new Set(found)].sort()).toEqual([...rules].sort())
  })
})
