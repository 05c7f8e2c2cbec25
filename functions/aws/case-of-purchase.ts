import { PoisonMessageError } from '#domain/errors.ts'
import { caseKeyOf, partsOf } from '#domain/keys.ts'
import { type NamesOrder, orderReferences, signalNumber } from '#domain/purchase/bill-events.ts'
import { readCase } from './case-store.ts'
import { readStory } from './case-story.ts'
import { casesOfNumber } from './table.ts'

const document = 'purchase-requisition'
/** One number leads to a case, its order and their documents; more than that is a number that everybody uses. */
const mostCandidates = 25

/**
 * The case that a supplier's document is for, by what it calls our order. What somebody of ours has put beside it is a
 * requisition's number, of the document's own source or of any other. What the supplier has written may be that, too, or
 * the number that the ERP has printed on the order; a credit note may name the invoice alone. The index may be a moment behind, so a document that comes within a
 * second of its order is parked under the key that its source would have.
 * @throws PoisonMessageError when two purchases have the number
 */
export async function caseOfPurchase(system: string, named: NamesOrder): Promise<string> {
  const references = orderReferences(named)
  for (const reference of references) {
    const own = caseKeyOf(system, document, reference)
    if ((await readCase(own)) !== undefined) return own
    const found = await purchaseWith(reference, (caseKey) => isOrder(caseKey, reference, named))
    if (found !== undefined) return found
  }
  for (const invoice of named.corrects) {
    const found = await purchaseWith(signalNumber(invoice), (caseKey) => hasInvoice(caseKey, signalNumber(invoice)))
    if (found !== undefined) return found
  }
  return caseKeyOf(system, document, references[0] ?? named.corrects[0] ?? '')
}

/** The one purchase that the index finds by a number, and that is meant by it. */
async function purchaseWith(
  reference: string,
  isMeant: (caseKey: string) => Promise<boolean>,
): Promise<string | undefined> {
  const candidates = (await casesOfNumber(reference)).filter((key) => partsOf(key).document === document)
  const named: string[] = []
  for (const caseKey of candidates.slice(0, mostCandidates)) {
    if (await isMeant(caseKey)) named.push(caseKey)
  }
  if (named.length < 2) return named[0]
  throw new PoisonMessageError(
    `${reference} is the number of ${named.length} purchases: ${named.join(', ')}; name the one that is meant by metadata.correlationId`,
    { document: named[0] },
  )
}

/** A delivery note, a payment or another document may have the same number; only the order's own counts. */
async function isOrder(caseKey: string, reference: string, { purchaseOrder }: NamesOrder): Promise<boolean> {
  if (partsOf(caseKey).number === reference) return true
  if (reference === purchaseOrder) return false
  const story = await readStory(caseKey)
  return (story?.postings ?? []).some(
    ({ kind, document: posted }) =>
      (kind === 'purchase-order' || kind === 'purchase-order-amendment') && posted?.number === reference,
  )
}

async function hasInvoice(caseKey: string, invoice: string): Promise<boolean> {
  const story = await readStory(caseKey)
  return (story?.signals ?? []).some(({ kind, number }) => kind === 'supplier-invoice' && number === invoice)
}
