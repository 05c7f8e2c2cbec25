import { all, first, isCharge, isVat, textAt } from '../element.ts'
import { everyElement, type UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'
import { hasOne, type Rule, requires } from './rule.ts'

const seller = 'cac:AccountingSupplierParty/cac:Party'
const buyer = 'cac:AccountingCustomerParty/cac:Party'
const isSepa = ({ attributes }: XmlElement) => attributes.schemeID?.toUpperCase() === 'SEPA'
const named = (name: string) => (document: UblDocument) =>
  everyElement(document).filter((element) => element.name === name)
const entries = (charge: boolean) => (document: UblDocument) =>
  named('cac:AllowanceCharge')(document).filter((entry) => isCharge(entry) === charge)

/**
 * What the binding of EN 16931 to UBL wants once, where UBL itself takes many: of two, one would be passed over in silence.
 * The names are those of the binding.
 */
export const occurrenceRules: readonly Rule[] = [
  once('UBL-SR-01', '.', 'cac:ContractDocumentReference/cbc:ID'),
  once('UBL-SR-02', '.', 'cac:ReceiptDocumentReference/cbc:ID'),
  once('UBL-SR-03', '.', 'cac:DespatchDocumentReference/cbc:ID'),
  once('UBL-SR-04', '.', 'cac:AdditionalDocumentReference', (at) => textAt(at, 'cbc:DocumentTypeCode') === '130' && hasOne(at, 'cbc:ID')),
  once('UBL-SR-05', '.', 'cac:PaymentTerms/cbc:Note'),
  once('UBL-SR-06', 'cac:BillingReference', 'cac:InvoiceDocumentReference'),
  requires('UBL-SR-07', 'cac:BillingReference', 'cac:InvoiceDocumentReference/cbc:ID', 'must name the invoice that is corrected'),
  once('UBL-SR-08', '.', 'cac:InvoicePeriod'),
  once('UBL-SR-09', '.', `${seller}/cac:PartyLegalEntity/cbc:RegistrationName`),
  once('UBL-SR-10', '.', `${seller}/cac:PartyName/cbc:Name`),
  once('UBL-SR-11', '.', `${seller}/cac:PartyLegalEntity/cbc:CompanyID`),
  once('UBL-SR-12', '.', `${seller}/cac:PartyTaxScheme`, (at) => isVat(at) && hasOne(at, 'cbc:CompanyID')),
  once('UBL-SR-13', '.', `${seller}/cac:PartyTaxScheme`, (at) => !isVat(at) && hasOne(at, 'cac:TaxScheme/cbc:ID') && hasOne(at, 'cbc:CompanyID')),
  once('UBL-SR-14', '.', `${seller}/cac:PartyLegalEntity/cbc:CompanyLegalForm`),
  once('UBL-SR-15', '.', `${buyer}/cac:PartyLegalEntity/cbc:RegistrationName`),
  once('UBL-SR-16', '.', `${buyer}/cac:PartyIdentification/cbc:ID`),
  once('UBL-SR-17', '.', `${buyer}/cac:PartyLegalEntity/cbc:CompanyID`),
  once('UBL-SR-18', '.', `${buyer}/cac:PartyTaxScheme`, (at) => isVat(at) && hasOne(at, 'cbc:CompanyID')),
  ofOtherPayee('UBL-SR-19', 'cac:PartyName/cbc:Name'),
  ofOtherPayee('UBL-SR-20', 'cac:PartyIdentification/cbc:ID'),
  ofOtherPayee('UBL-SR-21', 'cac:PartyLegalEntity/cbc:CompanyID'),
  once('UBL-SR-22', 'cac:TaxRepresentativeParty', 'cac:PartyName/cbc:Name'),
  once('UBL-SR-23', 'cac:TaxRepresentativeParty', 'cac:PartyTaxScheme/cbc:CompanyID'),
  once('UBL-SR-24', '.', 'cac:Delivery'),
  once('UBL-SR-25', 'cac:Delivery', 'cac:DeliveryParty/cac:PartyName/cbc:Name'),
  once('UBL-SR-26', 'cac:PaymentMeans', 'cbc:PaymentID'),
  once('UBL-SR-27', 'cac:PaymentMeans', 'cbc:PaymentMeansCode'),
  once('UBL-SR-28', 'cac:PaymentMeans', 'cac:PaymentMandate/cbc:ID'),
  {
    id: 'UBL-SR-29',
    at: (document) => named('cac:PartyIdentification')(document).flatMap((party) => all(party, 'cbc:ID')).filter(isSepa).slice(1),
    element: '.',
    says: 'must be there once, as the bank’s reference of the creditor (SEPA)',
    holds: () => false,
  },
  once('UBL-SR-30', entries(false), 'cbc:AllowanceChargeReason'),
  once('UBL-SR-31', entries(true), 'cbc:AllowanceChargeReason'),
  once('UBL-SR-32', named('cac:TaxSubtotal'), 'cac:TaxCategory/cbc:TaxExemptionReason'),
  once('UBL-SR-33', 'cac:AdditionalDocumentReference', 'cbc:DocumentDescription'),
  once('UBL-SR-34', 'line', 'cbc:Note'),
  once('UBL-SR-35', 'line', 'cac:OrderLineReference/cbc:LineID'),
  once('UBL-SR-36', 'line', 'cac:InvoicePeriod'),
  once('UBL-SR-37', 'line', 'cac:Price/cac:AllowanceCharge/cbc:Amount'),
  once('UBL-SR-39', '.', 'cac:ProjectReference/cbc:ID'),
  once('UBL-SR-40', '.', `${buyer}/cac:PartyName/cbc:Name`),
  { id: 'UBL-SR-42', at: seller, element: 'cac:PartyTaxScheme', says: 'must be there twice at most', holds: (at) => all(at, 'cac:PartyTaxScheme').length <= 2 },
  {
    id: 'UBL-SR-43',
    at: 'cac:AdditionalDocumentReference',
    element: 'cbc:DocumentTypeCode',
    says: 'must be 130 (an invoiced object), where there is one or a scheme; 50 in a credit note',
    holds: (at, { kind }) => {
      const type = textAt(at, 'cbc:DocumentTypeCode')
      if (type === undefined) return first(at, 'cbc:ID')?.attributes.schemeID === undefined
      return type === '130' || (type === '50' && kind === 'credit-note')
    },
  },
  alike('UBL-SR-44', 'cbc:PaymentID', 'must be the same wherever it stands'),
  once('UBL-SR-45', '.', 'cac:PaymentMeans/cbc:PaymentDueDate'),
  once('UBL-SR-46', '.', 'cac:PaymentMeans/cbc:PaymentMeansCode', ({ attributes }) => attributes.name !== undefined, 'must have a name once at most'),
  alike('UBL-SR-47', 'cbc:PaymentMeansCode', 'must be the same for all ways to pay'),
  {
    id: 'UBL-SR-48',
    at: 'line',
    element: 'cac:Item/cac:ClassifiedTaxCategory',
    says: 'must be there once',
    holds: (at) => all(at, 'cac:Item/cac:ClassifiedTaxCategory').length === 1,
  },
  once('UBL-SR-49', '.', 'cac:InvoicePeriod/cbc:DescriptionCode'),
  once('UBL-SR-50', 'line', 'cac:Item/cbc:Description'),
  once('UBL-SR-51', (document) => [...named('cac:PostalAddress')(document), ...named('cac:Address')(document)], 'cac:AddressLine'),
  once('UBL-SR-52', 'line', 'cac:DocumentReference'),
  {
    id: 'UBL-SR-53',
    at: named('cac:PartyTaxScheme'),
    element: 'cbc:CompanyID',
    says: 'must be there with the name of its scheme (cac:TaxScheme/cbc:ID)',
    holds: (at) => all(at, 'cac:TaxScheme/cbc:ID').length > 0 && all(at, 'cbc:CompanyID').length > 0,
  },
  once('UBL-SR-54', '.', 'cac:PaymentMeans/cac:CardAccount'),
  once('UBL-SR-55', '.', 'cac:PaymentMeans/cac:PaymentMandate'),
  once('UBL-SR-56', '.', 'cac:OriginatorDocumentReference/cbc:ID'),
] // biome-ignore format: a table

function once(
  id: string,
  at: Rule['at'],
  element: string,
  isMeant: (found: XmlElement) => boolean = () => true,
  says = 'must be there once at most',
): Rule {
  return { id, at, element, says, holds: (place) => all(place, element).filter(isMeant).length <= 1 }
}

/** Somebody else than the seller, known by one of each; a SEPA reference besides. */
function ofOtherPayee(id: string, element: string): Rule {
  return {
    id,
    at: 'cac:PayeeParty',
    element,
    says: 'must be there once at most, for a payee of another name than the seller',
    holds: (at, { root }) => {
      const [name, ofSeller] = [
        textAt(at, 'cac:PartyName/cbc:Name'),
        textAt(root, `${seller}/cac:PartyLegalEntity/cbc:RegistrationName`),
      ]
      const isOther = name !== undefined && ofSeller !== undefined && name !== ofSeller
      return isOther && all(at, element).filter((found) => !isSepa(found)).length <= 1
    },
  }
}

function alike(id: string, name: string, says: string): Rule {
  return {
    id,
    at: (document) => {
      const found = everyElement(document).filter((element) => element.name === name)
      return found.filter(({ text }) => text !== found[0]?.text)
    },
    element: '.',
    says,
    holds: () => false,
  }
}
