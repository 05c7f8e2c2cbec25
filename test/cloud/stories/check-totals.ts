import { readErpBooks } from '../../../bin/local/erp/books.ts'
import type { LocalEnvironment } from '../../../bin/local/state.ts'
import { cents, exact, minus, plus, total } from './oracle/decimal.ts'
import type { Books } from './oracle/expected-books.ts'

/** The bank of the whole ERP against the sum of the stories, so that nothing was booked beside their customers. */
export async function bankTotals(erp: LocalEnvironment['erp']) {
  const reader = readErpBooks(erp)
  const before = await reader.bank()
  return async (stories: readonly { readonly expected: { readonly books: Books } }[]): Promise<readonly string[]> => {
    const books = stories.map(({ expected }) => expected.books)
    const sum = (amounts: readonly string[]) => total(amounts.map(exact))
    const moved = minus(sum(books.flatMap(({ incoming }) => incoming)), sum(books.flatMap(({ outgoing }) => outgoing)))
    const [bank, wanted] = [await reader.bank(), cents(plus(exact(before), moved))]
    const { debit, credit } = await reader.ledger()
    return [
      ...(bank === wanted ? [] : [`the bank holds ${bank}, should be ${wanted}`]),
      ...(debit === credit ? [] : [`the ledger has ${debit} in debit and ${credit} in credit`]),
    ]
  }
}
