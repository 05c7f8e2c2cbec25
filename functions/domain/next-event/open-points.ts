import type { Owner } from '#domain/errors.ts'
import { compareDecimals, minus, sum } from '#domain/money.ts'
import { booksOf } from '#domain/order-books.ts'
import type { PostingFacts } from '#domain/posted-documents.ts'
import type { CaseFacts, SignalFacts } from './situation.ts'

/** What keeps a case from its end, in words, and who can do most about it. */
export function openPoints(
  { lines }: Pick<CaseFacts, 'lines'>,
  signals: readonly SignalFacts[],
  postings: readonly PostingFacts[],
): { readonly text: string; readonly owner: Owner } {
  const books = booksOf(lines, postings)
  const undelivered = books.isDelivered
    ? []
    : lines.flatMap(({ line, quantity }) => {
        const left = minus(quantity, books.issued(line))
        return compareDecimals(left, '0') > 0 ? [`line ${line}: ${left} of ${quantity} not delivered`] : []
      })
  const unpaid = sum(books.invoices.map(({ open }) => open)).toFixed()
  const money = [
    ...(compareDecimals(unpaid, '0') > 0 ? [`${unpaid} invoiced and not paid`] : []),
    ...(compareDecimals(books.onAccount, '0') > 0 ? [`${books.onAccount} on account that nobody asks for`] : []),
  ]
  const waiting = signals.filter((one) => !one.isConsumed).map(({ kind, number }) => `${kind} ${number} waits`)
  const owner = undelivered.length > 0 ? 'warehouse' : money.length > 0 ? 'finance' : 'sales'
  return { text: [...undelivered, ...money, ...waiting].join('; '), owner }
}
