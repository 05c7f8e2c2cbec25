import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readUbl } from '#ubl/read-ubl.ts'
import { maxBytes, maxEventBytes, refuseTooLarge, sizeOf, toBatches } from '../../../bin/commands/publish/batches.ts'
import { type Entry, entryOf, readEntries, splitEntries } from '../../../bin/commands/publish/read-entries.ts'
import { type EntryResult, sendEntries } from '../../../bin/commands/publish/send-entries.ts'
import { ublEntry } from '../../../bin/commands/publish/ubl-entry.ts'
import { findInvalid } from '../../../bin/commands/publish/validate-entry.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { changed, creditNoteXml, invoiceXml } from '../ubl/ubl-files.ts'

const entry = (where: string, text = ''): Entry => ({
  where,
  source: 'shop',
  detailType: 'SalesOrderSubmitted',
  detail: { text },
})
const entries = (count: number) => Array.from({ length: count }, (_, index) => entry(`line ${index + 1}`))
const ofBytes = (where: string, bytes: number) => entry(where, 'x'.repeat(bytes - sizeOf(entry(where))))

describe('a document in UBL', () => {
  const file = (text: string) => {
    const path = join(temporaryFolder('publish'), 'invoice.xml')
    writeFileSync(path, text)
    return path
  }

  it('becomes the event that its kind says, under an id of its content', () => {
    const [invoice, again, note] = [invoiceXml, invoiceXml, creditNoteXml].map((xml) =>
      ublEntry(file(xml), { validate: true }),
    )
    expect(invoice).toEqual({
      where: 'the document',
      source: 'peppol',
      detailType: 'SupplierInvoiceReceived',
      detail: {
        metadata: { id: expect.stringMatching(/^[0-9a-f]{64}$/), schemaVersion: '1' },
        data: { ubl: invoiceXml },
      },
    })
    expect(again).toEqual(invoice)
    expect(note).toMatchObject({ detailType: 'SupplierCreditNoteReceived' })
    expect(findInvalid([invoice, note].flatMap((one) => one ?? []))).toEqual([])
  })

  it('has to name its order, or the invoice that it corrects, unless somebody says it beside it', () => {
    const nameless = changed(creditNoteXml, [/<cac:BillingReference>[\s\S]*?<\/cac:BillingReference>/])
    const [unnamed = ''] = findInvalid([ublEntry(file(nameless), { validate: true })])
    expect(unnamed).toMatch(/^the document: the data is not valid: purchaseOrder must name the purchase order/)
    const named = ublEntry(file(nameless), { purchaseOrder: 'R-1', validate: true })
    expect(findInvalid([named])).toEqual([])
  })

  it('is not sent when it breaks a rule, which is named with its element', () => {
    const wrong = file(
      changed(invoiceXml, ['<cbc:PayableAmount currencyID="EUR">300.35', '<cbc:PayableAmount currencyID="EUR">1.00']),
    )
    expect(() => ublEntry(wrong, { validate: true })).toThrow(
      /is refused: BR-CO-16 cac:LegalMonetaryTotal\/cbc:PayableAmount must be .* \(was 1\.00\)/,
    )
    expect(ublEntry(wrong, { source: 'access-point', validate: false })).toMatchObject({ source: 'access-point' })
  })

  it('goes without its attachments when it is large, and says the same', () => {
    const picture = 'A'.repeat(maxEventBytes)
    const large = ublEntry(file(changed(invoiceXml, ['>UERG<', `>${picture}<`])), { validate: true })
    expect(sizeOf(large)).toBeLessThan(100_000)
    expect(findInvalid([large])).toEqual([])
    const text = String(Reflect.get(Object(large.detail.data), 'ubl'))
    expect(readUbl(text)).toEqual(readUbl(invoiceXml))
  })
})

describe('reading a file of events', () => {
  it('takes a line of JSON Lines each, and names the line of the file, blank lines counted', () => {
    expect(splitEntries('{"a":1}\n\n{"b":2}\r\n', true)).toEqual([
      { where: 'line 1', value: { a: 1 } },
      { where: 'line 3', value: { b: 2 } },
    ])
  })

  it('takes a list or one event of JSON', () => {
    expect(splitEntries('[{"a":1},{"b":2}]', false).map(({ where }) => where)).toEqual(['entry 1', 'entry 2'])
    expect(splitEntries('{"a":1}', false)).toEqual([{ where: 'the event', value: { a: 1 } }])
  })

  it('names the line that is not JSON', () => {
    expect(() => splitEntries('{"a":1}\n{"b"', true)).toThrow(/^line 2 is not JSON/)
  })

  it.each([
    { source: 'shop', 'detail-type': 'GoodsIssued', detail: { a: 1 } },
    { source: 'shop', detailType: 'GoodsIssued', detail: { a: 1 } },
  ])('takes a whole event as it is, whatever the options say: %j', (value) => {
    expect(entryOf('line 1', value, { source: 'other', detailType: 'Other' })).toEqual({
      where: 'line 1',
      source: 'shop',
      detailType: 'GoodsIssued',
      detail: { a: 1 },
    })
  })

  it('takes a detail alone when source and detail type are given, and says so when they are not', () => {
    const options = { source: 'northwind', detailType: 'SalesOrderSubmitted' }
    expect(entryOf('line 1', { orderID: '10248' }, options)).toMatchObject({ ...options, detail: { orderID: '10248' } })
    expect(() => entryOf('line 7', { orderID: '10248' }, {})).toThrow(
      /^line 7 is not a whole event .* give --source and --detail-type/,
    )
    expect(() => entryOf('line 8', 'text', options)).toThrow('line 8 is not an object')
  })

  it('says which file cannot be read', () => {
    expect(() => readEntries('no-such-file.json', {})).toThrow(/^no-such-file.json cannot be read/)
  })
})

