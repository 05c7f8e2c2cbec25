import { describe, expect, it } from 'vitest'
import { noFaults } from '../faults.ts'
import { runHistory } from '../history.ts'
import { plain, setStories } from '../set-stories.ts'

const { plain: story } = setStories
if (story === undefined) throw new Error('There is no plain story')

/** What an order costs is its transitions first of all (docs/decisions/0023). */
describe('an order with one delivery and one payment', async () => {
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

  it('takes no more calls than were counted', () => {
    expect(history.calls).toBeLessThanOrEqual(128)
  })
})
