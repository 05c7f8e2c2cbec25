import * as z from 'zod'
import { documentKinds } from '#domain/documents.ts'
import { postingKeyOf } from '#domain/keys.ts'
import type { PostedDocument, PostingStatus } from '#domain/posting.ts'
import type { BookRecord, Standing } from './record.ts'

/** A posting of a case, as far as comparing needs it. */
export interface ComparedPosting {
  readonly kind: string
  readonly number: string
  readonly status: PostingStatus
  /** Under which the ERP knows the document. */
  readonly reference: string
  readonly document?: PostedDocument | undefined
  readonly postedAtMs?: number | undefined
  /** Since when an attempt that is not through has been at it. */
  readonly sentAtMs?: number | undefined
  readonly leaseEndsAtMs?: number | undefined
}

const Kind = z.enum(documentKinds)
const orders = ['sales-order', 'purchase-order']

/**
 * The documents of a case as they should stand in the ERP, by what the hub has posted: an order that was amended is
 * replaced by the amendment's, one that was cancelled counts no more, and what was refused is not there. A cancellation
 * or a closing is no document of its own. The hub keeps no day of its own: it is the day of posting, until the ERP's is
 * known.
 */
export function hubRecords(
  caseKey: string,
  company: string,
  postings: readonly ComparedPosting[],
  changedAtMs: number,
): readonly BookRecord[] {
  const current = currentOrder(postings)
  return postings.flatMap((posting) => {
    const kind = Kind.parse(posting.kind)
    if (kind.endsWith('-cancellation') || kind.endsWith('-closing')) return []
    const sinceMs = posting.postedAtMs ?? posting.sentAtMs ?? posting.leaseEndsAtMs ?? changedAtMs
    const order = orders.find((one) => kind === one || kind === `${one}-amendment`)
    return [
      {
        key: posting.reference,
        // In the ERP's own books an amended order is an order.
        document: order === undefined ? kind : Kind.parse(order),
        onDay: new Date(sinceMs).toISOString().slice(0, 10),
        company,
        standing:
          order !== undefined && posting.status === 'posted' && posting !== current
            ? 'ended'
            : standings[posting.status],
        ...contentOf(posting.document),
        posting: postingKeyOf(caseKey, { document: kind, number: posting.number }),
        sinceMs,
      },
    ]
  })
}

const standings: Readonly<Record<PostingStatus, Standing>> = {
  posted: 'in-effect',
  claimed: 'under-way',
  'in-doubt': 'under-way',
  // It is with a person, and in the inbox: nothing of it should count until somebody has decided.
  refused: 'ended',
}

/** The order that counts; none once it is cancelled. */
function currentOrder(postings: readonly ComparedPosting[]): ComparedPosting | undefined {
  const posted = postings.filter(({ status }) => status === 'posted')
  if (posted.some(({ kind }) => kind.endsWith('-order-cancellation'))) return undefined
  const amended = posted.filter(({ kind }) => kind.endsWith('-order-amendment'))
  const newest = amended.reduce(
    (best, one) => (Number(one.number) > Number(best?.number ?? 0) ? one : best),
    amended[0],
  )
  return newest ?? posted.find(({ kind }) => orders.includes(kind))
}

function contentOf(document: PostedDocument | undefined) {
  if (document === undefined) return {}
  const { id, number, amount, currency, lines } = document
  return {
    id,
    ...(number !== undefined && { number }),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
    ...(lines !== undefined && { lines }),
  }
}
