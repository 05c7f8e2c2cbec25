import { expect, it } from 'vitest'
import { compareFeeds, TooManyDifferences, TooManyUnderWay } from '#aws/reconciliation/compare-feeds.ts'
import { classify } from '#domain/reconciliation/classify.ts'
import { type BookRecord, sides } from '#domain/reconciliation/record.ts'
import { compareMany } from '../../bench/reconcile/compare-many.ts'

it('finds each class of difference among more documents than are held at once, as the bench does among a million', async () => {
  const { documents, found, spoilt } = await compareMany(45_000)
  expect(documents).toBe(45_000)
  expect(found).toEqual(spoilt)
  expect(Object.values(found).every((count) => count >= 1)).toBe(true)
})

it.each([
  ['that differ for those of another account', false, TooManyDifferences],
  ['that differ, or may, for more than can be looked at now', true, TooManyUnderWay],
])('takes more than a thousand documents %s', async (_what, isTooEarly, error) => {
  const records = Array.from({ length: 1001 }, (_, at): BookRecord => {
    const key = `K${String(at).padStart(4, '0')}`
    return { key, document: 'goods-issue', onDay: '2026-11-24', company: 'Postonce', standing: 'in-effect' }
  })
  const compared = compareFeeds({
    feeds: [
      [
        'source',
        async function* () {
          yield { records }
        },
      ],
    ],
    completed: async (found) => found,
    differenceOf: (group) => {
      const difference = classify(group, { sides, dueBeforeMs: 1 })
      return difference && { ...difference, told: { records: group.source, isTooEarly } }
    },
    stopsAtMs: Number.POSITIVE_INFINITY,
  })
  await expect(compared).rejects.toThrow(error)
})
