import { describe, expect, it } from 'vitest'
import { occurrenceRules } from '../../../functions/ubl/rules/occurrence.ts'
import { type Change, changed, creditNoteXml, invoiceXml, refusalsOf } from './ubl-files.ts'

const seller = 'cac:AccountingSupplierParty/cac:Party'
const buyer = 'cac:AccountingCustomerParty/cac:Party'
const sellerPart = '<cac:AccountingSupplierParty>'
const buyerPart = '<cac:AccountingCustomerParty>'
const payeePart = '<cac:PayeeParty>'
const representativePart = '<cac:TaxRepresentativeParty>'
const linePart = '<cac:InvoiceLine>'
const line = 'cac:InvoiceLine[1]'

/** Puts text before the first place of another, after a part of the document. */
const put = (find: string, text: string, part = ''): Change => [
  new RegExp(`(?<=${part}[\\s\\S]*?)${find}`),
  `${text}${find}`,
]
const twice = (text: string) => text.repeat(2)
const id = (name: string, number = '1') => `<cac:${name}><cbc:ID>${number}</cbc:ID></cac:${name}>`
const named = (name: string) => `<cac:PartyName><cbc:Name>${name}</cbc:Name></cac:PartyName>`
const scheme = (company: string, taxScheme: string) =>
  `<cac:PartyTaxScheme>${company}<cac:TaxScheme><cbc:ID>${taxScheme}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`
const taxed = (number: string, taxScheme = 'VAT') => scheme(`<cbc:CompanyID>${number}</cbc:CompanyID>`, taxScheme)
const reason = '<cbc:AllowanceChargeReason>Why</cbc:AllowanceChargeReason>'
const object = (number: string, more = '') =>
  `<cac:AdditionalDocumentReference><cbc:ID${more}>${number}</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>`
const means = (code: string, more = '') =>
  `<cac:PaymentMeans><cbc:PaymentMeansCode>${code}</cbc:PaymentMeansCode>${more}</cac:PaymentMeans>`
const mandate = id('PaymentMandate')
const card = '<cac:CardAccount><cbc:PrimaryAccountNumberID>1234</cbc:PrimaryAccountNumberID><cbc:NetworkID>VISA</cbc:NetworkID></cac:CardAccount>' // biome-ignore format: one element
const due = '<cbc:PaymentDueDate>2026-12-03</cbc:PaymentDueDate>'
const period = '<cac:InvoicePeriod><cbc:StartDate>2026-10-05</cbc:StartDate></cac:InvoicePeriod>'

