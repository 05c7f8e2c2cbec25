import { readErpBooks } from '../../../../bin/local/erp/books.ts'
import type { LocalEnvironment } from '../../../../bin/local/state.ts'
import { exact, fixed, minus, total } from '../oracle/decimal.ts'
import type { PurchaseBooks } from './oracle/expected.ts'
import { inEuros, type PurchaseStory } from './story.ts'

/** The bank of the whole ERP against the sum of the purchases, so that nothing was paid beside their suppliers. */
export async function paymentTotals(erp: LocalEnvironment['erp']) {
  const reader = readErpBooks(erp)
  const before = await reader.bank()
  return async (stories: readonly Told[]): Promise<readonly string[]> => {
    const paid = stories.flatMap(({ story, expected }) =>
      expected.books.payments.map((amount) => inEuros(exact(amount), story.currency)),
    )
    const [bank, wanted] = [await reader.bank(), fixed(minus(exact(before), total(paid)), 2)]
    const { debit, credit } = await reader.ledger()
    return [
      ...(bank === wanted ? [] : [`the bank holds ${bank}, should be ${wanted}`]),
      ...(debit === credit ? [] : [`the ledger has ${debit} in debit and ${credit} in credit`]),
    ]
  }
}

interface Told {
  readonly story: Pick<PurchaseStory, 'currency'>
  readonly expected: { readonly books: Pick<PurchaseBooks, 'payments'> }
}
