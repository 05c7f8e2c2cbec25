import { describe, expect, it } from 'vitest'
import { runHistory } from './rate.ts'

const rates = {
  'crash-before': 0.02,
  'crash-after': 0.02,
  'answer-lost': 0.03,
  throttled: 0.03,
  'frozen-after': 0.01,
  'late-effect': 0.02,
}

describe('a whole history of machine, Lambdas and table', () => {
  it('is told again, timer by timer, by its seed', async () => {
    for (const seed of [1, 2, 3]) {
      const history = await runHistory(seed, rates)
      expect(history.faults).toBeGreaterThan(0)
      expect(await runHistory(seed, rates)).toEqual(history)
    }
    expect((await runHistory(1, rates)).digest).not.toBe((await runHistory(2, rates)).digest)
  })

  it('ends well under any seed, since its steps may be repeated', async () => {
    for (let seed = 1; seed <= 50; seed++) expect(await runHistory(seed, rates)).toMatchObject({ status: 'SUCCEEDED' })
  })
})
