import { describe, expect, it } from 'vitest'
import { CaseItem } from '#aws/case-store.ts'
import type { CaseStory } from '#aws/case-story.ts'
import { latencyOf } from '#aws/flow-latency.ts'
import { PostingItem } from '#aws/posting-store.ts'
import { SignalItem } from '#aws/signal-store.ts'
import { eventOfKind, signalEvents, startingEvents } from '#domain/events.ts'

const orders = 'shop/sales-order/T1'
const purchases = 'erp/purchase-requisition/R1'

function theCase(pk: string, acceptedAtMs: number): CaseItem {
  return CaseItem.parse({
    pk,
    process: pk === orders ? 'order-to-cash' : 'procure-to-pay',
    status: 'open',
    owner: { executionArn: 'arn', epoch: 1, redriveCount: 0 },
    version: 1,
    fingerprint: 'f',
    currency: 'EUR',
    netTotal: '1',
    lines: [],
    signalCount: 1,
    acceptedAtMs,
    deadlineAtMs: 0,
    deadlinesTold: 0,
    listedAtMs: 0,
  })
}

const signal = (kind: string, number: string, more: object) =>
  SignalItem.parse({
    pk: 'c',
    sk: `SIGNAL#${kind}#${number}`,
    kind,
    number,
    eventId: 'e',
    occurredAt: '',
    fingerprint: 'f',
    data: {},
    ...more,
  })
const posting = (kind: string, number: string, postedAtMs: number) => ({
  ...PostingItem.parse({ status: 'posted', fence: 1, fingerprint: 'f', reference: 'r', postedAtMs }),
  kind,
  number,
})
const owner = (caseKey: string, redriveCount = 0) => ({ caseKey, executionArn: 'arn', epoch: 1, redriveCount })
const goods = { kind: 'goods-issue', number: 'DN-1' } as const
const story = (parts: Partial<CaseStory>): CaseStory => ({
  case: theCase(orders, 0),
  signals: [signal('goods-issue', 'DN-1', { acceptedAtMs: 5_000 })],
  postings: [],
  ...parts,
})

describe('how long an event takes', () => {
  it.each<[string, Partial<CaseStory>, number]>([
    ['counts from when it was recorded', {}, 15_000],
    ['counts from when its order was accepted, if that came later', { case: theCase(orders, 8_000) }, 12_000],
    ['counts from when its order stood in the ERP', { postings: [posting('sales-order', 'T1', 9_000)] }, 11_000],
    ['takes its own documents for part of it', { postings: [posting('customer-invoice', 'DN-1', 19_000)] }, 15_000],
    [
      'counts from when the event before it was through, since a case does one after another',
      {
        signals: [
          signal('goods-issue', 'DN-1', { acceptedAtMs: 5_000 }),
          signal('incoming-payment', 'P-1', { acceptedAtMs: 1_000, consumedAtMs: 18_000 }),
        ],
      },
      2_000,
    ],
  ])('%s', (_what, parts, ms) => {
    expect(latencyOf(owner(orders), story(parts), goods, 20_000)).toEqual({ event: 'GoodsIssued', ms })
  })

  it('is not that of the goods that an invoice has waited for', () => {
    const waited = story({
      case: theCase(purchases, 0),
      signals: [
        signal('supplier-invoice', 'F-1', { acceptedAtMs: 1_000 }),
        signal('goods-receipt', 'DN-1', { acceptedAtMs: 500_000, consumedAtMs: 502_000 }),
      ],
    })
    expect(latencyOf(owner(purchases), waited, { kind: 'supplier-invoice', number: 'F-1' }, 505_000)).toEqual({
      event: 'SupplierInvoiceReceived',
      ms: 3_000,
    })
  })

  it('is not measured where a person was asked, where it was through before, nor of what a person decides', () => {
    const match = { basis: 'b', round: 1, summary: '', isBookable: true, payable: '1', decision: 'accept' }
    const decided = story({
      case: theCase(purchases, 0),
      signals: [signal('supplier-invoice', 'F-1', { acceptedAtMs: 1, match: { ...match, outcome: 'price-variance' } })],
    })
    expect(latencyOf(owner(purchases), decided, { kind: 'supplier-invoice', number: 'F-1' }, 9)).toBeUndefined()
    expect(latencyOf(owner(orders, 1), story({}), goods, 20_000)).toBeUndefined()
    const through = story({ signals: [signal('goods-issue', 'DN-1', { acceptedAtMs: 1, consumedAtMs: 2 })] })
    expect(latencyOf(owner(orders), through, goods, 20_000)).toBeUndefined()
    expect(eventOfKind('approval', 'procure-to-pay')).toBeUndefined()
  })

  it('belongs to the event by which a newer version came, which may be that of the first one', () => {
    const changed = (more: object) =>
      story({ case: theCase(purchases, 0), signals: [signal('change', '2', { acceptedAtMs: 5_000, ...more })] })
    const event = (more: object) =>
      latencyOf(owner(purchases), changed(more), { kind: 'change', number: '2' }, 9_000)?.event
    expect(event({ event: 'PurchaseRequisitionSubmitted' })).toBe('PurchaseRequisitionSubmitted')
    expect(event({ event: 'PurchaseOrderChanged' })).toBe('PurchaseOrderChanged')
    // A signal that an earlier release has recorded does not say.
    expect(event({})).toBe('PurchaseOrderChanged')
  })

  it('belongs to the event that made the signal, in each process', () => {
    expect(eventOfKind('order', 'order-to-cash')).toBe('SalesOrderSubmitted')
    expect(eventOfKind('change', 'order-to-cash')).toBe('SalesOrderSubmitted')
    expect(eventOfKind('order', 'procure-to-pay')).toBe('PurchaseRequisitionSubmitted')
    expect(eventOfKind('change', 'procure-to-pay')).toBe('PurchaseOrderChanged')
    for (const [name, { kind, document }] of Object.entries(signalEvents)) {
      const [starting] = Object.values(startingEvents).filter((event) => event.document === document)
      expect(eventOfKind(kind, starting?.process ?? '')).toBe(name)
    }
  })
})
