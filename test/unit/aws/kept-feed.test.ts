import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { notRead, openFeed, type Pages } from '#aws/reconciliation/kept-feed.ts'
import { type BookRecord, byKey } from '#domain/reconciliation/record.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { agreeing, random } from '../domain/reconciliation/books.ts'
import { replaceBucket } from './payloads.ts'

const next = random(3)
/** A letter of three bytes does not fit into what is read at once. */
const company = '€'.repeat(80)
const feed = Array.from({ length: 997 }, (_, index) => agreeing(index, next).hub)
  .flat()
  .map((record): BookRecord => ({ ...record, company }))
/** Ten records a page. */
const pages: Pages = async function* (after) {
  for (let from = Number(after ?? 0); from < feed.length; from += 10) {
    yield { records: feed.slice(from, from + 10), ...(from + 10 < feed.length && { next: String(from + 10) }) }
  }
}

async function all(records: AsyncIterable<BookRecord>): Promise<readonly BookRecord[]> {
  const read: BookRecord[] = []
  for await (const record of records) read.push(record)
  return read
}

it.each([50, 400])('brings a feed in key order with %i records at once, and loses none', async (length) => {
  const folder = temporaryFolder('kept-feed')
  const open = await openFeed(folder, notRead, false, length)
  expect(await open.readOn(pages, new Set(), async () => true)).toBe(true)
  expect(readdirSync(folder).length).toBe(Math.floor(997 / length))
  expect(await all(open.inKeyOrder())).toEqual([...feed].sort(byKey))
})

it.each([50, 10_000])(
  'is left after any page, and taken up there by somebody else, with runs of %i',
  async (length) => {
    const objects = replaceBucket()
    let kept = notRead
    let times = 0
    for (let isWhole = false; !isWhole; times++) {
      const open = await openFeed(temporaryFolder('kept-feed'), kept, true, length)
      let left = 7
      isWhole = await open.readOn(pages, new Set(), async () => left-- > 0)
      if (!isWhole || times % 2 === 0) kept = await open.keep()
      if (isWhole) expect(await all(open.inKeyOrder())).toEqual([...feed].sort(byKey))
    }
    expect(times).toBeGreaterThan(5)
    expect([...objects.keys()].every((key) => /^runs\/[0-9a-f]{64}$/.test(key))).toBe(true)
  },
)
