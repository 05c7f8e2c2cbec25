import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ublRules } from '../../../functions/ubl/read-ubl.ts'
import { type Change, changed, creditNoteXml, invoiceXml, ofCategory, refusalsOf } from './ubl-files.ts'

const seller = 'cac:AccountingSupplierParty/cac:Party'
const buyer = 'cac:AccountingCustomerParty/cac:Party'
const totals = 'cac:LegalMonetaryTotal'
const line = 'cac:InvoiceLine[1]'
const second = 'cac:InvoiceLine[2]'
const charge = 'cac:AllowanceCharge[1]'
const allowance = 'cac:AllowanceCharge[2]'
const subtotal = 'cac:TaxTotal[1]/cac:TaxSubtotal[1]'
const country = 'cac:Country/cbc:IdentificationCode'
const after = (part: string, find: string): RegExp => new RegExp(`(?<=${part}[\\s\\S]*?)${find}`)
const without = (name: string, part = ''): Change => [after(part, `<${name}(?=[ >])[\\s\\S]*?</${name}>`)]
const eur = (name: string, amount: string) => `<cbc:${name} currencyID="EUR">${amount}`
const more = (name: string, amount: string, other: string): Change => [eur(name, amount), eur(name, other)]
const sellerPart = '<cac:AccountingSupplierParty>'
const buyerPart = '<cac:AccountingCustomerParty>'
const linePart = '<cac:InvoiceLine>'
const reference = (type: string) =>
  `<cac:AdditionalDocumentReference><cbc:ID>9</cbc:ID><cbc:DocumentTypeCode>${type}</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>`
const chargePart = '<cbc:ChargeIndicator>true'
const falsePart = '<cbc:ChargeIndicator>false'

