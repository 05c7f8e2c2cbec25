import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { inKeyOrder } from '#aws/sorted-runs.ts'
import { type BookRecord, byKey } from '#domain/reconciliation/record.ts'
import { agreeing, random } from '../domain/reconciliation/books.ts'

const runs = () => readdirSync(tmpdir()).filter((name) => name.startsWith('postonce-runs-'))

it('brings a feed in key order with a few records at once, loses none, and leaves no file behind', async () => {
  const next = random(3)
  const feed = Array.from({ length: 997 }, (_, index) => agreeing(index, next).hub).flat()
  const sorted: BookRecord[] = []
  let most = 0
  for await (const record of inKeyOrder(feed, 50)) {
    sorted.push(record)
    most = Math.max(most, runs().length)
  }
  expect(most).toBeGreaterThan(0)
  expect(sorted).toEqual([...feed].sort(byKey))
})

it('leaves no file behind when whoever reads stops early', async () => {
  const before = runs()
  for await (const record of inKeyOrder([agreeing(0, random(1)).hub, agreeing(1, random(1)).hub].flat(), 1)) {
    expect(record.key).not.toBe('')
    break
  }
  expect(runs().filter((name) => !before.includes(name))).toEqual([])
})
