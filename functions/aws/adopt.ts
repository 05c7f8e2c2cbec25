import type { ErpConnector, NumberedDocument } from '#connectors/port.ts'
import type { DocumentKind } from '#domain/documents.ts'
import type { PostedDocument } from '#domain/posting.ts'
import type { CaseStory } from './case-story.ts'
import { customerIdOf } from './customer-of-case.ts'

export type Adoption = { readonly document: PostedDocument } | { readonly code: string; readonly message: string }

const salesOrders: readonly string[] = ['sales-order', 'sales-order-amendment']

/**
 * Finds the document in the ERP that a person has named for a posting, and makes sure that it is this case's: of its
 * customer and sales order, in effect there, and not taken for another posting.
 */
export async function findAdopted(
  connector: ErpConnector,
  story: CaseStory,
  kind: DocumentKind,
  number: string,
): Promise<Adoption> {
  const name = `${kind} ${number}`
  const found = await connector.findDocument(kind, number)
  const [numbered, second] = found
  if (numbered === undefined) return no('UNKNOWN_DOCUMENT', `${connector.name} has no ${name}`)
  if (second !== undefined) {
    const ids = found.map(({ document }) => document.id).join(', ')
    return no('AMBIGUOUS_DOCUMENT', `${connector.name} has ${found.length} of ${name}: name the id, one of ${ids}`)
  }
  if (!numbered.isInEffect) return no('NOT_IN_EFFECT', `${name} is a draft or cancelled in ${connector.name}`)
  const other = story.postings.find(
    (one) => one.status === 'posted' && one.kind === kind && one.document?.id === numbered.document.id,
  )
  if (other !== undefined) return no('ALREADY_TAKEN', `${name} is the document of ${other.kind}/${other.number}`)
  if (await isAnothers(story, kind, numbered)) {
    return no('OF_ANOTHER', `${name} is of another customer or sales order than ${story.case.pk}`)
  }
  return { document: numbered.document }
}

/** By its sales order where that stands in the ERP; before that, and for money on account, by its customer. */
async function isAnothers(story: CaseStory, kind: string, { salesOrderIds, customerIds }: NumberedDocument) {
  if (!salesOrders.includes(kind) && salesOrderIds.length > 0) {
    const own = story.postings.filter((one) => salesOrders.includes(one.kind)).map(({ document }) => document?.id)
    return !salesOrderIds.some((id) => own.includes(id))
  }
  return !customerIds.includes(await customerIdOf(story.case))
}

function no(code: string, message: string): Adoption {
  return { code, message }
}