/** Each rule broken once, and the element that it names. */
const rows: readonly (readonly [string, string, ...changes: Change[]])[] = [
  ['UBL-2.1-decimal', `${totals}/cbc:PayableAmount`, more('PayableAmount', '300.35', '300,35')],
  ['UBL-2.1-date', 'cbc:IssueDate', ['<cbc:IssueDate>2026-11-03', '<cbc:IssueDate>2026-02-30']],
  ['UBL-2.1-boolean', `${charge}/cbc:ChargeIndicator`, [chargePart, '<cbc:ChargeIndicator>yes']],
  ['UBL-2.1-charge-indicator', `${charge}/cbc:ChargeIndicator`, [/<cbc:ChargeIndicator>true<\/cbc:ChargeIndicator>/]],
  ['UBL-2.1-currency', `${totals}/cbc:PayableAmount/@currencyID`, ['<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount>']],
  ['UBL-2.1-once', 'cbc:ID[2]', ['<cbc:IssueDate>', '<cbc:ID>2</cbc:ID><cbc:IssueDate>']],
  ['BR-01', 'cbc:CustomizationID', without('cbc:CustomizationID')],
  ['BR-02', 'cbc:ID', without('cbc:ID')],
  ['BR-03', 'cbc:IssueDate', without('cbc:IssueDate')],
  ['BR-04', 'cbc:InvoiceTypeCode', without('cbc:InvoiceTypeCode')],
  ['BR-05', 'cbc:DocumentCurrencyCode', without('cbc:DocumentCurrencyCode')],
  ['BR-06', `${seller}/cac:PartyLegalEntity/cbc:RegistrationName`, without('cbc:RegistrationName', sellerPart)],
  ['BR-07', `${buyer}/cac:PartyLegalEntity/cbc:RegistrationName`, without('cbc:RegistrationName', buyerPart)],
  ['BR-08', `${seller}/cac:PostalAddress`, without('cac:PostalAddress', sellerPart)],
  ['BR-09', `${seller}/cac:PostalAddress/${country}`, without('cac:Country', sellerPart)],
  ['BR-10', `${buyer}/cac:PostalAddress`, without('cac:PostalAddress', buyerPart)],
  ['BR-11', `${buyer}/cac:PostalAddress/${country}`, without('cac:Country', buyerPart)],
  ['BR-12', `${totals}/cbc:LineExtensionAmount`, without('cbc:LineExtensionAmount')],
  ['BR-13', `${totals}/cbc:TaxExclusiveAmount`, without('cbc:TaxExclusiveAmount')],
  ['BR-14', `${totals}/cbc:TaxInclusiveAmount`, without('cbc:TaxInclusiveAmount')],
  ['BR-15', `${totals}/cbc:PayableAmount`, without('cbc:PayableAmount')],
  ['BR-16', 'cac:InvoiceLine', [/<cac:InvoiceLine>[\s\S]*<\/cac:InvoiceLine>/]],
  ['BR-17', 'cac:PayeeParty/cac:PartyName/cbc:Name', without('cac:PartyName', '<cac:PayeeParty>')],
  ['BR-18', 'cac:TaxRepresentativeParty/cac:PartyName/cbc:Name', without('cac:PartyName', '<cac:TaxRepresentativeParty>')],
  ['BR-19', 'cac:TaxRepresentativeParty/cac:PostalAddress', without('cac:PostalAddress', '<cac:TaxRepresentativeParty>')],
  ['BR-20', `cac:TaxRepresentativeParty/cac:PostalAddress/${country}`, without('cac:Country', '<cac:TaxRepresentativeParty>')],
  ['BR-21', `${line}/cbc:ID`, without('cbc:ID', linePart)],
  ['BR-22', `${line}/cbc:InvoicedQuantity`, without('cbc:InvoicedQuantity')],
  ['BR-23', `${line}/cbc:InvoicedQuantity/@unitCode`, ['<cbc:InvoicedQuantity unitCode="C62">', '<cbc:InvoicedQuantity>']],
  ['BR-24', `${line}/cbc:LineExtensionAmount`, without('cbc:LineExtensionAmount', linePart)],
  ['BR-25', `${second}/cac:Item/cbc:Name`, ['<cbc:Name>Flux</cbc:Name>', '<cbc:Description>Flux</cbc:Description>']],
  ['BR-26', `${line}/cac:Price/cbc:PriceAmount`, without('cbc:PriceAmount')],
  ['BR-27', `${second}/cac:Price/cbc:PriceAmount`, more('PriceAmount', '7.5', '-7.5')],
  ['BR-28', `${line}/cac:Price/cac:AllowanceCharge/cbc:BaseAmount`, more('BaseAmount', '22.50', '-22.50')],
  ['BR-29', 'cac:InvoicePeriod/cbc:EndDate', ['<cbc:EndDate>2026-10-31', '<cbc:EndDate>2026-09-30']],
  ['BR-30', `${line}/cac:InvoicePeriod/cbc:EndDate`, ['<cbc:EndDate>2026-10-20', '<cbc:EndDate>2026-10-04']],
  ['BR-31', `${allowance}/cbc:Amount`, without('cbc:Amount', falsePart)],
  ['BR-32', `${allowance}/cac:TaxCategory/cbc:ID`, without('cac:TaxCategory', falsePart)],
  ['BR-33', `${allowance}/cbc:AllowanceChargeReason`, without('cbc:AllowanceChargeReasonCode', falsePart), without('cbc:AllowanceChargeReason', falsePart)],
  ['BR-36', `${charge}/cbc:Amount`, without('cbc:Amount', chargePart)],
  ['BR-37', `${charge}/cac:TaxCategory/cbc:ID`, without('cac:TaxCategory', chargePart)],
  ['BR-38', `${charge}/cbc:AllowanceChargeReason`, without('cbc:AllowanceChargeReasonCode', chargePart), without('cbc:AllowanceChargeReason', chargePart)],
  ['BR-41', `${line}/cac:AllowanceCharge[1]/cbc:Amount`, without('cbc:Amount', `${linePart}[\\s\\S]*?${falsePart}`)],
  ['BR-42', `${line}/cac:AllowanceCharge[1]/cbc:AllowanceChargeReason`, without('cbc:AllowanceChargeReason', linePart)],
  ['BR-43', `${line}/cac:AllowanceCharge[2]/cbc:Amount`, without('cbc:Amount', `${linePart}[\\s\\S]*?${chargePart}`)],
  ['BR-44', `${line}/cac:AllowanceCharge[2]/cbc:AllowanceChargeReason`, without('cbc:AllowanceChargeReasonCode', linePart)],
  ['BR-45', `${subtotal}/cbc:TaxableAmount`, without('cbc:TaxableAmount')],
  ['BR-46', `${subtotal}/cbc:TaxAmount`, without('cbc:TaxAmount', '<cac:TaxSubtotal>')],
  ['BR-47', `${subtotal}/cac:TaxCategory/cbc:ID`, without('cac:TaxCategory', '<cac:TaxSubtotal>')],
  ['BR-48', `${subtotal}/cac:TaxCategory/cbc:Percent`, without('cbc:Percent', '<cac:TaxSubtotal>')],
  ['BR-49', 'cac:PaymentMeans/cbc:PaymentMeansCode', without('cbc:PaymentMeansCode')],
  ['BR-50', 'cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID', ['<cbc:ID>DE02120300000000202051</cbc:ID>', '<cbc:Name>Us</cbc:Name>']],
  ['BR-52', 'cac:AdditionalDocumentReference[1]/cbc:ID', ['<cbc:ID>Sheet 1</cbc:ID>']],
  ['BR-53', 'cbc:TaxCurrencyCode', ['currencyID="SEK"', 'currencyID="NOK"']],
  ['BR-54', `${line}/cac:Item/cac:AdditionalItemProperty/cbc:Value`, ['<cbc:Value>Red</cbc:Value>']],
  ['BR-55', 'cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID', ['<cbc:ID>RE-2026/0800</cbc:ID>', '<cbc:IssueDate>2026-10-01</cbc:IssueDate>']],
  ['BR-56', 'cac:TaxRepresentativeParty/cac:PartyTaxScheme/cbc:CompanyID', ['<cbc:CompanyID>FR40303265045</cbc:CompanyID>']],
  ['BR-57', `cac:Delivery/cac:DeliveryLocation/cac:Address/${country}`, ['<cbc:IdentificationCode>BE</cbc:IdentificationCode>', '<cbc:Name>Belgium</cbc:Name>']],
  ['BR-61', 'cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID', without('cac:PayeeFinancialAccount')],
  ['BR-62', `${seller}/cbc:EndpointID/@schemeID`, [' schemeID="0088"']],
  ['BR-63', `${buyer}/cbc:EndpointID/@schemeID`, [' schemeID="0106"']],
  ['BR-64', `${line}/cac:Item/cac:StandardItemIdentification/cbc:ID/@schemeID`, [' schemeID="0160"']],
  ['BR-65', `${line}/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode/@listID`, [' listID="STI"']],
  ['BR-CO-03', 'cbc:TaxPointDate', ['<cbc:DocumentCurrencyCode>', '<cbc:TaxPointDate>2026-11-03</cbc:TaxPointDate><cbc:DocumentCurrencyCode>'], ['</cac:InvoicePeriod>', '<cbc:DescriptionCode>35</cbc:DescriptionCode></cac:InvoicePeriod>']],
  ['BR-CO-04', `${second}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID`, without('cac:ClassifiedTaxCategory', 'Flux')],
  ['BR-CO-09', `${seller}/cac:PartyTaxScheme/cbc:CompanyID`, ['<cbc:CompanyID>DE811122233', '<cbc:CompanyID>811122233']],
  ['BR-CO-10', `${totals}/cbc:LineExtensionAmount`, more('LineExtensionAmount', '259.75', '259.76')],
  ['BR-CO-11', `${totals}/cbc:AllowanceTotalAmount`, more('AllowanceTotalAmount', '20.00', '20.01')],
  ['BR-CO-12', `${totals}/cbc:ChargeTotalAmount`, without('cbc:ChargeTotalAmount')],
  ['BR-CO-13', `${totals}/cbc:TaxExclusiveAmount`, more('TaxExclusiveAmount', '269.75', '269.74')],
  ['BR-CO-14', 'cac:TaxTotal[1]/cbc:TaxAmount', more('TaxAmount', '40.58', '40.59')],
  ['BR-CO-15', `${totals}/cbc:TaxInclusiveAmount`, more('TaxInclusiveAmount', '310.33', '310.34')],
  ['BR-CO-16', `${totals}/cbc:PayableAmount`, more('PayableAmount', '300.35', '310.35')],
  ['BR-CO-17', `${subtotal}/cbc:TaxAmount`, more('TaxAmount', '39.90', '40.90')],
  ['BR-CO-18', 'cac:TaxTotal/cac:TaxSubtotal', [/<cac:TaxSubtotal>[\s\S]*<\/cac:TaxSubtotal>/]],
  ['BR-CO-19', 'cac:InvoicePeriod/cbc:StartDate', [/<cbc:StartDate>2026-10-01[\s\S]*?<\/cbc:EndDate>/, '<cbc:Description>Autumn</cbc:Description>']],
  ['BR-CO-20', `${line}/cac:InvoicePeriod/cbc:StartDate`, [/<cbc:StartDate>2026-10-05[\s\S]*?<\/cbc:EndDate>/, '<cbc:Description>Autumn</cbc:Description>']],
  ['BR-CO-26', seller, without('cac:PartyIdentification', sellerPart), without('cac:PartyTaxScheme', sellerPart), without('cbc:CompanyID', 'GmbH<')],
  ['BR-DEC-01', `${allowance}/cbc:Amount`, more('Amount', '20.00', '20.001')],
  ['BR-DEC-02', `${allowance}/cbc:BaseAmount`, more('BaseAmount', '200.00', '200.001')],
  ['BR-DEC-05', `${charge}/cbc:Amount`, more('Amount', '30.00', '30.000')],
  ['BR-DEC-06', `${charge}/cbc:BaseAmount`, [after('<cbc:ChargeIndicator>true', '<cac:TaxCategory>'), `${eur('BaseAmount', '1.001')}</cbc:BaseAmount><cac:TaxCategory>`]],
  ['BR-DEC-09', `${totals}/cbc:LineExtensionAmount`, more('LineExtensionAmount', '259.75', '259.750')],
  ['BR-DEC-10', `${totals}/cbc:AllowanceTotalAmount`, more('AllowanceTotalAmount', '20.00', '20.000')],
  ['BR-DEC-11', `${totals}/cbc:ChargeTotalAmount`, more('ChargeTotalAmount', '30.00', '30.000')],
  ['BR-DEC-12', `${totals}/cbc:TaxExclusiveAmount`, more('TaxExclusiveAmount', '269.75', '269.750')],
  ['BR-DEC-13', 'cac:TaxTotal[1]/cbc:TaxAmount', more('TaxAmount', '40.58', '40.580')],
  ['BR-DEC-14', `${totals}/cbc:TaxInclusiveAmount`, more('TaxInclusiveAmount', '310.33', '310.330')],
  ['BR-DEC-16', `${totals}/cbc:PrepaidAmount`, more('PrepaidAmount', '10.00', '10.000')],
  ['BR-DEC-17', `${totals}/cbc:PayableRoundingAmount`, more('PayableRoundingAmount', '0.02', '0.020')],
  ['BR-DEC-18', `${totals}/cbc:PayableAmount`, more('PayableAmount', '300.35', '300.350')],
  ['BR-DEC-19', `${subtotal}/cbc:TaxableAmount`, more('TaxableAmount', '210.00', '210.000')],
  ['BR-DEC-20', `${subtotal}/cbc:TaxAmount`, more('TaxAmount', '39.90', '39.900')],
  ['BR-DEC-23', `${second}/cbc:LineExtensionAmount`, more('LineExtensionAmount', '9.75', '9.750')],
  ['BR-DEC-24', `${line}/cac:AllowanceCharge[1]/cbc:Amount`, [after(linePart, eur('Amount', '5\\.00')), eur('Amount', '5.000')]],
  ['BR-DEC-25', `${line}/cac:AllowanceCharge[1]/cbc:BaseAmount`, more('BaseAmount', '250.00', '250.000')],
  ['BR-DEC-27', `${line}/cac:AllowanceCharge[2]/cbc:Amount`, [after('>PC<', eur('Amount', '5\\.00')), eur('Amount', '5.000')]],
  ['BR-DEC-28', `${line}/cac:AllowanceCharge[2]/cbc:BaseAmount`, [after('>PC<', eur('BaseAmount', '250\\.00')), eur('BaseAmount', '250.000')]],
  ['BR-CL-01', 'cbc:InvoiceTypeCode', ['>380<', '>381<']],
  ['BR-CL-03', 'cac:TaxTotal[2]/cbc:TaxAmount/@currencyID', ['currencyID="SEK"', 'currencyID="SKK9"']],
  ['BR-CL-04', 'cbc:DocumentCurrencyCode', ['<cbc:DocumentCurrencyCode>EUR', '<cbc:DocumentCurrencyCode>EURO']],
  ['BR-CL-05', 'cbc:TaxCurrencyCode', ['<cbc:TaxCurrencyCode>SEK', '<cbc:TaxCurrencyCode>QQQ']],
  ['BR-CL-14', `${seller}/cac:PostalAddress/${country}`, ['<cbc:IdentificationCode>DE', '<cbc:IdentificationCode>UK']],
  ['BR-CL-16', 'cac:PaymentMeans/cbc:PaymentMeansCode', ['<cbc:PaymentMeansCode>58', '<cbc:PaymentMeansCode>SEPA']],
  ['BR-CL-17', `${charge}/cac:TaxCategory/cbc:ID`, [after(chargePart, '<cbc:ID>S'), '<cbc:ID>X']],
  ['BR-CL-18', `${second}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID`, [after('Flux', '<cbc:ID>S'), '<cbc:ID>X']],
  ['BR-CL-19', `${allowance}/cbc:AllowanceChargeReasonCode`, ['>95<', '>FC<']],
  ['BR-CL-20', `${charge}/cbc:AllowanceChargeReasonCode`, ['>FC<', '>95<']],
  ['BR-CL-23', `${second}/cbc:InvoicedQuantity/@unitCode`, ['unitCode="KGM"', 'unitCode="kilo"']],
  ['BR-CL-24', 'cac:AdditionalDocumentReference[1]/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode', ['application/pdf', 'application/x-sh']],
  ['BR-CL-25', `${seller}/cbc:EndpointID/@schemeID`, ['schemeID="0088"', 'schemeID="GLN"']],
  ['PEPPOL-EN16931-R001', 'cbc:ProfileID', without('cbc:ProfileID')],
  ['PEPPOL-EN16931-R002', 'cbc:Note[1]', ['<cbc:DocumentCurrencyCode>', '<cbc:Note>2</cbc:Note><cbc:DocumentCurrencyCode>']],
  ['PEPPOL-EN16931-R003', 'cbc:BuyerReference', without('cbc:BuyerReference'), without('cac:OrderReference')],
  ['PEPPOL-EN16931-R004', 'cbc:CustomizationID', ['#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0']],
  ['PEPPOL-EN16931-R005', 'cbc:TaxCurrencyCode', ['<cbc:TaxCurrencyCode>SEK', '<cbc:TaxCurrencyCode>EUR']],
  ['PEPPOL-EN16931-R007', 'cbc:ProfileID', ['billing:01:1.0', 'billing:1']],
  ['PEPPOL-EN16931-R008', 'cbc:BuyerReference', ['Dock 4']],
  ['PEPPOL-EN16931-R010', `${buyer}/cbc:EndpointID`, without('cbc:EndpointID', buyerPart)],
  ['PEPPOL-EN16931-R020', `${seller}/cbc:EndpointID`, without('cbc:EndpointID', sellerPart)],
  ['PEPPOL-EN16931-R040', `${allowance}/cbc:Amount`, ['Numeric>10<', 'Numeric>11<']],
  ['PEPPOL-EN16931-R041', `${allowance}/cbc:BaseAmount`, without('cbc:BaseAmount')],
  ['PEPPOL-EN16931-R042', `${allowance}/cbc:MultiplierFactorNumeric`, without('cbc:MultiplierFactorNumeric')],
  ['PEPPOL-EN16931-R043', `${charge}/cbc:ChargeIndicator`, [chargePart, '<cbc:ChargeIndicator>1']],
  ['PEPPOL-EN16931-R044', `${line}/cac:Price/cac:AllowanceCharge/cbc:ChargeIndicator`, [after('<cac:Price>', falsePart), chargePart]],
  ['PEPPOL-EN16931-R046', `${line}/cac:Price/cbc:PriceAmount`, more('BaseAmount', '22.50', '22.51')],
  ['PEPPOL-EN16931-R051', `${totals}/cbc:PayableAmount/@currencyID`, ['<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount currencyID="USD">']],
  ['PEPPOL-EN16931-R053', 'cac:TaxTotal[1]', [/<cac:TaxSubtotal>[\s\S]*<\/cac:TaxSubtotal>/]],
  ['PEPPOL-EN16931-R054', 'cac:TaxTotal[1]', without('cbc:TaxCurrencyCode')],
  ['PEPPOL-EN16931-R055', 'cbc:TaxCurrencyCode', ['>466.67<', '>-466.67<']],
  ['PEPPOL-EN16931-R061', 'cac:PaymentMeans/cac:PaymentMandate/cbc:ID', ['<cbc:PaymentMeansCode>58', '<cbc:PaymentMeansCode>59']],
  ['PEPPOL-EN16931-R100', `${line}/cac:DocumentReference[1]`, ['<cac:DocumentReference>', '<cac:DocumentReference><cbc:ID>A</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference><cac:DocumentReference>']],
  ['PEPPOL-EN16931-R101', `${line}/cac:DocumentReference/cbc:DocumentTypeCode`, [after('<cac:DocumentReference>', '>130<'), '>50<']],
  ['PEPPOL-EN16931-R110', `${line}/cac:InvoicePeriod/cbc:StartDate`, ['<cbc:StartDate>2026-10-05', '<cbc:StartDate>2026-09-30']],
  ['PEPPOL-EN16931-R111', `${line}/cac:InvoicePeriod/cbc:EndDate`, ['<cbc:EndDate>2026-10-20', '<cbc:EndDate>2026-11-01']],
  ['PEPPOL-EN16931-R120', `${line}/cbc:LineExtensionAmount`, ['<cbc:InvoicedQuantity unitCode="C62">100', '<cbc:InvoicedQuantity unitCode="C62">101']],
  ['PEPPOL-EN16931-R121', `${line}/cac:Price/cbc:BaseQuantity`, ['<cbc:BaseQuantity unitCode="C62">10', '<cbc:BaseQuantity unitCode="C62">0']],
  ['PEPPOL-EN16931-R130', `${line}/cac:Price/cbc:BaseQuantity/@unitCode`, ['<cbc:BaseQuantity unitCode="C62">', '<cbc:BaseQuantity unitCode="EA">']],
  ['PEPPOL-EN16931-P0100', 'cbc:InvoiceTypeCode', ['>380<', '>325<']],
  ['PEPPOL-EN16931-P0112', 'cbc:InvoiceTypeCode', ['>380<', '>384<']],
  ['PEPPOL-EN16931-F001', 'cbc:IssueDate', ['<cbc:IssueDate>2026-11-03', '<cbc:IssueDate>2026-11-03Z']],
  ['BR-CO-21', `${allowance}/cbc:AllowanceChargeReason`, without('cbc:AllowanceChargeReasonCode', falsePart), without('cbc:AllowanceChargeReason', falsePart)],
  ['BR-CO-22', `${charge}/cbc:AllowanceChargeReason`, without('cbc:AllowanceChargeReasonCode', chargePart), without('cbc:AllowanceChargeReason', chargePart)],
  ['BR-CO-23', `${line}/cac:AllowanceCharge[1]/cbc:AllowanceChargeReason`, without('cbc:AllowanceChargeReason', linePart)],
  ['BR-CO-24', `${line}/cac:AllowanceCharge[2]/cbc:AllowanceChargeReason`, without('cbc:AllowanceChargeReasonCode', linePart)],
  ['BR-B-01', `${seller}/cac:PostalAddress/${country}`, [after('Flux', '<cbc:ID>S'), '<cbc:ID>B']],
  ['BR-B-02', `${line}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID`, [after('Flux', '<cbc:ID>S'), '<cbc:ID>B']],
  ['BR-DEC-15', 'cac:TaxTotal[2]/cbc:TaxAmount', ['>466.67<', '>466.670<']],
  ['UBL-DT-01', `${line}/cac:AllowanceCharge[2]/cbc:BaseAmount`, [after('>PC<', eur('BaseAmount', '250\\.00')), eur('BaseAmount', '250.000')]],
  ['UBL-DT-06', 'cac:AdditionalDocumentReference[1]/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode', [' mimeCode="application/pdf"']],
  ['UBL-DT-07', 'cac:AdditionalDocumentReference[1]/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename', [' filename="sheet.pdf"']],
  ['BR-CL-06', 'cac:InvoicePeriod/cbc:DescriptionCode', ['</cac:InvoicePeriod>', '<cbc:DescriptionCode>29</cbc:DescriptionCode></cac:InvoicePeriod>']],
  ['BR-CL-07', 'cac:AdditionalDocumentReference[2]/cbc:ID/@schemeID', ['<cbc:ID>Meter 9', '<cbc:ID schemeID="Meter">Meter 9']],
  ['BR-CL-08', 'cbc:Note', ['<![CDATA[Pipes', '<![CDATA[#aai#Pipes']],
  ['BR-CL-10', `${seller}/cac:PartyIdentification/cbc:ID/@schemeID`, ['<cbc:ID>V-77', '<cbc:ID schemeID="GLN">V-77']],
  ['BR-CL-11', `${seller}/cac:PartyLegalEntity/cbc:CompanyID/@schemeID`, ['<cbc:CompanyID>HRB', '<cbc:CompanyID schemeID="HRB">HRB']],
  ['BR-CL-13', `${line}/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode/@listID`, ['listID="STI"', 'listID="UNSPSC"']],
  ['BR-CL-15', `${line}/cac:Item/cac:OriginCountry/cbc:IdentificationCode`, ['<cac:CommodityClassification>', '<cac:OriginCountry><cbc:IdentificationCode>UK</cbc:IdentificationCode></cac:OriginCountry><cac:CommodityClassification>']],
  ['BR-CL-21', `${line}/cac:Item/cac:StandardItemIdentification/cbc:ID/@schemeID`, ['schemeID="0160"', 'schemeID="GTIN"']],
  ['BR-CL-22', 'cac:TaxTotal[1]/cac:TaxSubtotal[3]/cac:TaxCategory/cbc:TaxExemptionReasonCode', ['<cbc:TaxExemptionReason>', '<cbc:TaxExemptionReasonCode>132</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>']],
  ['BR-CL-26', 'cac:Delivery/cac:DeliveryLocation/cbc:ID/@schemeID', ['<cac:DeliveryLocation>', '<cac:DeliveryLocation><cbc:ID schemeID="GLN">1</cbc:ID>']],
  ['PEPPOL-EN16931-CL001', 'cac:AdditionalDocumentReference[1]/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode', ['application/pdf', 'text/xml']],
  ['PEPPOL-EN16931-CL002', `${allowance}/cbc:AllowanceChargeReasonCode`, ['>95<', '>96<']],
  ['PEPPOL-EN16931-CL003', `${charge}/cbc:AllowanceChargeReasonCode`, ['>FC<', '>95<']],
  ['PEPPOL-EN16931-CL006', 'cac:InvoicePeriod/cbc:DescriptionCode', ['</cac:InvoicePeriod>', '<cbc:DescriptionCode>29</cbc:DescriptionCode></cac:InvoicePeriod>']],
  ['PEPPOL-EN16931-CL007', 'cac:TaxTotal[2]/cbc:TaxAmount/@currencyID', ['currencyID="SEK"', 'currencyID="SKK9"']],
  ['PEPPOL-EN16931-CL008', `${seller}/cbc:EndpointID/@schemeID`, ['schemeID="0088"', 'schemeID="GLN"']],
  ...(['G', 'O', 'IC', 'AE', 'D', 'F', 'I', 'J'] as const).map((reason, index): readonly [string, string, Change] => [
    `PEPPOL-EN16931-P01${String(index + 4).padStart(2, '0')}`,
    `${subtotal}/cac:TaxCategory/cbc:ID`,
    [after('<cac:TaxSubtotal>', '<cac:TaxScheme>'), `<cbc:TaxExemptionReasonCode>VATEX-EU-${reason}</cbc:TaxExemptionReasonCode><cac:TaxScheme>`],
  ]),
] // biome-ignore format: a table

