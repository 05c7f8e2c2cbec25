import { expect, it } from 'vitest'
import { compareMany } from '../../bench/reconcile/compare-many.ts'

it('finds each class of difference among more documents than are held at once, as the bench does among a million', async () => {
  const { documents, found, spoilt } = await compareMany(45_000)
  expect(documents).toBe(45_000)
  expect(found).toEqual(spoilt)
  expect(Object.values(found).every((count) => count >= 1)).toBe(true)
})
