import { expect, it } from 'vitest'
import { runRepairs } from './repairs/run-repairs.ts'

it('finds two hundred differences of eight kinds among the documents of a thousand orders, and no other, and repairs each once though two try at once', async () => {
  const run = await runRepairs({ orders: 1000, differences: 200, seed: 'repairs' })
  expect(run.documents).toBe(5 * 1000 + 25)
  expect({ missed: run.missed, invented: run.invented, left: run.left, doneTwice: run.doneTwice }).toEqual({
    ...{ missed: [], invented: [], left: [], doneTwice: [] },
  })
  expect([...run.repairs].filter(([, times]) => times !== 1)).toEqual([])
  expect(run.asked).toBe(50)
  // Of the invoices that a clerk has made a cent dearer the hub has taken over the cent, 25 times.
  expect(run.apart).toEqual([])
  const totals = run.totals.map(({ document, erp }) => [document, erp.count, erp.amount])
  expect(totals.sort()).toEqual([
    ['customer-invoice', 1000, '25000.25'],
    ['goods-issue', 1000, '0'],
    ['incoming-payment', 1000, '25000'],
    ['payment-allocation', 1000, '25000'],
    ['sales-order', 1000, '25000'],
  ])
})

/** What a repair writes, or sets going. */
const isWrite = (point: string) => / (erp (?!find|read|records)|states |dynamodb (TransactWrite|Update))/.test(point)

it('repairs once though whoever repairs dies before or after any write, or hears no answer', async () => {
  const world = { orders: 8, differences: 8, seed: 'dying' }
  const { points, left } = await runRepairs(world)
  expect(left).toEqual([])
  const writes = [...points].filter(isWrite)
  expect(writes.length).toBeGreaterThan(20)
  const lost = { kind: 'answer-lost', isSilent: false, times: 3 } as const
  for (const point of writes) {
    for (const fault of [{ kind: 'crash-before' }, { kind: 'crash-after' }, lost] as const) {
      const run = await runRepairs({ ...world, fault: { point, fault } })
      expect({ point, fault, left: run.left, doneTwice: run.doneTwice }).toEqual({
        point,
        fault,
        left: [],
        doneTwice: [],
      })
    }
  }
})
