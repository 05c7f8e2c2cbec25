import type { FoundDocument, IncomingPaymentPosting, Operation, PostingPlan } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import { fromCents, toCents } from './content.ts'
import { guardedBy } from './document.ts'

/** A payment is one operation for each invoice that it settles; by itself the ERP books it as often as it is told. */
export function incomingPaymentPlan(client: ErpClient, profile: Profile, posting: IncomingPaymentPosting): PostingPlan {
  const { payment, shares, reference } = posting
  const known = new Set<string>()
  const operations = shares.map(({ invoiceId, amount }, index): Operation => {
    const cents = toCents(amount)
    return {
      name: `pay-invoice-${index + 1}`,
      doubt: profile.follow,
      send: async (stamp) => {
        const { outcome, id } = await client.write({ operation: 'pay-invoice', reference, stamp, invoiceId, cents })
        if (id !== undefined) known.add(id)
        return outcome
      },
    }
  })
  const find = async (): Promise<readonly FoundDocument[]> => {
    const paid = await client.find({ kind: 'incoming-payment', reference, ids: [...known] })
    const next = shares.findIndex(({ invoiceId }) => !paid.found.some((one) => one.invoiceId === invoiceId))
    const parentId = guardedBy(profile, shares[next]?.invoiceId ?? '')
    const { parentStamp } =
      parentId === undefined || next === -1
        ? {}
        : await client.find({ kind: 'incoming-payment', reference, ids: [], ...parentId })
    if (paid.found.length === 0 && parentStamp === undefined) return []
    const cents = paid.found.reduce((sum, one) => sum + (one.cents ?? 0), 0)
    const twice = shares.flatMap(({ invoiceId }) => {
      const times = paid.found.filter((one) => one.invoiceId === invoiceId).length
      return times > 1 ? [`invoice ${invoiceId} is paid ${times} times`] : []
    })
    return [
      {
        document: {
          id: paid.found.map(({ id }) => id).join(',') || 'none',
          amount: fromCents(cents),
          currency: payment.currency,
        },
        done: next === -1 ? shares.length : next,
        ...(parentStamp !== undefined && { stamp: parentStamp }),
        differences: twice,
      },
    ]
  }
  return { operations, find }
}
