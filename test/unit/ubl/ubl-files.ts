import { readFileSync } from 'node:fs'
import { readUbl, type UblReading } from '../../../functions/ubl/read-ubl.ts'

const folder = new URL('../../fixtures/ubl/', import.meta.url)
export const invoiceXml = readFileSync(new URL('invoice.xml', folder), 'utf8')
export const creditNoteXml = readFileSync(new URL('credit-note.xml', folder), 'utf8')

/** What to look for, and what to put there; without the latter it is taken out. Every place of a regular expression with g. */
export type Change = readonly [string | RegExp, string?]

/** @throws if there is nothing to change, so that no test passes for that reason */
export function changed(xml: string, ...changes: readonly Change[]): string {
  return changes.reduce((text, [find, replacement = '']) => {
    const after = text.replace(find, () => replacement)
    if (after === text) throw new Error(`${find} is not in the document`)
    return after
  }, xml)
}

export function read(xml: string): UblReading {
  return readUbl(new TextEncoder().encode(xml))
}

/** The rules that it breaks, each with the element. */
export function refusalsOf(xml: string): readonly string[] {
  const reading = read(xml)
  return reading.kind === 'refused' ? reading.refusals.map(({ rule, element }) => `${rule} ${element}`) : []
}

const taxed: readonly Change[] = [
  [/<cbc:Percent>0</g, '<cbc:Percent>10<'],
  ['<cbc:TaxAmount currencyID="EUR">0.00', '<cbc:TaxAmount currencyID="EUR">2.50'],
  ['<cbc:TaxAmount currencyID="EUR">0.00', '<cbc:TaxAmount currencyID="EUR">2.50'],
  ['<cbc:TaxInclusiveAmount currencyID="EUR">25.00', '<cbc:TaxInclusiveAmount currencyID="EUR">27.50'],
  ['<cbc:PayableAmount currencyID="EUR">25.00', '<cbc:PayableAmount currencyID="EUR">27.50'],
]
const noReason: Change = [/<cbc:TaxExemptionReason>.*?<\/cbc:TaxExemptionReason>/]
export const noTaxNumber: Change = [/<cac:PartyTaxScheme>[\s\S]*?<\/cac:PartyTaxScheme>/g]
const noRate: Change = [/<cbc:Percent>.*?<\/cbc:Percent>/g]

/** A credit note whose line, charge and allowance bear this tax category. */
export function ofCategory(code: string): string {
  const coded = code === 'AE' ? creditNoteXml : changed(creditNoteXml, [/<cbc:ID>AE</g, `<cbc:ID>${code}<`])
  if (['S', 'L', 'M'].includes(code)) return changed(coded, ...taxed, noReason)
  if (code === 'Z') return changed(coded, noReason)
  return code === 'O' ? changed(coded, noTaxNumber, noRate) : coded
}
