import { describe, expect, it } from 'vitest'
import { type Fault, faultAt, noFaults } from './faults.ts'
import { runHistory } from './history.ts'
import { plainStory } from './plain-story.ts'

const faults: readonly Fault[] = [
  { kind: 'crash-before' },
  { kind: 'crash-after' },
  { kind: 'answer-lost', isSilent: false, times: 3 },
]

const calm = await runHistory({ seed: 'calm', profile: 'natural-key', plan: noFaults, story: plainStory() })
const points = [...calm.points].sort()

describe('a plain order', () => {
  it('passes the calls that the faults below are put at', () => {
    expect(calm.violations).toEqual([])
    expect(points.length).toBeGreaterThan(60)
    expect(points).toContain('CreateSalesOrder erp confirm-sales-order 1')
    expect(points).toContain('PostIncomingPayment dynamodb TransactWrite 2')
  })

  it.each(points)('survives that the Lambda dies before or after, or the answer is lost, at %s', async (point) => {
    for (const profile of ['natural-key', 'if-unchanged', 'look-up', 'look-up-late'] as const) {
      for (const fault of faults) {
        const { violations, outcomes } = await runHistory({
          seed: 'crash',
          profile,
          plan: faultAt(point, fault),
          story: plainStory(),
        })
        expect({ profile, fault, violations, outcomes }).toEqual({
          profile,
          fault,
          violations: [],
          outcomes: { T1: 'completed' },
        })
      }
    }
  })
})