/** The same of a credit note. */
const ofCreditNotes: readonly (readonly [string, string, string])[] = [
  ['BR-IC-11', 'cac:Delivery/cbc:ActualDeliveryDate', changed(ofCategory('K'), without('cbc:ActualDeliveryDate'))],
  ['BR-IC-12', `cac:Delivery/cac:DeliveryLocation/cac:Address/${country}`, changed(ofCategory('K'), without('cac:DeliveryLocation'))],
  ['BR-O-11', 'cac:TaxTotal/cac:TaxSubtotal[2]/cac:TaxCategory/cbc:ID', changed(ofCategory('O'), ['</cac:TaxSubtotal>', '</cac:TaxSubtotal><cac:TaxSubtotal><cac:TaxCategory><cbc:ID>Z</cbc:ID></cac:TaxCategory></cac:TaxSubtotal>'])],
  ['BR-O-12', 'cac:CreditNoteLine/cac:Item/cac:ClassifiedTaxCategory/cbc:ID', changed(ofCategory('O'), [after('<cac:ClassifiedTaxCategory>', '<cbc:ID>O'), '<cbc:ID>Z'])],
  ['BR-O-13', 'cac:AllowanceCharge[2]/cac:TaxCategory/cbc:ID', changed(ofCategory('O'), [after(falsePart, '<cbc:ID>O'), '<cbc:ID>Z'])],
  ['BR-O-14', 'cac:AllowanceCharge[1]/cac:TaxCategory/cbc:ID', changed(ofCategory('O'), [after(chargePart, '<cbc:ID>O'), '<cbc:ID>Z'])],
  ['PEPPOL-EN16931-R080', 'cac:AdditionalDocumentReference[1]', changed(creditNoteXml, [sellerPart, `${reference('50').repeat(2)}${sellerPart}`])],
  ['PEPPOL-EN16931-P0101', 'cbc:CreditNoteTypeCode', changed(creditNoteXml, ['>381<', '>458<'])],
] // biome-ignore format: a table

