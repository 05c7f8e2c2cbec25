import { casesOfNumber, readRange } from '#aws/table.ts'
import { InputError } from '../terminal/explain.ts'
import { candidateKeys, unknownCase } from './case-key.ts'

/** The keys that a person may mean by any number: of an order, a delivery, an invoice, a payment. Some may be of nothing. */
export async function keysMeant(given: string, sources: readonly string[]): Promise<readonly string[]> {
  // Numbers are pasted, with what stands around them.
  const number = given.trim()
  if (number === '') throw new InputError('Name a case, such as shop/sales-order/T1001, or a number of it.')
  const found = await casesOfNumber(number)
  // Signals that wait for an order that never came are found by its key alone.
  return found.length > 0 ? found : candidateKeys(number, sources)
}

/**
 * The one key that is meant, of a case or of signals that wait for one.
 * @throws CommandError when none or several have anything: then the whole key is needed
 */
export async function keyMeant(given: string, sources: readonly string[]): Promise<string> {
  const found: string[] = []
  for (const key of await keysMeant(given, sources)) {
    // From AUDIT# to TOKEN#: the case's whole item collection.
    if ((await readRange(key, 'A', 'Z')).length > 0) found.push(key)
  }
  const [key, second] = found
  if (key === undefined || second !== undefined) throw unknownCase(given, found)
  return key
}
