import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { matchThreeWay } from '#domain/three-way-match/match.ts'
import { readMatchFile } from '../../../bin/commands/match/read-match-file.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { changed, creditNoteXml, invoiceXml, read } from './ubl-files.ts'

describe('an invoice in UBL', () => {
  it('becomes the canonical one, with every reference that it bears', () => {
    const reading = read(invoiceXml)
    expect(reading).toMatchObject({
      kind: 'supplier-invoice',
      document: {
        number: 'RE-2026/0815',
        supplier: { id: 'DE811122233', name: 'Kessel & Rohr GmbH', taxId: 'DE811122233' },
        order: 'PO-4711',
        currency: 'EUR',
        issuedOn: '2026-11-03',
        dueOn: '2026-12-03',
        freight: '30',
        freightTaxRate: '19',
        charges: [],
        allowances: [{ amount: '20.00', reason: 'Discount', taxRate: '19.0' }],
        corrects: ['RE-2026/0800'],
        buyerReference: 'Dock 4',
        paymentTerms: '30 days net',
        paymentReference: 'RF18 0815',
        bankAccount: 'DE02120300000000202051',
        prepaid: '10.00',
        rounding: '0.02',
        payable: '300.35',
        taxTotal: '40.58',
        taxCurrency: 'SEK',
        taxTotalInTaxCurrency: '466.67',
      },
    })
  })

  it('keeps price, base quantity, unit and the three item ids of a line', () => {
    const reading = read(invoiceXml)
    expect(reading.kind === 'supplier-invoice' && reading.document.lines[0]).toMatchObject({
      number: '1',
      line: '10',
      item: { id: 'P01', supplierItemId: 'KR-22', gtin: '04012345123456', name: 'Pipe 22 mm' },
      quantity: '100',
      unit: 'C62',
      unitPrice: '20.00',
      priceQuantity: '10',
      charges: [{ amount: '5.00', reason: 'PC' }],
      allowances: [{ amount: '5.00', reason: 'Scratches' }],
      amount: '200.00',
      taxCategory: 'S',
      taxRate: '19',
    })
  })

  it('that gives a negative charge has an allowance', () => {
    const negative = changed(
      creditNoteXml,
      ['<cbc:Amount currencyID="EUR">4.00', '<cbc:Amount currencyID="EUR">-4.00'],
      ['<cbc:ChargeTotalAmount currencyID="EUR">4.00', '<cbc:ChargeTotalAmount currencyID="EUR">-4.00'],
      [/(?<=(TaxableAmount|TaxExclusiveAmount|TaxInclusiveAmount|PayableAmount) currencyID="EUR">)25\.00/g, '17.00'],
    )
    expect(read(negative)).toMatchObject({
      kind: 'supplier-credit-note',
      document: { charges: [], allowances: [{ amount: '4.00' }, { amount: '3.00' }] },
    })
  })
})

describe('a credit note in UBL', () => {
  it('names what it corrects, is due as its payment means say, and takes NA for no order', () => {
    const reading = read(creditNoteXml)
    expect(reading).toMatchObject({
      kind: 'supplier-credit-note',
      document: { number: 'GS-2026/12', corrects: ['RE-2026/0815'], dueOn: '2026-12-10' },
    })
    expect(reading.kind === 'supplier-credit-note' && reading.document.order).toBeUndefined()
  })
})

describe('a match file', () => {
  const folder = temporaryFolder('ubl')
  afterAll(() => rmSync(folder, { recursive: true }))
  const order = {
    number: 'PO-4711',
    supplier: 'S1',
    currency: 'EUR',
    freight: '30.00',
    allowances: [{ amount: '20.00' }],
    lines: [
      {
        number: '10',
        item: 'P01',
        quantity: '100',
        unit: 'piece',
        unitPrice: '2.00',
        units: [{ unit: 'XBX', per: '12' }],
      },
    ],
  }
  const matchOf = (xml: string, more: object = {}) => {
    writeFileSync(join(folder, 'document.xml'), xml)
    const file = join(folder, 'match.json')
    const receipts = [{ number: 'R1', lines: [{ line: '10', quantity: '100' }] }]
    writeFileSync(file, JSON.stringify({ order, receipts, invoices: [{ ubl: 'document.xml', ...more }] }))
    return matchThreeWay(readMatchFile(file))
  }

  it('may name an invoice in UBL, whose lines find the order’s', () => {
    const [invoice] = matchOf(invoiceXml).invoices
    expect(invoice?.lines.map(({ line, outcome }) => [line, outcome])).toEqual([
      ['10', 'matched'],
      [null, 'unknown-line'],
      [null, 'unknown-line'],
    ])
    expect(invoice?.findings.map(({ rule }) => rule)).toEqual(['order-line', 'order-line'])
  })

  it('takes a credit note for one, wherever it stands', () => {
    const { invoices, creditNotes } = matchOf(creditNoteXml)
    expect([invoices.length, creditNotes[0]?.number]).toEqual([0, 'GS-2026/12'])
    expect(creditNotes[0]?.lines[0]).toMatchObject({ line: '10', quantity: '12' })
  })

  it('says who the supplier is, if it is not the order’s', () => {
    expect(matchOf(invoiceXml, { supplier: 'S2' }).invoices[0]?.findings[0]?.explanation).toBe(
      'It comes from S2, and order PO-4711 went to S1.',
    )
  })

  it('refuses one that breaks a rule, by rule and element', () => {
    expect(() => matchOf(changed(invoiceXml, ['>300.35<', '>1.00<']))).toThrow(
      /document\.xml is refused: BR-CO-16 cac:LegalMonetaryTotal\/cbc:PayableAmount must be .* \(was 1\.00\)/,
    )
  })
})
