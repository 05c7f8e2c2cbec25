import { describe, expect, it } from 'vitest'
import { readUbl } from '../../../functions/ubl/read-ubl.ts'
import { amount, built, entry, exempt, subtotal, transfer, untaxed } from './build-ubl.ts'

const base = built()
const rows: readonly (readonly [string, string | Uint8Array])[] = [
  ['base', base],
  ['document allowance and charge', built({ allowances: entry(true, '25.00', { tax: ['S', '25'], reason: '<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>' }) + entry(false, '5.00', { tax: ['S', '25'], base: '100.00', reason: '<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric>' }), tax: subtotal('120.00', '30.00', 'S', '25'), taxTotal: '30.00', totals: ['100.00', '120.00', '150.00'], sums: amount('AllowanceTotalAmount', '5.00') + amount('ChargeTotalAmount', '25.00'), payable: '150.00' })],
  ['line allowance and charge', built({ lines: [{ net: '98.00', allowances: entry(false, '5.00', { base: '100.00', reason: '<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Discount</cbc:AllowanceChargeReason><cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric>' }) + entry(true, '3.00', { reason: '<cbc:AllowanceChargeReasonCode>CG</cbc:AllowanceChargeReasonCode>' }) }], tax: subtotal('98.00', '24.50', 'S', '25'), taxTotal: '24.50', totals: ['98.00', '98.00', '122.50'], payable: '122.50' })],
  ['base quantity', built({ lines:[{ quantity:'100', price:'10', base:'<cbc:BaseQuantity unitCode="EA">10</cbc:BaseQuantity>' }] })],
  ['base quantity without unit', built({ lines:[{ quantity:'100', price:'10', base:'<cbc:BaseQuantity>10</cbc:BaseQuantity>' }] })],
  ['price allowance', built({ lines:[{ priceAllowance:`<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>${amount('Amount','2')}${amount('BaseAmount','12')}</cac:AllowanceCharge>` }] })],
  ['price allowance without base', built({ lines:[{ priceAllowance:`<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>${amount('Amount','2')}</cac:AllowanceCharge>` }] })],
  ['three rates and exempt', built({ lines:[{},{id:'2',tax:['S','15.0']},{id:'3',tax:['E','0']}], tax: subtotal('100.00','25.00','S','25.0')+subtotal('100.00','15.00','S','15')+subtotal('100.00','0.00','E','0',exempt('Exempt New Means of Transport')), taxTotal:'40.00', totals:['300.00','300.00','340.00'], payable:'340.00' })],
  ['reverse charge', untaxed('AE')],
  ['intra-community', untaxed('K', { parties:'<cac:Delivery><cbc:ActualDeliveryDate>2026-11-01</cbc:ActualDeliveryDate><cac:DeliveryLocation><cac:Address><cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation></cac:Delivery>' })],
  ['export', untaxed('G')],
  ['exempt', untaxed('E')],
  ['zero', untaxed('Z')],
  ['out of scope', untaxed('O', { seller:{}, buyer:{country:'SE'} })],
  ['out of scope with a non-VAT scheme', untaxed('O', { seller:{ schemes:'<cac:PartyTaxScheme><cbc:CompanyID>Foretaksregisteret</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>' }, buyer:{country:'SE'} })],
  ['IGIC', built({ lines:[{tax:['L','7']}], tax: subtotal('100.00','7.00','L','7'), taxTotal:'7.00', totals:['100.00','100.00','107.00'], payable:'107.00' })],
  ['rounding and prepaid', built({ totals:['100.00','100.00','125.00'], sums: amount('PrepaidAmount','25.25')+amount('PayableRoundingAmount','0.25'), payable:'100.00' })],
  ['negative rounding', built({ sums: amount('PayableRoundingAmount','-0.30'), payable:'124.70' })],
  ['negative line beside', built({ lines:[{ quantity:'20', net:'200.00' },{ id:'2', quantity:'-10', net:'-100.00' }] })],
  ['negative invoice', built({ due:'', terms:'', lines:[{ quantity:'-10', net:'-100.00' }], tax: subtotal('-100.00','-25.00','S','25'), taxTotal:'-25.00', totals:['-100.00','-100.00','-125.00'], payable:'-125.00' })],
  ['payable zero after prepayment, no due', built({ due:'', terms:'', sums: amount('PrepaidAmount','125.00'), payable:'0.00' })],
  ['credit note', built({ isCreditNote: true, references:'<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>I-1</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference><cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>I-2</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>' })],
  ['credit note, due in payment means', built({ isCreditNote: true, terms:'', means:'<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentDueDate>2026-12-12</cbc:PaymentDueDate><cac:PayeeFinancialAccount><cbc:ID>X</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>' })],
  ...['386','383','388','393','395','780','82','326','384'].map((t) => [`type ${t} DE-DE`, built({ type:t, seller:{vat:'DE123456788',country:'DE'}, buyer:{vat:'DE123456788',country:'DE'} })] as const),
  ['self-billing 389', built({ type:'389', specification:'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0', process:'urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0' })],
  ['self-billing credit note 261', built({ isCreditNote: true, type:'261', specification:'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0', process:'urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0' })],
  ['tax currency', built({ afterCurrency:'<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>', moreTotals:`<cac:TaxTotal>${amount('TaxAmount','258.12','SEK')}</cac:TaxTotal>` })],
  ['tax currency before the document currency total', built({ afterCurrency:'<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>' }).replace('<cac:TaxTotal>', `<cac:TaxTotal>${amount('TaxAmount','258.12','SEK')}</cac:TaxTotal><cac:TaxTotal>`)],
  ['attachments', built({ references:'<cac:OrderReference><cbc:ID>PO-1</cbc:ID><cbc:SalesOrderID>S1</cbc:SalesOrderID></cac:OrderReference><cac:DespatchDocumentReference><cbc:ID>d</cbc:ID></cac:DespatchDocumentReference><cac:ReceiptDocumentReference><cbc:ID>r</cbc:ID></cac:ReceiptDocumentReference><cac:OriginatorDocumentReference><cbc:ID>o</cbc:ID></cac:OriginatorDocumentReference><cac:ContractDocumentReference><cbc:ID>c</cbc:ID></cac:ContractDocumentReference><cac:AdditionalDocumentReference><cbc:ID schemeID="ABT">DR35141</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference><cac:AdditionalDocumentReference><cbc:ID>ts12345</cbc:ID><cbc:DocumentDescription>Technical specification</cbc:DocumentDescription><cac:Attachment><cac:ExternalReference><cbc:URI>www.techspec.no</cbc:URI></cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference><cac:AdditionalDocumentReference><cbc:ID>a</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" filename="h.csv">aHR0cHM6\n bG9nZ2Vy</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference><cac:ProjectReference><cbc:ID>p</cbc:ID></cac:ProjectReference>' })],
  ['payee, representative, delivery', built({ parties:'<cac:PayeeParty><cac:PartyIdentification><cbc:ID schemeID="0088">FR932874294</cbc:ID></cac:PartyIdentification><cac:PartyName><cbc:Name>Payee</cbc:Name></cac:PartyName><cac:PartyLegalEntity><cbc:CompanyID schemeID="0002">FR932874294</cbc:CompanyID></cac:PartyLegalEntity></cac:PayeeParty><cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>TaxRep</cbc:Name></cac:PartyName><cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>FR932874294</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:TaxRepresentativeParty><cac:Delivery><cbc:ActualDeliveryDate>2026-11-01</cbc:ActualDeliveryDate><cac:DeliveryLocation><cbc:ID schemeID="0088">7300010000001</cbc:ID><cac:Address><cbc:StreetName>x</cbc:StreetName><cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation><cac:DeliveryParty><cac:PartyName><cbc:Name>D</cbc:Name></cac:PartyName></cac:DeliveryParty></cac:Delivery>' })],
  ['direct debit', built({ means:'<cac:PaymentMeans><cbc:PaymentMeansCode name="SEPA DD">59</cbc:PaymentMeansCode><cac:PaymentMandate><cbc:ID>m</cbc:ID><cac:PayerFinancialAccount><cbc:ID>12</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate></cac:PaymentMeans>' })],
  ['card', built({ means:'<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode><cac:CardAccount><cbc:PrimaryAccountNumberID>123456</cbc:PrimaryAccountNumberID><cbc:NetworkID>VISA</cbc:NetworkID></cac:CardAccount></cac:PaymentMeans>' })],
  ['no payment means', built({ means:'' })],
  ['two payment means', built({ means: transfer + transfer.replace(' name="Credit transfer"', '') })],
  ['periods and accounting', built({ header:'<cbc:Note>one</cbc:Note><cbc:TaxPointDate>2026-11-13</cbc:TaxPointDate>', afterCurrency:'<cbc:AccountingCost>4025:123</cbc:AccountingCost>', references:'<cac:InvoicePeriod><cbc:StartDate>2026-10-01</cbc:StartDate><cbc:EndDate>2026-10-31</cbc:EndDate></cac:InvoicePeriod><cac:OrderReference><cbc:ID>1</cbc:ID></cac:OrderReference>', lines:[{ note:'<cbc:Note>line note</cbc:Note>', references:'<cbc:AccountingCost>Konteringsstreng</cbc:AccountingCost><cac:InvoicePeriod><cbc:StartDate>2026-10-01</cbc:StartDate><cbc:EndDate>2026-10-15</cbc:EndDate></cac:InvoicePeriod><cac:OrderLineReference><cbc:LineID>123</cbc:LineID></cac:OrderLineReference><cac:DocumentReference><cbc:ID schemeID="ABZ">obj</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>' }] })],
  ['period by code', built({ references:'<cac:InvoicePeriod><cbc:DescriptionCode>35</cbc:DescriptionCode></cac:InvoicePeriod>' })],
  ['item properties', built({ lines:[{ description:'<cbc:Description>Long</cbc:Description>', itemIds:'<cac:BuyersItemIdentification><cbc:ID>b</cbc:ID></cac:BuyersItemIdentification><cac:SellersItemIdentification><cbc:ID>97 iugug</cbc:ID></cac:SellersItemIdentification><cac:StandardItemIdentification><cbc:ID schemeID="0160">10986700</cbc:ID></cac:StandardItemIdentification><cac:OriginCountry><cbc:IdentificationCode>CN</cbc:IdentificationCode></cac:OriginCountry><cac:CommodityClassification><cbc:ItemClassificationCode listID="SRV" listVersionID="1">09348023</cbc:ItemClassificationCode></cac:CommodityClassification>', properties:'<cac:AdditionalItemProperty><cbc:Name>Color</cbc:Name><cbc:Value>Black</cbc:Value></cac:AdditionalItemProperty>' }] })],
  ['free item', built({ lines:[{}, { id:'2', quantity:'1', price:'0', net:'0.00' }] })],
  ['fine prices', built({ lines:[{ quantity:'7.5', unit:'KGM', price:'13.333333', net:'100.00' }] })],
  ['quantity zero', built({ lines:[{}, { id:'2', quantity:'0', price:'5.00', net:'0' }] })],
  ['decimals without zeros', built({ totals:['100','100','125'], payable:'125', taxTotal:'25', tax: subtotal('100','25','S','25.00') })],
  ['Norwegian', built({ currency:'NOK', seller:{ vat:'NO999999999MVA', country:'NO', endpoint:'<cbc:EndpointID schemeID="0192">987654325</cbc:EndpointID>', schemes:'<cac:PartyTaxScheme><cbc:CompanyID>Foretaksregisteret</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>' } , tax: subtotal('100.00','25.00','S','25','','NOK') })],
  ['Greek', built({ seller:{ vat:'EL123456789', country:'GR', endpoint:'<cbc:EndpointID schemeID="9933">EL1</cbc:EndpointID>' } })],
  ['EN only', built({ specification:'urn:cen.eu:en16931:2017', process:'' })],
  ['XRechnung', built({ specification:'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0', header:'<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note>' })],
  ['buyer without VAT', built({ buyer:{country:'SE'} })],
  ['legal form and identifications', built({ seller:{ vat:'GB1', ids:'<cac:PartyIdentification><cbc:ID>99887766</cbc:ID></cac:PartyIdentification><cac:PartyIdentification><cbc:ID schemeID="SEPA">SEPA1</cbc:ID></cac:PartyIdentification>', legal:'<cbc:CompanyLegalForm>AS</cbc:CompanyLegalForm>' } })],
  ['all in prefixes', base.replace(/<(\/?)Invoice/g,'<$1ubl:Invoice').replace('xmlns="urn','xmlns:ubl="urn')],
  ['strange prefixes', base.replaceAll('cbc:','a:').replaceAll('cac:','b:').replace('xmlns:cac','xmlns:b').replace('xmlns:cbc','xmlns:a')],
  ['BOM', Buffer.from(`\uFEFF${base}`)],
  ['UTF-16', Buffer.concat([Buffer.from([0xff,0xfe]), Buffer.from(base.replace('UTF-8','UTF-16'),'utf16le')])],
  ['ISO-8859-1', Buffer.from(base.replace('UTF-8','ISO-8859-1').replace('Quay 1','Größe'),'latin1')],
  ['text that says ISO-8859-1', base.replace('UTF-8','ISO-8859-1').replace('Quay 1','Größe €')],
  ['windows-1252', Buffer.from(base.replace('UTF-8','windows-1252'),'latin1')],
  ['no declaration', base.replace(/<\?xml.*?\?>\n/,'')],
  ['leading blank lines and no declaration', `\n\n${base.replace(/<\?xml.*?\?>\n/, '')}`],
  ['stylesheet, comments, CDATA', base.replace('\n','\n<?xml-stylesheet type="text/xsl" href="x.xsl"?><!-- c -->').replace('>Item<','><![CDATA[It & <em>]]><')],
  ['schemaLocation', base.replace('xmlns:cac','xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 x.xsd" xmlns:cac')],
  ['extensions', base.replace('xmlns:cac','xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2" xmlns:cac').replace('<cbc:CustomizationID','<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><x xmlns="urn:x"><y>1</y></x></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions><cbc:UBLVersionID>2.1</cbc:UBLVersionID><cbc:CustomizationID')],
  ['SBDH', `<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>${base.replace(/<\?xml.*?\?>\n/,'')}</StandardBusinessDocument>`],
  ['pretty printed', base.replaceAll('><','>\n    <')],
  ['white space in values', base.replace('>Snippet1<','>\n   Snippet1\n  <').replace('>30<','> 30 <').replace('>380<','> 380 <').replace('>EUR</cbc:Doc','> EUR </cbc:Doc')],
  ['order line reference only, NA order', built({ references:'<cac:OrderReference><cbc:ID>NA</cbc:ID></cac:OrderReference>' })],
  ['exemption code only', untaxed('E').replace(exempt('because'), '<cbc:TaxExemptionReasonCode>VATEX-EU-132</cbc:TaxExemptionReasonCode>')],
  ['unit code of packages', built({ lines:[{ unit:'XPK' }] })],
  ['allowance exempt', built({ allowances: entry(false, '10.00', { tax: ['E', '0'] }), tax: subtotal('100.00','25.00','S','25')+subtotal('-10.00','0.00','E','0',exempt('x')), totals:['100.00','90.00','115.00'], sums: amount('AllowanceTotalAmount','10.00'), payable:'115.00' })],
  ['allowance total of zero stated', built({ sums: amount('AllowanceTotalAmount','0.00')+amount('ChargeTotalAmount','0') })],
  ['HUF whole', built({ currency:'HUF', tax: subtotal('100.00','25.00','S','25','','HUF') })],
  ['rounded tax by line', built({ lines:[{ quantity:'1', price:'33.33', net:'33.33' },{ id:'2', quantity:'1', price:'33.33', net:'33.33' },{ id:'3', quantity:'1', price:'33.33', net:'33.33' }], tax: subtotal('99.99','24.99','S','25'), taxTotal:'24.99', totals:['99.99','99.99','124.98'], payable:'124.98' })],
  ['split base amounts same rate', built({ lines:[{}, {id:'2'}], tax: subtotal('200.00','50.00','S','25'), taxTotal:'50.00', totals:['200.00','200.00','250.00'], payable:'250.00' })],
] // biome-ignore format: a table

/** Text that somebody has decoded is read as it is; a file by its bytes. */
const sourceOf = (name: string, document: string | Uint8Array) =>
  typeof document !== 'string' || name.startsWith('text ') ? document : new TextEncoder().encode(document)

describe('what EN 16931 and Peppol BIS Billing 3 allow is taken:', () => {
  it.each(rows)('%s', (name, document) => {
    const reading = readUbl(sourceOf(name, document))
    expect(reading.kind === 'refused' ? reading.refusals : []).toEqual([])
  })
})
