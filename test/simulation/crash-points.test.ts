import { describe, expect, it } from 'vitest'
import { type Fault, faultAt, noFaults } from './faults.ts'
import { runHistory } from './history.ts'
import { setStories } from './set-stories.ts'
import type { Story } from './story.ts'

const faults: readonly Fault[] = [
  { kind: 'crash-before' },
  { kind: 'crash-after' },
  { kind: 'answer-lost', isSilent: false, times: 3 },
]
const profiles = ['natural-key', 'if-unchanged', 'look-up', 'look-up-late'] as const
/** A stamp in doubt, and a look-up that waits. */
const hardest = ['if-unchanged', 'look-up'] as const

/** Where a delay decides whether the goods or the cancellation is first; goods for a cancelled order are for a person. */
const raced = ['closed', 'cancelled', 'rejected']

interface Tried {
  readonly title: string
  readonly story: Story
  readonly outcomes: Readonly<Record<string, string>>
  /** The calls that no story before it passes. */
  readonly points: readonly string[]
}

const tried: Tried[] = []
const seen = new Set<string>()
for (const [title, story] of Object.entries(setStories)) {
  const { points, outcomes, violations } = await runHistory({
    seed: 'crash',
    isCalm: true,
    profile: 'natural-key',
    plan: noFaults,
    story,
  })
  if (violations.length > 0) throw new Error(`${title}: ${JSON.stringify(violations)}`)
  tried.push({ title, story, outcomes, points: [...points].filter((point) => !seen.has(point)).sort() })
  for (const point of points) seen.add(point)
}

it('tries every call of the machine, of each step and of those beside it', () => {
  expect(seen.size).toBeGreaterThan(150)
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'CreateSalesOrder erp confirm-sales-order 1',
      'PostOutgoingPayment erp post-payment 1',
      'AmendSalesOrder erp withdraw-sales-order 1',
      'CancelSalesOrder dynamodb TransactWrite 2',
      'RecordSignal dynamodb TransactWrite 1',
    ]),
  )
  expect(tried.map(({ title, outcomes }) => [title, outcomes.T1])).toEqual([
    ['plain', 'completed'],
    ['changed, returned and refunded', 'completed'],
    ['returned after its end', 'completed'],
    ['prepaid, cancelled and refunded', 'cancelled'],
    ['closed short', 'closed'],
    ['paid after its deadline', 'completed'],
    ['picked while it is changed', 'completed'],
    ['picked while it is cancelled', 'closed'],
    ['changed and cancelled too late', 'closed'],
  ])
})

describe.each(tried.filter(({ points }) => points.length > 0))(
  'an order: $title',
  ({ title, story, outcomes, points }) => {
    const ends = /too late$|^picked/.test(title) ? [...raced, outcomes.T1] : [outcomes.T1]
    it.each(points)('survives that the Lambda dies before or after, or the answer is lost, at %s', async (point) => {
      for (const profile of title === 'plain' ? profiles : hardest) {
        for (const fault of faults) {
          const history = await runHistory({ seed: 'crash', isCalm: true, profile, plan: faultAt(point, fault), story })
          const { violations, outcomes } = history
          expect({ profile, fault, violations }).toEqual({ profile, fault, violations: [] })
          expect(ends, JSON.stringify({ profile, fault, outcomes })).toContain(outcomes.T1)
        }
      }
    })
  },
)
