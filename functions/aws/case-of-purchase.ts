import { PoisonMessageError } from '#domain/errors.ts'
import { caseKeyOf, partsOf } from '#domain/keys.ts'
import { type NamesOrder, orderReferences } from '#domain/purchase/bill-events.ts'
import { readCase } from './case-store.ts'
import { readStory } from './case-story.ts'
import { casesOfNumber } from './table.ts'

const document = 'purchase-requisition'
/** One number leads to a case, its order and their documents; more than that is a number that everybody uses. */
const mostCandidates = 25

/**
 * The case that a supplier's document is for, by what it calls our order. What somebody of ours has put beside it is a
 * requisition's number, of the document's own source or of any other. What the supplier has written may be that, too, or
 * the number that the ERP has printed on the order. The index may be a moment behind, so a document that comes within a
 * second of its order is parked under the key that its source would have.
 * @throws PoisonMessageError when two purchases have the number
 */
export async function caseOfPurchase(system: string, named: NamesOrder): Promise<string> {
  for (const reference of orderReferences(named)) {
    const found = await findPurchase(system, reference, reference !== named.purchaseOrder)
    if (found !== undefined) return found
  }
  return caseKeyOf(system, document, orderReferences(named)[0] ?? '')
}

async function findPurchase(system: string, reference: string, isSuppliers: boolean): Promise<string | undefined> {
  const own = caseKeyOf(system, document, reference)
  if ((await readCase(own)) !== undefined) return own
  const candidates = (await casesOfNumber(reference)).filter((key) => partsOf(key).document === document)
  const named: string[] = []
  for (const caseKey of candidates.slice(0, mostCandidates)) {
    if (partsOf(caseKey).number === reference || (isSuppliers && (await isErpsNumber(caseKey, reference)))) {
      named.push(caseKey)
    }
  }
  if (named.length < 2) return named[0]
  throw new PoisonMessageError(
    `${reference} is the number of ${named.length} purchases: ${named.join(', ')}; name the one that is meant by metadata.correlationId`,
    { document: named[0] },
  )
}

/** A delivery note, a payment or another document may have the same number; only the order's own counts. */
async function isErpsNumber(caseKey: string, reference: string): Promise<boolean> {
  const story = await readStory(caseKey)
  return (story?.postings ?? []).some(
    ({ kind, document: posted }) =>
      (kind === 'purchase-order' || kind === 'purchase-order-amendment') && posted?.number === reference,
  )
}
