import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { rulesOfEvents } from '../../../bin/commands/replay/archive.ts'
import { eventsOfCase } from '../../../bin/commands/replay/events-of-case.ts'

describe('a replay of the archive', () => {
  it('goes to the rules that start cases and record signals, and to no other', () => {
    const rule = (Arn: string, types: readonly unknown[]) => ({
      Arn,
      EventPattern: JSON.stringify({ 'detail-type': types }),
    })
    expect(
      rulesOfEvents([
        rule('started', ['SalesOrderSubmitted']),
        rule('signalled', ['GoodsIssued', 'PaymentReceived']),
        rule('decisions', ['DecisionMade']),
        rule('unknown', [{ 'anything-but': ['SalesOrderSubmitted'] }]),
        { Arn: 'a listener', EventPattern: JSON.stringify({ source: ['postonce'] }) },
        { Arn: 'a schedule' },
      ]),
    ).toEqual(['started', 'signalled'])
  })
})

describe('a replay from the table', () => {
  const key = 'shop/sales-order/T1'
  const items = (pk: string) => [
    { pk, sk: 'BODY#0000000002', body: { number: 'T1' } },
    { pk, sk: 'CASE', acceptedAtMs: Date.UTC(2026, 10, 24, 9, 30) },
    {
      pk,
      sk: 'SIGNAL#goods-issue#DN-1',
      kind: 'goods-issue',
      number: 'DN-1',
      eventId: 'e1',
      occurredAt: '2026-11-24T10:00:00Z',
      fingerprint: 'f',
      data: { deliveryNote: 'DN-1' },
    },
    {
      pk,
      sk: 'SIGNAL#change#2',
      kind: 'change',
      number: '2',
      eventId: 'e2',
      occurredAt: '2026-11-24T11:00:00Z',
      fingerprint: 'f',
      data: {},
    },
  ]

  it('publishes each version of the order and each event again, under the id that it had', () => {
    expect(eventsOfCase(key, items(key))).toMatchObject([
      {
        entry: { source: 'shop', detailType: 'SalesOrderSubmitted', detail: { metadata: { sourceVersion: 2 } } },
        held: { number: 'T1' },
      },
      {
        entry: { detailType: 'GoodsIssued', detail: { metadata: { id: 'e1', correlationId: key } } },
        held: { deliveryNote: 'DN-1' },
      },
    ])
  })

  it('tells an order from a purchase by the events that each of them has, and brings a version once', () => {
    const signal = (kind: string, number: string, more: object = {}) => ({
      ...{
        pk: 'any',
        sk: `SIGNAL#${kind}#${number}`,
        kind,
        number,
        eventId: `e-${number}`,
        fingerprint: 'f',
        data: {},
        ...more,
      },
      occurredAt: '2026-11-24T10:00:00Z',
    })
    const own = [
      { sk: 'BODY#0000000001', body: {} },
      { sk: 'BODY#0000000002', body: {} },
      { sk: 'CASE', acceptedAtMs: 0 },
      signal('cancellation', 'C-1'),
      // In the ERP; waits, from an earlier release; waits.
      signal('change', '2', { event: 'PurchaseRequisitionSubmitted' }),
      signal('change', '3'),
      signal('change', '4', { event: 'PurchaseRequisitionSubmitted' }),
      signal('closing', 'X-1'),
      signal('approval', '2'),
    ]
    const told = (key: string, items: readonly object[]) =>
      eventsOfCase(key, z.array(z.record(z.string(), z.unknown())).parse(items)).map((one) =>
        'entry' in one
          ? [
              one.entry.detailType,
              one.of.number,
              z.looseObject({ metadata: z.looseObject({}) }).parse(one.entry.detail).metadata,
            ]
          : [],
      )
    const at = (id: string, more: object, occurredAt = '2026-11-24T10:00:00Z') => ({ id, occurredAt, ...more })
    const [purchase, order] = ['erp/purchase-requisition/R1', 'erp/sales-order/T1']
    const first = at(`replay/${purchase}/1`, { sourceVersion: 1 }, '1970-01-01T00:00:00.000Z')
    expect(told(purchase, own)).toEqual([
      ['PurchaseRequisitionSubmitted', '1', first],
      ['PurchaseRequisitionSubmitted', '2', at('e-2', { sourceVersion: 2 })],
      ['PurchaseOrderCancelled', 'C-1', at('e-C-1', { correlationId: purchase })],
      ['PurchaseOrderChanged', '3', at('e-3', { sourceVersion: 3 })],
      ['PurchaseRequisitionSubmitted', '4', at('e-4', { sourceVersion: 4 })],
      ['PurchaseOrderClosed', 'X-1', at('e-X-1', { correlationId: purchase })],
    ])
    expect(told(order, [signal('cancellation', 'C-1'), signal('closing', 'X-1'), signal('change', '2')])).toEqual([
      ['SalesOrderCancelled', 'C-1', at('e-C-1', { correlationId: order })],
      ['SalesOrderClosed', 'X-1', at('e-X-1', { correlationId: order })],
      ['SalesOrderSubmitted', '2', at('e-2', { sourceVersion: 2 })],
    ])
  })

  it('says which events it cannot bring, since their source has a mapping of its own', () => {
    expect(eventsOfCase('northwind/sales-order/T1', items('northwind/sales-order/T1'))).toMatchObject([
      { cannot: expect.stringContaining('use the archive') },
      { entry: { detailType: 'GoodsIssued' } },
    ])
  })
})
