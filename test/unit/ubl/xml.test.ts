import { describe, expect, it } from 'vitest'
import { readUbl } from '../../../functions/ubl/read-ubl.ts'
import { changed, creditNoteXml, invoiceXml, read, refusalsOf } from './ubl-files.ts'

const plain = read(invoiceXml)
const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const utf16 = (text: string) =>
  new Uint8Array([
    0xff,
    0xfe,
    ...[...text].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]),
  ])
const declaring = (encoding: string, xml = invoiceXml) => changed(xml, ['encoding="UTF-8"', `encoding="${encoding}"`])

describe('the same document', () => {
  it('is read with any prefixes', () => {
    const other = invoiceXml
      .replace(/<(\/?)cbc:/g, '<$1b:')
      .replace(/<(\/?)cac:/g, '<$1agg:')
      .replace(/<(\/?)Invoice(?=[ >])/g, '<$1inv:Invoice')
      .replace('xmlns="', 'xmlns:inv="')
      .replace('xmlns:cac=', 'xmlns:agg=')
      .replace('xmlns:cbc=', 'xmlns:b=')
    expect(read(other)).toEqual(plain)
  })

  it('is read with a byte order mark', () => {
    expect(read(`\uFEFF${invoiceXml}`)).toEqual(plain)
  })

  it('is read in ISO-8859-1 as it declares', () => {
    expect(readUbl(latin1(declaring('ISO-8859-1')))).toEqual(plain)
  })

  it('is read in UTF-16 by its byte order mark', () => {
    expect(readUbl(utf16(declaring('UTF-16')))).toEqual(plain)
  })

  it.each(['le', 'be'] as const)('is read in UTF-16%s without a byte order mark, by how it begins', (order) => {
    const bytes = utf16(declaring('UTF-16')).subarray(2)
    expect(readUbl(order === 'le' ? bytes : Buffer.from(bytes).swap16())).toEqual(plain)
  })

  it('is read without an XML declaration, with comments and processing instructions in it', () => {
    const bare = changed(
      invoiceXml,
      [/<\?xml.*?\?>\s*/],
      ['<cbc:ID>RE-2026/0815', '<?note x?><cbc:ID>RE-2026/<!-- the number -->0815'],
    )
    expect(read(bare)).toEqual(plain)
  })

  it('is read from within an envelope, and refused by its own paths', () => {
    const inner = changed(invoiceXml, [/<\?xml.*?\?>\s*/])
    const envelope = (content: string) =>
      `<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><StandardBusinessDocumentHeader/>${content}</StandardBusinessDocument>`
    expect(read(envelope(inner))).toEqual(plain)
    expect(refusalsOf(envelope(changed(inner, ['>300.35<', '>1.00<'])))).toEqual([
      'BR-CO-16 cac:LegalMonetaryTotal/cbc:PayableAmount',
    ])
  })
})

const bomb = '<!DOCTYPE Invoice [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
const file = '<!DOCTYPE Invoice [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
const withType = (type: string) => changed(invoiceXml, ['<Invoice', `${type}<Invoice`])

describe('a file', () => {
  it.each([
    ['is empty', '', /no element|document must contain a root/],
    ['is no XML', 'PK\u0003\u0004', /line 1/],
    ['is cut off', invoiceXml.slice(0, -40), /unclosed|line/i],
    ['has entities that expand', withType(bomb), /a document type is not allowed/],
    ['has an entity that reads a file', withType(file), /a document type is not allowed/],
    ['uses an entity that nobody declared', changed(invoiceXml, ['Dock 4', '&dock;']), /entity/],
    ['uses a prefix that nobody declared', changed(invoiceXml, ['<cbc:ID>', '<x:ID>'], ['</cbc:ID>', '</x:ID>']), /prefix/],
    ['is nested without end', '<a>'.repeat(100), /nested deeper than 60/],
    ['is not in the encoding that it declares', declaring('ISO-8859-99'), /not ISO-8859-99/],
  ])('that %s is refused, naming the place', (_case, xml, message) => {
    const reading = read(xml)
    const [refusal] = reading.kind === 'refused' ? reading.refusals : []
    expect(refusal?.rule).toBe('XML')
    expect(refusal?.message).toMatch(message)
  }) // biome-ignore format: a table

  it('with bytes that are not UTF-8 is refused', () => {
    expect(readUbl(latin1(invoiceXml))).toMatchObject({ kind: 'refused', refusals: [{ rule: 'XML' }] })
  })

  it('of another kind is refused by the name of its root', () => {
    expect(refusalsOf('<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>')).toEqual([
      'UBL-2.1 {urn:oasis:names:specification:ubl:schema:xsd:Order-2}Order',
    ])
  })

  it('of no namespace is no UBL', () => {
    expect(refusalsOf(changed(invoiceXml, [/ xmlns="[^"]*"/]))).toEqual(['UBL-2.1 {}Invoice'])
  })
})

describe('a number or an amount', () => {
  it('keeps its digits: no float ever carries it', () => {
    const xml = changed(creditNoteXml, [/(?<=<cbc:CreditedQuantity unitCode="XBX">)1/, '+1.000000000000000000001'])
    const reading = read(xml)
    expect(reading.kind === 'supplier-credit-note' && reading.document.lines[0]?.quantity).toBe(
      '1.000000000000000000001',
    )
  })

  it('that the canonical document cannot hold is refused by its field', () => {
    const long = changed(invoiceXml, ['>RE-2026/0815<', `>${'9'.repeat(300)}<`])
    expect(refusalsOf(long)).toEqual(['canonical document Invoice: number'])
  })
})
