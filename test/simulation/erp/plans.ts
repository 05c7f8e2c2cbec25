import type {
  CustomerInvoicePosting,
  FoundDocument,
  GoodsIssuePosting,
  IncomingPaymentPosting,
  Operation,
  PostingPlan,
  SalesOrderPosting,
} from '#connectors/port.ts'
import type { ErpClient } from './client.ts'
import type { Profile } from './profiles.ts'
import type { FindRequest, Found as WireFound, WriteRequest } from './wire.ts'

/** Plans of the simulated ERP's documents: which operations, and how far a document is. */
export function salesOrderPlan(client: ErpClient, profile: Profile, posting: SalesOrderPosting): PostingPlan {
  const { salesOrder, ids, reference } = posting
  const request = { reference, number: salesOrder.number, customer: ids.customerId }
  const lines = salesOrder.lines.map(({ number, item, quantity, unitPrice }) => ({
    line: number,
    item: ids.itemIds[item.id] ?? '?',
    quantity: Number(quantity),
    cents: toCents(unitPrice),
  }))
  const toDocument = (found: WireFound): FoundDocument => ({
    document: {
      id: found.id,
      number: found.id,
      amount: salesOrder.netTotal,
      currency: salesOrder.currency,
      lines: quantities(found),
    },
    done: found.isAdvanced ? 2 : 1,
    stamp: found.stamp,
    differences: differs('lines', canonical(found.lines ?? []), canonical(lines)),
  })
  return twoSteps(client, { kind: 'sales-order', reference, ids: [] }, toDocument, [
    {
      name: 'create-sales-order',
      doubt: profile.create,
      request: () => ({ operation: 'create-sales-order', ...request, lines }),
    },
    {
      name: 'confirm-sales-order',
      doubt: profile.transition,
      request: (stamp, id) => ({ operation: 'confirm-sales-order', reference, stamp, salesOrderId: id }),
    },
  ])
}

export function goodsIssuePlan(client: ErpClient, profile: Profile, posting: GoodsIssuePosting): PostingPlan {
  const { goodsIssue, salesOrderId, reference } = posting
  const lines = goodsIssue.lines?.map(({ line, quantity }) => ({ line, quantity: Number(quantity) }))
  const toDocument = (found: WireFound): FoundDocument => ({
    document: { id: found.id, number: found.id, lines: quantities(found) },
    done: 1,
    stamp: found.stamp,
    differences: lines === undefined ? [] : differs('lines', canonical(found.lines ?? []), canonical(lines)),
  })
  const parentId = guardedBy(profile, salesOrderId)
  return twoSteps(client, { kind: 'goods-issue', reference, ids: [], ...parentId }, toDocument, [
    {
      name: 'post-goods-issue',
      doubt: profile.follow,
      request: (stamp) => ({ operation: 'post-goods-issue', reference, stamp, salesOrderId, lines }),
    },
  ])
}

export function customerInvoicePlan(client: ErpClient, profile: Profile, posting: CustomerInvoicePosting): PostingPlan {
  const { deliveryId, reference } = posting
  const toDocument = (found: WireFound): FoundDocument => ({
    document: { id: found.id, number: found.id, amount: fromCents(found.cents ?? 0), currency: 'EUR' },
    done: found.isAdvanced ? 2 : 1,
    stamp: found.stamp,
    differences: [],
  })
  const parentId = guardedBy(profile, deliveryId)
  return twoSteps(client, { kind: 'customer-invoice', reference, ids: [], ...parentId }, toDocument, [
    {
      name: 'create-customer-invoice',
      doubt: profile.follow,
      request: (stamp) => ({ operation: 'create-customer-invoice', reference, stamp, deliveryId }),
    },
    {
      name: 'post-customer-invoice',
      doubt: profile.transition,
      request: (stamp, id) => ({ operation: 'post-customer-invoice', reference, stamp, invoiceId: id }),
    },
  ])
}

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

type Step = Pick<Operation, 'name' | 'doubt'> & {
  request(stamp: string | undefined, id: string): WriteRequest
}

/** Operations on one document: what answers name is known by its id from then on. */
function twoSteps(
  client: ErpClient,
  request: FindRequest,
  toDocument: (found: WireFound) => FoundDocument,
  steps: readonly Step[],
): PostingPlan {
  const known = new Set<string>()
  const [first] = steps
  return {
    operations: steps.map((step, index) => ({
      name: step.name,
      doubt: step.doubt,
      send: async (stamp) => {
        if (index > 0 && known.size === 0) {
          try {
            const { found } = await client.find({ ...request, ids: [] })
            for (const { id } of found) known.add(id)
          } catch (cause) {
            return { kind: 'not-applied', cause }
          }
          // Nothing was sent, and the document that it is about is not there (any more).
          if (known.size === 0) return { kind: 'changed' }
        }
        const { outcome, id } = await client.write(step.request(stamp, [...known][0] ?? ''))
        if (id !== undefined) known.add(id)
        return outcome
      },
    })),
    find: async () => {
      const { found, parentStamp } = await client.find({ ...request, ids: [...known] })
      for (const { id } of found) known.add(id)
      if (found.length > 0 || first?.doubt !== 'if-unchanged') return found.map(toDocument)
      const stamp = parentStamp === undefined ? {} : { stamp: parentStamp }
      return [{ document: { id: 'none' }, done: 0, ...stamp, differences: [] }]
    },
  }
}

function guardedBy({ follow }: Profile, parentId: string): { readonly parentId: string } | undefined {
  return follow === 'if-unchanged' ? { parentId } : undefined
}

function quantities({ lines = [] }: WireFound) {
  return lines.map(({ line, quantity }) => ({ line, quantity: String(quantity) }))
}

function differs(what: string, is: string, should: string): readonly string[] {
  return is === should ? [] : [`${what} are ${is}, should be ${should}`]
}

function canonical(
  lines: readonly { readonly line: string; readonly quantity: number; readonly item?: string | undefined }[],
) {
  return lines.map(({ line, quantity, item = '' }) => `${line}/${item}/${quantity}`).join(' ')
}

export function toCents(amount: string): number {
  return Math.round(Number(amount) * 100)
}

export function fromCents(cents: number): string {
  return (cents / 100).toFixed(2)
}
