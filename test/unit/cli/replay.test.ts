import { describe, expect, it } from 'vitest'
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

  it('says which events it cannot bring, since their source has a mapping of its own', () => {
    expect(eventsOfCase('northwind/sales-order/T1', items('northwind/sales-order/T1'))).toMatchObject([
      { cannot: expect.stringContaining('use the archive') },
      { entry: { detailType: 'GoodsIssued' } },
    ])
  })
})