/** Each rule, the element that it names, and what is put where to break it. */
const rows: readonly (readonly [string, string, ...changes: Change[]])[] = [
  ['UBL-SR-01', 'cac:ContractDocumentReference[1]/cbc:ID', put(sellerPart, twice(id('ContractDocumentReference')))],
  ['UBL-SR-02', 'cac:ReceiptDocumentReference[1]/cbc:ID', put(sellerPart, twice(id('ReceiptDocumentReference')))],
  ['UBL-SR-03', 'cac:DespatchDocumentReference[1]/cbc:ID', put(sellerPart, twice(id('DespatchDocumentReference')))],
  ['UBL-SR-04', 'cac:AdditionalDocumentReference[1]', put(sellerPart, object('Meter 10'))],
  ['UBL-SR-05', 'cac:PaymentTerms[1]/cbc:Note', put('<cac:PaymentTerms>', '<cac:PaymentTerms><cbc:Note>10 days</cbc:Note></cac:PaymentTerms>')],
  ['UBL-SR-06', 'cac:BillingReference/cac:InvoiceDocumentReference[1]', put('</cac:BillingReference>', id('InvoiceDocumentReference'))],
  ['UBL-SR-07', 'cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID', [/<cac:InvoiceDocumentReference>[\s\S]*?<\/cac:InvoiceDocumentReference>/, '']],
  ['UBL-SR-08', 'cac:InvoicePeriod[1]', put('<cac:OrderReference>', period)],
  ['UBL-SR-09', `${seller}/cac:PartyLegalEntity/cbc:RegistrationName[1]`, put('<cbc:RegistrationName>', '<cbc:RegistrationName>Pipes</cbc:RegistrationName>', sellerPart)],
  ['UBL-SR-10', `${seller}/cac:PartyName[1]/cbc:Name`, put('<cac:PartyName>', named('Pipes'), sellerPart)],
  ['UBL-SR-11', `${seller}/cac:PartyLegalEntity/cbc:CompanyID[1]`, put('</cac:PartyLegalEntity>', '<cbc:CompanyID>HRB 1</cbc:CompanyID>', sellerPart)],
  ['UBL-SR-12', `${seller}/cac:PartyTaxScheme[1]`, put('<cac:PartyLegalEntity>', taxed('FR40303265045'), sellerPart)],
  ['UBL-SR-13', `${seller}/cac:PartyTaxScheme[1]`, put('<cac:PartyLegalEntity>', taxed('1', 'TAX') + taxed('2', 'TAX'), sellerPart)],
  ['UBL-SR-14', `${seller}/cac:PartyLegalEntity/cbc:CompanyLegalForm[1]`, put('</cac:PartyLegalEntity>', twice('<cbc:CompanyLegalForm>GmbH</cbc:CompanyLegalForm>'), sellerPart)],
  ['UBL-SR-15', `${buyer}/cac:PartyLegalEntity/cbc:RegistrationName[1]`, put('<cbc:RegistrationName>', '<cbc:RegistrationName>Sea</cbc:RegistrationName>', buyerPart)],
  ['UBL-SR-16', `${buyer}/cac:PartyIdentification[1]/cbc:ID`, put('<cac:PostalAddress>', twice(id('PartyIdentification')), buyerPart)],
  ['UBL-SR-17', `${buyer}/cac:PartyLegalEntity/cbc:CompanyID[1]`, put('</cac:PartyLegalEntity>', twice('<cbc:CompanyID>1</cbc:CompanyID>'), buyerPart)],
  ['UBL-SR-18', `${buyer}/cac:PartyTaxScheme[1]`, put('<cac:PartyLegalEntity>', taxed('FR40303265045'), buyerPart)],
  ['UBL-SR-19', 'cac:PayeeParty/cac:PartyName[1]/cbc:Name', put('<cac:PartyName>', named('Other'), payeePart)],
  ['UBL-SR-19', 'cac:PayeeParty/cac:PartyName/cbc:Name', ['Factor Bank', 'Kessel &amp; Rohr GmbH']],
  ['UBL-SR-20', 'cac:PayeeParty/cac:PartyIdentification[1]/cbc:ID', put('<cac:PartyName>', twice(id('PartyIdentification')), payeePart)],
  ['UBL-SR-21', 'cac:PayeeParty/cac:PartyLegalEntity/cbc:CompanyID[1]', put('</cac:PayeeParty>', `<cac:PartyLegalEntity>${twice('<cbc:CompanyID>1</cbc:CompanyID>')}</cac:PartyLegalEntity>`)],
  ['UBL-SR-22', 'cac:TaxRepresentativeParty/cac:PartyName[1]/cbc:Name', put('<cac:PartyName>', named('Other'), representativePart)],
  ['UBL-SR-23', 'cac:TaxRepresentativeParty/cac:PartyTaxScheme[1]/cbc:CompanyID', put('<cac:PartyTaxScheme>', taxed('FR1'), representativePart)],
  ['UBL-SR-24', 'cac:Delivery[1]', put('<cac:Delivery>', '<cac:Delivery><cbc:ActualDeliveryDate>2026-10-21</cbc:ActualDeliveryDate></cac:Delivery>')],
  ['UBL-SR-25', 'cac:Delivery/cac:DeliveryParty/cac:PartyName[1]/cbc:Name', put('</cac:Delivery>', `<cac:DeliveryParty>${named('A')}${named('B')}</cac:DeliveryParty>`)],
  ['UBL-SR-26', 'cac:PaymentMeans/cbc:PaymentID[1]', put('<cbc:PaymentID>', '<cbc:PaymentID>RF18 0815</cbc:PaymentID>')],
  ['UBL-SR-27', 'cac:PaymentMeans/cbc:PaymentMeansCode[1]', put('<cbc:PaymentID>', '<cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>')],
  ['UBL-SR-28', 'cac:PaymentMeans/cac:PaymentMandate[1]/cbc:ID', put('</cac:PaymentMeans>', twice(mandate))],
  ['UBL-SR-29', `${seller}/cac:PartyIdentification[3]/cbc:ID`, put('<cac:PartyName>', twice('<cac:PartyIdentification><cbc:ID schemeID="SEPA">1</cbc:ID></cac:PartyIdentification>'), sellerPart)],
  ['UBL-SR-30', 'cac:AllowanceCharge[2]/cbc:AllowanceChargeReason[1]', put('<cbc:AllowanceChargeReason>Discount', reason)],
  ['UBL-SR-31', 'cac:AllowanceCharge[1]/cbc:AllowanceChargeReason[1]', put('<cbc:AllowanceChargeReason>Freight', reason)],
  ['UBL-SR-32', 'cac:TaxTotal[1]/cac:TaxSubtotal[3]/cac:TaxCategory/cbc:TaxExemptionReason[1]', put('<cbc:TaxExemptionReason>', '<cbc:TaxExemptionReason>School</cbc:TaxExemptionReason>')],
  ['UBL-SR-33', 'cac:AdditionalDocumentReference[1]/cbc:DocumentDescription[1]', put('<cac:Attachment>', twice('<cbc:DocumentDescription>Sheet</cbc:DocumentDescription>'))],
  ['UBL-SR-34', `${line}/cbc:Note[1]`, put('<cbc:InvoicedQuantity', twice('<cbc:Note>Note</cbc:Note>'))],
  ['UBL-SR-35', `${line}/cac:OrderLineReference[1]/cbc:LineID`, put('<cac:OrderLineReference>', '<cac:OrderLineReference><cbc:LineID>20</cbc:LineID></cac:OrderLineReference>')],
  ['UBL-SR-36', `${line}/cac:InvoicePeriod[1]`, put('<cac:InvoicePeriod>', period, linePart)],
  ['UBL-SR-37', `${line}/cac:Price/cac:AllowanceCharge[1]/cbc:Amount`, put('</cac:Price>', '<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">0</cbc:Amount></cac:AllowanceCharge>')],
  ['UBL-SR-39', 'cac:ProjectReference[1]/cbc:ID', put(sellerPart, twice(id('ProjectReference')))],
  ['UBL-SR-40', `${buyer}/cac:PartyName[1]/cbc:Name`, put('<cac:PostalAddress>', named('A') + named('B'), buyerPart)],
  ['UBL-SR-42', `${seller}/cac:PartyTaxScheme[1]`, put('<cac:PartyLegalEntity>', taxed('1', 'TAX') + taxed('2', 'LOC'), sellerPart)],
  ['UBL-SR-43', 'cac:AdditionalDocumentReference[1]/cbc:DocumentTypeCode', ['<cbc:ID>Sheet 1', '<cbc:ID schemeID="ABZ">Sheet 1']],
  ['UBL-SR-43', 'cac:AdditionalDocumentReference[2]/cbc:DocumentTypeCode', ['<cbc:DocumentTypeCode>130', '<cbc:DocumentTypeCode>50']],
  ['UBL-SR-44', 'cac:PaymentMeans[2]/cbc:PaymentID', put('<cac:PaymentTerms>', means('58', '<cbc:PaymentID>Other</cbc:PaymentID>'))],
  ['UBL-SR-45', 'cac:PaymentMeans[2]/cbc:PaymentDueDate', put('<cac:PaymentTerms>', twice(means('58', due)))],
  ['UBL-SR-46', 'cac:PaymentMeans[1]/cbc:PaymentMeansCode', put('<cac:PaymentTerms>', twice('<cac:PaymentMeans><cbc:PaymentMeansCode name="Transfer">58</cbc:PaymentMeansCode></cac:PaymentMeans>'))],
  ['UBL-SR-47', 'cac:PaymentMeans[2]/cbc:PaymentMeansCode', put('<cac:PaymentTerms>', means('48'))],
  ['UBL-SR-48', `${line}/cac:Item/cac:ClassifiedTaxCategory[1]`, put('<cac:AdditionalItemProperty>', '<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID></cac:ClassifiedTaxCategory>')],
  ['UBL-SR-49', 'cac:InvoicePeriod/cbc:DescriptionCode[1]', put('</cac:InvoicePeriod>', twice('<cbc:DescriptionCode>35</cbc:DescriptionCode>'))],
  ['UBL-SR-50', `${line}/cac:Item/cbc:Description[1]`, put('<cbc:Description>', '<cbc:Description>Bent</cbc:Description>', linePart)],
  ['UBL-SR-51', `${seller}/cac:PostalAddress/cac:AddressLine[1]`, put('<cac:Country>', twice('<cac:AddressLine><cbc:Line>2</cbc:Line></cac:AddressLine>'), sellerPart)],
  ['UBL-SR-52', `${line}/cac:DocumentReference[1]`, put('<cac:DocumentReference>', id('DocumentReference'))],
  ['UBL-SR-53', `${seller}/cac:PartyTaxScheme[2]/cbc:CompanyID`, put('<cac:PartyLegalEntity>', scheme('', 'TAX'), sellerPart)],
  ['UBL-SR-54', 'cac:PaymentMeans/cac:CardAccount[1]', put('</cac:PaymentMeans>', twice(card))],
  ['UBL-SR-55', 'cac:PaymentMeans/cac:PaymentMandate[1]', put('</cac:PaymentMeans>', twice(mandate))],
  ['UBL-SR-56', 'cac:OriginatorDocumentReference[1]/cbc:ID', put(sellerPart, twice(id('OriginatorDocumentReference')))],
] // biome-ignore format: a table

