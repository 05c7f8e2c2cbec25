import { describe, expect, it, vi } from 'vitest'
import { noFaults } from '../faults.ts'
import { runHistory } from '../history.ts'
import { silentMetric } from '../hub/outside.ts'
import { plain, setStories } from '../set-stories.ts'

const { plain: story } = setStories
if (story === undefined) throw new Error('There is no plain story')

/** What an order costs is its transitions first of all (docs/decisions/0023). */
describe('an order with one delivery and one payment', async () => {
  const measured: string[][] = []
  vi.spyOn(silentMetric, 'addDimension').mockImplementation((...dimension) => {
    measured.push(dimension)
    return silentMetric
  })
  vi.spyOn(silentMetric, 'addMetric').mockImplementation((name) => measured.push([name]))
  const history = await runHistory({ seed: 'plain', profile: 'natural-key', isCalm: true, plan: noFaults, story })

  it('passes these states and no other', () => {
    expect(history.outcomes).toEqual({ [plain.number]: 'completed' })
    expect(history.executions.map(({ visits }) => visits.map(({ state }) => state))).toEqual([
      [
        'AcceptSalesOrder',
        'CreateSalesOrder',
        'AwaitEvent',
        'RouteNextEvent',
        'PostGoodsIssue',
        'CreateCustomerInvoice',
        'AwaitEvent',
        'RouteNextEvent',
        'PostIncomingPayment',
        'PickNextEvent',
        'RouteNextEvent',
        'AllocatePayment',
        'PickNextEvent',
        'RouteNextEvent',
        'PublishOrderToCashCompleted',
      ],
    ])
  })

  it('is measured from each of its events to what they lead to', () => {
    const events = measured.filter((_, i) => measured[i + 1]?.[0] === 'FlowLatency')
    expect(events).toEqual([
      ['event', 'SalesOrderSubmitted'],
      ['event', 'GoodsIssued'],
      ['event', 'PaymentReceived'],
    ])
  })

  it('takes no more calls than were counted', () => {
    expect(history.calls).toBeLessThanOrEqual(128)
  })
})
