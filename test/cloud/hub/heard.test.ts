import { expect, it } from 'vitest'
import { readFlows } from '../../../bin/commands/status/read-flows.ts'
import { bus, newNumber, publish } from './hub-under-test.ts'
import { purchaseCancelled, requested, requisition } from './purchases-under-test.ts'

it('shows in the status that a flow was heard of whose event was handed to the execution that has the case', async () => {
  const startMs = Date.now()
  const number = newNumber('H')
  const wanted = requisition(number)
  await publish(requested(wanted))
  await bus.until('PurchaseOrderCreated', number)
  const newer = { ...wanted, lines: wanted.lines.slice(0, 1) }
  await publish({ detailType: 'PurchaseOrderChanged', data: newer, version: 2 })
  await bus.until('PurchaseOrderAmended', number)
  await publish(purchaseCancelled(number))
  await bus.until('PurchaseOrderCancellationPosted', number)
  const flows = new Map((await readFlows(Date.now())).map((one) => [one.flow, one]))
  for (const flow of ['purchase-requisition', 'purchase-order-change', 'purchase-order-cancellation']) {
    // What is heard in a minute counts for its beginning.
    expect(flows.get(flow)).toMatchObject({ flow, latencySeconds: expect.any(Number) })
    expect(flows.get(flow)?.heardAtMs ?? 0).toBeGreaterThan(startMs - 60_000)
  }
})
