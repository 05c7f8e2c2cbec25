import { PoisonMessageError } from '#domain/errors.ts'
import { caseKeyOf, partsOf } from '#domain/keys.ts'
import { readCase } from './case-store.ts'
import { readStory } from './case-story.ts'
import { casesOfNumber } from './table.ts'

const document = 'purchase-requisition'
/** One number leads to a case, its order and their documents; more than that is a number that everybody uses. */
const mostCandidates = 25

/**
 * The case that a supplier's document is for, by what it calls our order: the requisition's number, where the document
 * comes from the requisition's own system, or from any other; or the number that the ERP has printed on the order, which
 * is what a supplier repeats. The index may be a moment behind, so a document that comes within a second of its order is
 * parked under the key that its source would have.
 * @param references in the order in which they are believed
 * @throws PoisonMessageError when two purchases have the number
 */
export async function caseOfPurchase(system: string, references: readonly string[]): Promise<string> {
  for (const reference of references) {
    const found = await findPurchase(system, reference)
    if (found !== undefined) return found
  }
  return caseKeyOf(system, document, references[0] ?? '')
}

async function findPurchase(system: string, reference: string): Promise<string | undefined> {
  const own = caseKeyOf(system, document, reference)
  if ((await readCase(own)) !== undefined) return own
  const candidates = (await casesOfNumber(reference)).filter((key) => partsOf(key).document === document)
  const named: string[] = []
  for (const caseKey of candidates.slice(0, mostCandidates)) {
    if (await isOrderNumber(caseKey, reference)) named.push(caseKey)
  }
  if (named.length < 2) return named[0]
  throw new PoisonMessageError(
    `${reference} is the number of ${named.length} purchases: ${named.join(', ')}; name the one that is meant by metadata.correlationId`,
    { document: named[0] },
  )
}

/** A delivery note, a payment or another document may have the same number; only the order's own counts. */
async function isOrderNumber(caseKey: string, reference: string): Promise<boolean> {
  if (partsOf(caseKey).number === reference) return true
  const story = await readStory(caseKey)
  return (story?.postings ?? []).some(
    ({ kind, document: posted }) =>
      (kind === 'purchase-order' || kind === 'purchase-order-amendment') && posted?.number === reference,
  )
}
