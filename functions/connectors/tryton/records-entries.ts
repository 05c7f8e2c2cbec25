import Big from 'big.js'
import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import { directionOf, EntryLine, movedBy } from './find-entry.ts'
import { asAmount } from './mapping.ts'
import { Numbered } from './numbered.ts'
import { type Book, Day, ours, pageOf, searchPage } from './records-book.ts'
import { Flag, Id, Ids } from './wire.ts'

const Entry = Numbered.extend({
  state: z.enum(['draft', 'posted']),
  description: z.string().nullable(),
  date: Day,
  lines: Ids,
})
const Line = EntryLine.extend({ move: Id, 'account.': z.object({ 'type.': z.object({ payable: Flag.nullable() }) }) })
const lineFields = [
  ['move', 'party', 'debit', 'credit', 'amount_second_currency', 'second_currency.code'],
  ['account.type.payable'],
].flat()
const Company = z.object({ id: Id, 'currency.': z.object({ code: z.string() }) })

/** Journal entries of the hub's between bank, a party's account and invoices. What clerks book there is theirs. */
export const entriesBook: Book = {
  model: 'account.move',
  documents: [
    ...(['incoming-payment', 'outgoing-payment', 'payment-allocation'] as const),
    ...(['supplier-payment', 'supplier-payment-allocation'] as const),
  ],
  referenceField: 'description',
  read: async (client, domain) => {
    const own = [['description', '!=', null], ...domain]
    const read = await searchPage(client, Entry, 'account.move', own, [
      'number',
      'state',
      'description',
      'date',
      'lines',
    ])
    const entries = read.filter(({ description }) => ours(description) !== undefined)
    const ofParties = [
      ['move', 'in', entries.map(({ id }) => id)],
      ['OR', ['account.type.receivable', '=', true], ['account.type.payable', '=', true]],
    ]
    const lines = entries.length === 0 ? [] : await client.search(Line, 'account.move.line', ofParties, lineFields)
    const [company] = lines.length === 0 ? [] : await client.search(Company, 'company.company', [], ['currency.code'])
    const records = entries.flatMap((entry) => {
      const own = lines.filter(({ move, party }) => move === entry.id && party !== null)
      // Still empty.
      if (own.length === 0) return []
      const second = own.find((line) => line['second_currency.'])?.['second_currency.']?.code
      const currency = second ?? company?.['currency.'].code ?? ''
      const amounts = own.map((line) =>
        second === undefined ? new Big(line.debit).minus(line.credit) : new Big(line.amount_second_currency ?? '0'),
      )
      return [
        {
          document: documentOf(directionOf(amounts), own.some(isPayable)),
          id: String(entry.id),
          number: entry.number ?? undefined,
          reference: ours(entry.description),
          standing: entry.state === 'posted' ? ('in-effect' as const) : ('under-way' as const),
          onDay: entry.date,
          amount: asAmount(movedBy(amounts).toFixed(), currency),
          currency,
        },
      ]
    })
    return pageOf(read, records)
  },
}

function isPayable(line: z.output<typeof Line>): boolean {
  return line['account.']['type.'].payable === true
}

function documentOf(direction: ReturnType<typeof directionOf>, isOfSupplier: boolean): DocumentKind {
  const isOverBank = direction === 'outgoing' || direction === 'incoming'
  if (isOfSupplier) return isOverBank ? 'supplier-payment' : 'supplier-payment-allocation'
  return isOverBank ? `${direction}-payment` : 'payment-allocation'
}