describe('what may be there once', () => {
  it.each(rows.map(([rule, element, ...changes]) => ({ rule, element, changes })))(
    'breaks $rule at $element',
    ({ rule, element, changes }) => {
      expect(refusalsOf(changed(invoiceXml, ...changes))).toContain(`${rule} ${element}`)
    },
  )

  it('is broken by each rule of the table', () => {
    expect([...new Set(rows.map(([rule]) => rule))]).toEqual(occurrenceRules.map(({ id }) => id))
  })

  it.each([
    ['a tax number besides that for VAT', put('<cac:PartyLegalEntity>', taxed('1', 'TAX'), sellerPart)],
    ['a reference of the creditor besides the payee’s number', put('<cac:PartyName>', `${id('PartyIdentification')}<cac:PartyIdentification><cbc:ID schemeID="SEPA">1</cbc:ID></cac:PartyIdentification>`, payeePart)],
    ['a second account for the same way to pay', put('<cac:PaymentTerms>', means('58', '<cac:PayeeFinancialAccount><cbc:ID>DE1</cbc:ID></cac:PayeeFinancialAccount>'))],
    ['a scheme of an invoiced object', ['<cbc:ID>Meter 9', '<cbc:ID schemeID="ABZ">Meter 9'] satisfies Change],
  ] as const)('may have %s', (_what, change) => {
    expect(refusalsOf(changed(invoiceXml, change))).toEqual([])
  }) // biome-ignore format: a table

  it('may name a project (50) in a credit note', () => {
    const project = '<cac:AdditionalDocumentReference><cbc:ID>P</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>'
    expect(refusalsOf(changed(creditNoteXml, put(sellerPart, project)))).toEqual([])
  }) // biome-ignore format: one element
})
