import { today } from './hub-under-test.ts'

/** The VAT number under which the supplier writes, which a cross-reference leads to. */
export const vatNumber = 'DE811122233'

const party = (vat: string, name: string, country: string) => `<cac:Party>
  <cbc:EndpointID schemeID="0088">4012345000009</cbc:EndpointID>
  <cac:PostalAddress><cac:Country><cbc:IdentificationCode>${country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>${vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party>`
const amount = (name: string, value: string) => `<cbc:${name} currencyID="EUR">${value}</cbc:${name}>`
const taxed = (name: string) =>
  `<cac:${name}><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:${name}>`
const line = (id: string, item: string, quantity: string, price: string, net: string) => `<cac:InvoiceLine>
  <cbc:ID>${id}</cbc:ID><cbc:InvoicedQuantity unitCode="C62">${quantity}</cbc:InvoicedQuantity>${amount('LineExtensionAmount', net)}
  <cac:Item><cbc:Name>${item}</cbc:Name><cac:BuyersItemIdentification><cbc:ID>${item}</cbc:ID></cac:BuyersItemIdentification>${taxed('ClassifiedTaxCategory')}</cac:Item>
  <cac:Price>${amount('PriceAmount', price)}</cac:Price>
</cac:InvoiceLine>`

/** What was requisitioned, as its supplier bills it in Peppol BIS Billing 3: 184.00 and freight 6.00, 228.00 with tax. */
export function ublInvoice(number: string, order: string): string {
  const namespace = 'urn:oasis:names:specification:ubl:schema:xsd'
  return `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="${namespace}:Invoice-2" xmlns:cac="${namespace}:CommonAggregateComponents-2" xmlns:cbc="${namespace}:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
<cbc:ID>${number}</cbc:ID><cbc:IssueDate>${today()}</cbc:IssueDate><cbc:DueDate>${today()}</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>${order}</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty>${party(vatNumber, 'Kessel &amp; Rohr GmbH', 'DE')}</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty>${party('NL822334455B01', 'Noordzee Techniek BV', 'NL')}</cac:AccountingCustomerParty>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>
<cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>${amount('Amount', '6.00')}${taxed('TaxCategory')}</cac:AllowanceCharge>
<cac:TaxTotal>${amount('TaxAmount', '38.00')}<cac:TaxSubtotal>${amount('TaxableAmount', '190.00')}${amount('TaxAmount', '38.00')}${taxed('TaxCategory')}</cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal>${amount('LineExtensionAmount', '184.00')}${amount('TaxExclusiveAmount', '190.00')}${amount('TaxInclusiveAmount', '228.00')}${amount('ChargeTotalAmount', '6.00')}${amount('PayableRoundingAmount', '-0.05')}${amount('PayableAmount', '227.95')}</cac:LegalMonetaryTotal>
${line('1', 'P01', '20', '3.20', '64.00')}
${line('2', 'P02', '5', '24.00', '120.00')}
</Invoice>`
}
