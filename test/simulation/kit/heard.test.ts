import { beforeEach, describe, expect, it, vi } from 'vitest'
import { noFaults } from '../faults.ts'
import { profiles, runHistory } from '../history.ts'
import { silentMetric } from '../hub/outside.ts'
import { actsOf } from '../purchases/acts.ts'
import type { PurchaseKind } from '../purchases/purchase.ts'
import { runPurchases } from '../purchases/run-purchases.ts'
import { setStories } from '../set-stories.ts'

const calm = { seed: 'heard', isCalm: true, plan: noFaults } as const
let measured: string[][] = []

beforeEach(() => {
  measured = []
  vi.spyOn(silentMetric, 'addDimension').mockImplementation((...dimension) => {
    measured.push(dimension)
    return silentMetric
  })
  vi.spyOn(silentMetric, 'addMetric').mockImplementation((name) => measured.push([name]))
})

/** The events of which something was counted or measured. */
function eventsOf(metric: 'EventHeard' | 'FlowLatency'): string[] {
  return measured.flatMap((_, at) => (measured[at + 1]?.[0] === metric ? [measured[at]?.[1] ?? ''] : [])).sort()
}

/** Each was heard once, whichever execution took it up, and what was measured is measured of one that came. */
function expectHeard(told: readonly string[]): void {
  expect(eventsOf('EventHeard')).toEqual([...told].sort())
  expect([...new Set(eventsOf('FlowLatency'))].filter((event) => !told.includes(event))).toEqual([])
}

describe('an event is heard of for the flow by which it came, and its time is measured for no other', () => {
  it.each(Object.entries(setStories))('of an order that is %s', async (_what, story) => {
    await runHistory({ ...calm, profile: 'natural-key', story })
    expectHeard(story.plays.flatMap((play) => (play.kind === 'publish' ? [play.entry.detailType] : [])))
  })

  it.each<PurchaseKind>([
    ...(['replaced', 'changed', 'changed twice', 'changed too late'] as const),
    ...(['withdrawn', 'cancelled', 'cancelled too late', 'short', 'returned'] as const),
  ])('of a purchase that is %s', async (kind) => {
    const { purchases } = await runPurchases({ ...calm, profile: profiles['natural-key'], kinds: [kind] })
    expectHeard(purchases.flatMap(actsOf).flatMap(({ entries }) => entries.map(({ detailType }) => detailType)))
    if (kind === 'changed twice') expect(eventsOf('FlowLatency')).toContain('PurchaseOrderChanged')
  })
})
