import { type Exact, exact, fixed, minus, plain, plus, times, total } from '../oracle/decimal.ts'
import { grossOf, netOf, netOfLine, taxOf } from './oracle/amounts.ts'
import type { CreditNote, Invoice } from './oracle/match.ts'
import { type BilledLine, currencies, type PurchaseStory } from './story.ts'

const namespace = 'urn:oasis:names:specification:ubl:schema:xsd'
const norm = '<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>'
const peppol = `<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>`

/** The same document as its supplier would send it over Peppol; one in yen by the norm alone, since Peppol knows cents in a line. */
export function ublOf(story: PurchaseStory, bill: Invoice | CreditNote, today: string, dueOn?: string): string {
  const { currency, supplier, number: purchase } = story
  const { digits } = currencies[currency]
  const isCredit = bill.kind === 'supplier-credit-note'
  const root = isCredit ? 'CreditNote' : 'Invoice'
  const amount = (name: string, value: Exact | string) =>
    `<cbc:${name} currencyID="${currency}">${typeof value === 'string' ? value : fixed(value, digits)}</cbc:${name}>`
  const { freight } = bill
  const rates = [...new Set([...bill.lines.map(({ taxRate }) => taxRate), ...(freight ? ['0'] : [])])]
  const subtotals = rates.map((rate) => {
    const lines = bill.lines.filter(({ taxRate }) => taxRate === rate)
    const goods = total(lines.map((line) => netOfLine(line, digits)))
    const base = rate === '0' ? plus(goods, exact(freight ?? '0')) : goods
    return `<cac:TaxSubtotal>${amount('TaxableAmount', base)}${amount('TaxAmount', taxOf({ ...bill, lines }, digits))}${taxed('TaxCategory', rate)}</cac:TaxSubtotal>`
  })
  const [net, gross] = [netOf(bill, digits), grossOf(bill, digits)]
  const charge = freight
    ? `<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>${amount('Amount', freight)}${taxed('TaxCategory', '0')}</cac:AllowanceCharge>`
    : ''
  const [lineName, quantityName] = isCredit
    ? ['CreditNoteLine', 'CreditedQuantity']
    : ['InvoiceLine', 'InvoicedQuantity']
  const lineOf = (line: BilledLine, index: number) =>
    `<cac:${lineName}><cbc:ID>${index + 1}</cbc:ID><cbc:${quantityName} unitCode="C62">${line.quantity}</cbc:${quantityName}>
${amount('LineExtensionAmount', netOfLine(line, digits))}<cac:OrderLineReference><cbc:LineID>${line.line}</cbc:LineID></cac:OrderLineReference>
<cac:Item><cbc:Name>Goods</cbc:Name>${taxed('ClassifiedTaxCategory', line.taxRate)}</cac:Item>
<cac:Price>${amount('PriceAmount', plain(discounted(line)))}</cac:Price></cac:${lineName}>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="${namespace}:${root}-2" xmlns:cac="${namespace}:CommonAggregateComponents-2" xmlns:cbc="${namespace}:CommonBasicComponents-2">
${digits === 2 ? peppol : norm}
<cbc:ID>${bill.number}</cbc:ID><cbc:IssueDate>${today}</cbc:IssueDate>${dueOn === undefined ? '' : `<cbc:DueDate>${dueOn}</cbc:DueDate>`}
<cbc:${root}TypeCode>${isCredit ? '381' : '380'}</cbc:${root}TypeCode><cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>${purchase}</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty>${party(supplier)}</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty>${party('main')}</cac:AccountingCustomerParty>
${charge}<cac:TaxTotal>${amount('TaxAmount', taxOf(bill, digits))}${subtotals.join('')}</cac:TaxTotal>
<cac:LegalMonetaryTotal>${amount('LineExtensionAmount', minus(net, exact(freight ?? '0')))}${amount('TaxExclusiveAmount', net)}${amount('TaxInclusiveAmount', gross)}${freight ? amount('ChargeTotalAmount', freight) : ''}${amount('PayableAmount', gross)}</cac:LegalMonetaryTotal>
${bill.lines.map(lineOf).join('\n')}
</${root}>`
}

/** What a piece costs after its discount. */
function discounted({ unitPrice, discount = '0' }: BilledLine): Exact {
  return times(exact(unitPrice), minus(exact('1'), exact(discount)))
}

/** Registered for tax under a number of its own, so that it is known by its legal registration: the buyer's own name for it. */
function party(id: string): string {
  return `<cac:Party><cbc:EndpointID schemeID="0088">4012345000009</cbc:EndpointID>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>201/123/40001</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>${id}</cbc:RegistrationName><cbc:CompanyID>${id}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>`
}

function taxed(name: string, rate: string): string {
  return `<cac:${name}><cbc:ID>${rate === '0' ? 'Z' : 'S'}</cbc:ID><cbc:Percent>${rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:${name}>`
}
