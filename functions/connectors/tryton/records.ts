import type { DocumentKind } from '#domain/documents.ts'
import { PoisonMessageError } from '#domain/errors.ts'
import type { ErpRecord, ErpRecords, RecordName, RecordPage } from '../records-port.ts'
import type { TrytonClient } from './client.ts'
import { type Book, moment, pageLength } from './records-book.ts'
import { entriesBook } from './records-entries.ts'
import { invoicesBook } from './records-invoices.ts'
import { purchasesBook, supplierInvoicesBook } from './records-purchases.ts'
import { salesBook } from './records-sales.ts'
import { boughtGoodsBooks, soldGoodsBooks } from './records-shipments.ts'
import type { Settings } from './settings.ts'
import { recordId } from './wire.ts'

/**
 * Tryton's change feed: `last_modified_at` of each table, which is searchable and, unlike `write_date`, is there of what
 * was never written again. A child that changes leaves its parent as it is, so each kind of document is asked for itself.
 * What was deleted leaves no trace here; nothing that counts can be deleted.
 */
export function trytonRecords(client: TrytonClient, settings: () => Promise<Settings>): ErpRecords {
  const shop = async () => (await settings()).shop
  const books: readonly Book[] = [
    ...[salesBook(shop), ...soldGoodsBooks(shop), invoicesBook(shop)],
    ...[purchasesBook, ...boughtGoodsBooks, supplierInvoicesBook],
    entriesBook,
  ]
  return {
    recordKinds: books.flatMap(({ documents }) => documents),
    changed: async ({ sinceMs, untilMs }, after) => {
      const place = placeOf(after)
      const book = books[place.book]
      if (book === undefined)
        throw new PoisonMessageError(`"${after}" is no place in Tryton's books`, { system: 'tryton' })
      const domain = [
        ['last_modified_at', '>=', moment(sinceMs)],
        ...(untilMs === undefined ? [] : [['last_modified_at', '<', moment(untilMs)]]),
        ['id', '>', place.id],
      ]
      return withNext(await book.read(client, domain), place.book, books)
    },
    recordsOf: async (document, name) => await recordsOf(client, books, document, name),
  }
}

async function recordsOf(
  client: TrytonClient,
  books: readonly Book[],
  document: DocumentKind,
  { by, is }: RecordName,
): Promise<readonly ErpRecord[]> {
  const book = books.find(({ documents }) => documents.includes(document))
  if (book === undefined) return []
  const fields = { reference: book.referenceField, number: 'number', id: 'id' }
  return (await book.read(client, [[fields[by], '=', by === 'id' ? recordId(is) : is]])).records
}

type Page = Awaited<ReturnType<Book['read']>>

/** `2:171`: the third book, after the record 171. A full page may be followed by another one. */
function withNext({ records, read, lastId }: Page, book: number, books: readonly Book[]): RecordPage {
  if (read === pageLength) return { records, next: `${book}:${lastId}` }
  return book + 1 < books.length ? { records, next: `${book + 1}:0` } : { records }
}

function placeOf(after: string | undefined) {
  const [book = 0, id = 0] = (after ?? '0:0').split(':').map(Number)
  return { book, id }
}