describe('filling calls of PutEvents', () => {
  it('puts at most ten entries into a call, in order', () => {
    expect(toBatches(entries(23)).map((batch) => batch.length)).toEqual([10, 10, 3])
    expect(toBatches(entries(23)).flat()).toEqual(entries(23))
  })

  it('keeps a call within its bytes', () => {
    const third = Math.ceil(maxBytes / 3) + 1
    const batches = toBatches([ofBytes('a', third), ofBytes('b', third), ofBytes('c', third)])
    expect(batches.map((batch) => batch.length)).toEqual([2, 1])
  })

  it('counts bytes, not characters', () => {
    expect(sizeOf(entry('a', 'ä')) - sizeOf(entry('a', 'a'))).toBe(1)
  })

  it('refuses an entry above the limit by name, and takes one at it', () => {
    expect(() => refuseTooLarge([ofBytes('line 1', maxEventBytes)])).not.toThrow()
    expect(() => refuseTooLarge([ofBytes('line 1', 10_000), ofBytes('line 2', maxEventBytes + 1)])).toThrow(
      `  line 2: ${maxEventBytes + 1} bytes`,
    )
  })

  it.each([255, 256, 257, 900, 1023])('takes an event of %i KiB', (kib) => {
    expect(() => refuseTooLarge([ofBytes('line 1', kib * 1024)])).not.toThrow()
  })

  it.each([1024, 1025])('refuses one of %i KiB, which no queue could hold with its envelope', (kib) => {
    expect(() => refuseTooLarge([ofBytes('line 1', kib * 1024)])).toThrow(
      `Nothing was sent. An event may have at most 1047552 bytes; larger are:\n  line 1: ${kib * 1024} bytes`,
    )
  })
})

describe('sending', () => {
  const send = (all: readonly Entry[], answer: (entry: Entry, call: number) => EntryResult | undefined) => {
    let calls = 0
    const put = async (batch: readonly Entry[]) => {
      calls += 1
      return batch.flatMap((one) => answer(one, calls) ?? [])
    }
    return sendEntries(
      all,
      'postonce',
      () => {},
      put,
      async () => {},
    )
  }

  it('sends again only the entries that were throttled, until each is on the bus', async () => {
    const sent: string[] = []
    const report = await send(entries(12), (one, call) => {
      sent.push(one.where)
      const isThrottled = call === 1 && one.where === 'line 4'
      return isThrottled ? { code: 'ThrottlingException', message: 'slower' } : { eventId: `id of ${one.where}` }
    })
    expect(report.published.map(({ where }) => where)).toEqual(entries(12).map(({ where }) => where))
    expect(report.failed).toEqual([])
    expect(sent.filter((where) => where === 'line 4')).toHaveLength(2)
    expect(sent).toHaveLength(13)
  })

  it('names an entry that the bus never takes, and sends the others', async () => {
    const report = await send(entries(3), ({ where }) =>
      where === 'line 2' ? { code: 'MalformedDetail', message: 'not JSON' } : { eventId: where },
    )
    expect(report.published.map(({ where }) => where)).toEqual(['line 1', 'line 3'])
    expect(report.failed).toEqual([{ where: 'line 2', code: 'MalformedDetail', message: 'not JSON' }])
  })

  it('gives up on one that is throttled for ever, by name', async () => {
    const report = await send(entries(1), () => ({ code: 'ThrottlingException', message: 'slower' }))
    expect(report.failed).toEqual([{ where: 'line 1', code: 'ThrottlingException', message: 'slower' }])
  })

  it('loses nothing that an answer does not speak of', async () => {
    const report = await send(entries(2), ({ where }, call) =>
      where === 'line 2' && call === 1 ? undefined : { eventId: where },
    )
    expect(report.published).toHaveLength(2)
  })
})

describe('checking before sending', () => {
  const goodsIssued = (data: unknown): Entry => ({
    where: 'line 5',
    source: 'shop',
    detailType: 'GoodsIssued',
    detail: { metadata: { id: 'e1' }, data },
  })

  it('names place, field, value and rule', () => {
    const [problem] = findInvalid([goodsIssued({ salesOrder: 'T1', deliveryNote: 'DN1', issuedOn: 'yesterday' })])
    expect(problem).toMatch(/^line 5: the data is not valid: issuedOn .*\(was "yesterday"\)/)
  })

  it('knows a detail type that means nothing', () => {
    const [problem] = findInvalid([{ ...goodsIssued({}), detailType: 'GoodsIssue' }])
    expect(problem).toContain('detail-type "GoodsIssue" means nothing to the hub')
  })

  it('leaves a source with a mapping to the hub', () => {
    const own = {
      where: 'line 1',
      source: 'northwind',
      detailType: 'SalesOrderSubmitted',
      detail: { orderID: '10248' },
    }
    expect(findInvalid([own])).toEqual([])
  })
})
