import { describe, expect, it } from 'vitest'
import { type Change, changed, noTaxNumber, ofCategory, refusalsOf } from './ubl-files.ts'

const prefixes = { S: 'BR-S', Z: 'BR-Z', E: 'BR-E', AE: 'BR-AE', K: 'BR-IC', G: 'BR-G', O: 'BR-O', L: 'BR-AF', M: 'BR-AG' } as const // biome-ignore format: a row
const breakdown = 'cac:TaxTotal/cac:TaxSubtotal'
const line = 'cac:CreditNoteLine/cac:Item/cac:ClassifiedTaxCategory'
const rateIn = (part: RegExp, rate: string): Change => [
  new RegExp(`(?<=${part.source}[\\s\\S]*?<cbc:Percent>)[^<]*`),
  rate,
]

/** For each number of a rule: the element that is named, and the change that breaks it in a category. */
const rows = (code: string): readonly (readonly [string, string, readonly Change[]])[] => {
  const other = code === 'S' ? 'L' : 'S'
  const wrongRate = code === 'S' ? '0' : code === 'L' || code === 'M' ? '-1' : '5'
  const parties: readonly Change[] =
    code === 'O'
      ? [['<cac:PartyLegalEntity>', '<cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity>']]
      : [noTaxNumber]
  const rate = (part: RegExp): readonly Change[] =>
    code === 'O'
      ? [[new RegExp(`(?<=${part.source}[\\s\\S]*?<cbc:ID>O</cbc:ID>)`), '<cbc:Percent>0</cbc:Percent>']]
      : [rateIn(part, wrongRate)]
  const reason: readonly Change[] = ['S', 'Z', 'L', 'M'].includes(code)
    ? [[/(?<=<cac:TaxSubtotal>[\s\S]*?)<cac:TaxScheme>/, '<cbc:TaxExemptionReason>Why</cbc:TaxExemptionReason><cac:TaxScheme>']]
    : [[/<cbc:TaxExemptionReason>.*?<\/cbc:TaxExemptionReason>/]]
  return [
    ['01', `${breakdown}/cac:TaxCategory/cbc:ID`, [[new RegExp(`(?<=<cac:TaxSubtotal>[\\s\\S]*?<cbc:ID>)${code}(?=<)`), other]]],
    ['02', `${line}/cbc:ID`, parties],
    ['03', 'cac:AllowanceCharge[2]/cac:TaxCategory/cbc:ID', parties],
    ['04', 'cac:AllowanceCharge[1]/cac:TaxCategory/cbc:ID', parties],
    ['05', `${line}/cbc:Percent`, rate(/<cac:ClassifiedTaxCategory>/)],
    ['06', 'cac:AllowanceCharge[2]/cac:TaxCategory/cbc:Percent', rate(/<cbc:ChargeIndicator>false/)],
    ['07', 'cac:AllowanceCharge[1]/cac:TaxCategory/cbc:Percent', rate(/<cbc:ChargeIndicator>true/)],
    ['08', `${breakdown}/cbc:TaxableAmount`, [['<cbc:TaxableAmount currencyID="EUR">25.00', '<cbc:TaxableAmount currencyID="EUR">26.00']]],
    ['09', `${breakdown}/cbc:TaxAmount`, [[/(?<=<cac:TaxSubtotal>[\s\S]*?<cbc:TaxAmount currencyID="EUR">)[^<]*/, '7.00']]],
    ['10', `${breakdown}/cac:TaxCategory/cbc:TaxExemptionReason`, reason],
  ]
} // biome-ignore format: a table

describe.each(Object.entries(prefixes))('the tax category %s', (code, prefix) => {
  it('is taken as it should be', () => {
    expect(refusalsOf(ofCategory(code))).toEqual([])
  })

  it.each(rows(code))(`breaks ${prefix}-%s at %s`, (number, element, changes) => {
    expect(refusalsOf(changed(ofCategory(code), ...changes))).toContain(`${prefix}-${number} ${element}`)
  })
})

describe('a breakdown', () => {
  it.each([
    ['25.00 × 10 % as 2.60', '2.60', []],
    ['25.00 × 10 % as 3.50', '3.50', ['BR-CO-17', 'BR-S-09']],
  ])('of %s is judged to within one unit, as the norm does', (_case, tax, rules) => {
    const xml = changed(ofCategory('S'), [
      /(<cbc:TaxAmount currencyID="EUR">)2\.50/g,
      `<cbc:TaxAmount currencyID="EUR">${tax}`,
    ])
    const found = refusalsOf(xml).map((refusal) => refusal.split(' ')[0] ?? '')
    expect(found.filter((rule) => ['BR-CO-17', 'BR-S-09'].includes(rule)).sort()).toEqual(rules)
  })
})
