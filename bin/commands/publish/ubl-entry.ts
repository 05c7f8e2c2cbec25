import { createHash } from 'node:crypto'
import { readUbl } from '#ubl/read-ubl.ts'
import { inWords } from '#ubl/told-in-ubl.ts'
import { decodeXml } from '#ubl/xml.ts'
import { CommandError } from '../terminal/explain.ts'
import { readBytes } from '../ubl.ts'
import { maxEventBytes } from './batches.ts'
import type { Entry } from './read-entries.ts'

export interface UblOptions {
  readonly source?: string | undefined
  /** Which order it is for, if it does not say. */
  readonly purchaseOrder?: string | undefined
}

/** Where an invoice comes from that comes as a file. */
const usualSource = 'peppol'

/**
 * The event that brings a UBL document: an invoice or a credit note, as the document says. Its id is the document's hash,
 * so that the same file published again is recognised.
 * @throws CommandError when it is refused and to be checked, naming each rule with its element
 */
export function ublEntry(
  file: string,
  { source, purchaseOrder, validate }: UblOptions & { readonly validate: boolean },
): Entry {
  const bytes = readBytes(file)
  const reading = readUbl(bytes)
  if (reading.kind === 'refused' && validate) {
    throw new CommandError(`Nothing was sent. ${file} is refused: ${inWords(reading.refusals)}`)
  }
  const text = decodeXml(bytes)
  return {
    where: 'the document',
    source: source ?? usualSource,
    detailType: reading.kind === 'supplier-credit-note' ? 'SupplierCreditNoteReceived' : 'SupplierInvoiceReceived',
    detail: {
      metadata: { id: createHash('sha256').update(bytes).digest('hex'), schemaVersion: '1' },
      data: {
        ubl: text.length > maxEventBytes / 2 ? withoutAttachments(text) : text,
        ...(purchaseOrder !== undefined && { purchaseOrder }),
      },
    },
  }
}

/** What is attached is for people and can be larger than an event may be; the hub reads none of it. */
export function withoutAttachments(xml: string): string {
  return xml.replace(/<((?:[\w.-]+:)?Attachment)(?:\s[^>]*)?>[\s\S]*?<\/\1\s*>/g, '')
}