describe('a document', () => {
  it('of each kind is taken as it should be', () => {
    expect(refusalsOf(invoiceXml)).toEqual([])
    expect(refusalsOf(creditNoteXml)).toEqual([])
  })

  it.each(rows.map(([rule, element, ...changes]) => ({ rule, element, changes })))(
    'that breaks $rule is refused at $element',
    ({ rule, element, changes }) => {
      expect(refusalsOf(changed(invoiceXml, ...changes))).toContain(`${rule} ${element}`)
    },
  )

  it.each(ofCreditNotes)('that breaks %s is refused at %s', (rule, element, xml) => {
    expect(refusalsOf(xml)).toContain(`${rule} ${element}`)
  })

  it('needs no due day: the buyer has usual terms', () => {
    expect(refusalsOf(changed(invoiceXml, without('cbc:DueDate'), without('cac:PaymentTerms')))).toEqual([])
  })

  it('is not held against Peppol’s rules if it does not say to follow them', () => {
    const plain = changed(
      invoiceXml,
      ['#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0'],
      ['urn:fdc:peppol.eu:2017:poacc:billing:01:1.0', 'Our process'],
    )
    expect(
      refusalsOf(changed(plain, without('cbc:EndpointID'), ['<cbc:ChargeIndicator>true', '<cbc:ChargeIndicator>1'])),
    ).toEqual([])
  })
})

describe('the tables', () => {
  const broken = [...rows, ...ofCreditNotes].map(([rule]) => rule)
  const ofCategories = /^BR-(S|Z|E|AE|IC|G|O|AF|AG)-(0\d|10)$/

  it('break each rule', () => {
    // What may be there once has a table of its own.
    const rules = [...new Set(ublRules.map(({ id }) => id))].filter(
      (id) => !/^UBL-SR/.test(id) && !ofCategories.test(id),
    )
    expect([...broken].sort()).toEqual(rules.sort())
  })

  it('stand in docs/ubl.md', () => {
    const docs = new URL('../../../docs/', import.meta.url)
    expect(readdirSync(docs)).toContain('ubl.md')
    const page = readFileSync(new URL('ubl.md', docs), 'utf8')
    expect(ublRules.map(({ id }) => id).filter((id) => !ofCategories.test(id) && !page.includes(id))).toEqual([])
  })
})
