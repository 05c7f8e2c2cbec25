import type { DocumentKind } from '#domain/documents.ts'
import type { Owner } from '#domain/errors.ts'
import { caseOfPosting } from '#domain/keys.ts'
import type { Difference, Facet } from '#domain/reconciliation/difference.ts'
import { sides } from '#domain/reconciliation/record.ts'
import { openInboxItem } from '../inbox-store.ts'
import type { DifferenceItem } from './difference-store.ts'

/**
 * Asks a person what is to be done about a difference, once for as long as the same is said about it; it goes from the
 * inbox by itself when the books agree.
 * @param why the hub did not repair it by itself, where it was to
 */
export async function askAboutDifference({ difference, content }: DifferenceItem, why?: string): Promise<string> {
  const { class: code, key, document, posting, amount, currency, repairs } = difference
  const caseKey = posting && caseOfPosting(posting)
  const about = posting ?? `${document} ${difference.erpIds.join(', ')}`
  return await openInboxItem({
    caseKey: caseKey ?? `postonce/difference/${key}`,
    kind: 'difference',
    owner: ownerOf(document),
    code,
    question: [`${about}: ${saidOf(difference)}.`, ...(why === undefined ? [] : [why])].join(' '),
    ...(caseKey && posting && { posting: { document, number: posting.slice(caseKey.length + document.length + 2) } }),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
    repairs,
    ground: { difference: { key, content } },
    occurrence: content,
  })
}

/** What each side says, and which file of the source. */
export function saidOf({ facets, told }: Pick<Difference, 'facets' | 'told'>): string {
  const said = facets.map(wordsOf).join('; ')
  return told?.file === undefined ? said : `${said} (${told.file})`
}

/** What each side says of one thing. */
function wordsOf(facet: Facet): string {
  const said = sides.flatMap((side) => (facet[side] === undefined ? [] : [`${side} ${facet[side]}`]))
  return `${facet.what}: ${said.join(', ')}`
}

/** Who keeps such documents. */
function ownerOf(document: DocumentKind): Owner {
  if (document.startsWith('goods-') || document === 'supplier-return') return 'warehouse'
  if (document.startsWith('sales-order')) return 'sales'
  return document.startsWith('purchase-order') ? 'purchasing' : 'finance'
}
