import type { Credit, CreditNotePosting, FoundDocument, PostingPlan } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { Found } from '../wire.ts'
import { differs, fromCents, linesDiffer, quantities, toCents, toLines } from './content.ts'
import { documentPlan, guardedBy, step } from './document.ts'

export function creditNotePlan(client: ErpClient, profile: Profile, posting: CreditNotePosting): PostingPlan {
  const { salesOrderId, credit, reference } = posting
  const content = contentOf(credit)
  const request = { kind: 'credit-note', reference, ...guardedBy(profile, salesOrderId) } as const
  return documentPlan(client, request, (found) => inspect(found, content), [
    step('create-credit-note', profile.follow, (sent) => ({ ...sent, reference, salesOrderId, ...content })),
    step('post-credit-note', profile.transition, (sent, id) => ({ ...sent, reference, creditNoteId: id })),
  ])
}

type Content = {
  readonly goodsReturnId?: string
  readonly lines?: { line: string; quantity: number }[]
  readonly cents?: number
  readonly everything?: boolean
}

/** This ERP knows no taxes: an amount is what it is, tax included. */
function contentOf(credit: Credit): Content {
  switch (credit.of) {
    case 'return':
      return { goodsReturnId: credit.goodsReturnId }
    case 'lines':
      return { lines: toLines(credit.lines) ?? [] }
    case 'everything':
      return { everything: true }
    case 'amounts':
      return { cents: credit.amounts.reduce((sum, { gross }) => sum + toCents(gross), 0) }
  }
}

function inspect(found: Found, { lines, cents }: Content): FoundDocument {
  const amount = fromCents(found.cents ?? 0)
  return {
    document: { id: found.id, number: found.id, amount, currency: 'EUR', lines: quantities(found) },
    done: found.isAdvanced ? 2 : 1,
    stamp: found.stamp,
    differences: [
      ...linesDiffer(found, lines),
      ...(cents === undefined ? [] : differs('credited', amount, fromCents(cents))),
    ],
  }
}
