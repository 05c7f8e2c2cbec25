import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { mergeSorted } from '#domain/reconciliation/merge-sorted.ts'
import { type BookRecord, byKey, type Feed } from '#domain/reconciliation/record.ts'

/** Records that are held at once while a feed is put in order. */
const runLength = 20_000

/**
 * A feed in key order, of any order and length: runs of so many records are sorted and kept in a folder of their own in
 * the temporary directory, then read side by side. Of the whole feed never more is held than one run, which is the last
 * one: a feed that is no longer than that is never written.
 */
export async function* inKeyOrder(feed: Feed, length = runLength): AsyncGenerator<BookRecord> {
  const folder = mkdtempSync(join(tmpdir(), 'postonce-runs-'))
  try {
    const { files, last } = await writeRuns(feed, folder, length)
    yield* mergeSorted([...files.map(readRun), held(last)])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same feed once all of it has been read and is in order: the first record comes after the last was read. */
export async function begun<One>(feed: AsyncGenerator<One>): Promise<AsyncIterable<One>> {
  const first = await feed.next()
  return (async function* () {
    if (first.done) return
    yield first.value
    yield* feed
  })()
}

async function writeRuns(feed: Feed, folder: string, length: number) {
  const files: string[] = []
  let records: BookRecord[] = []
  for await (const record of feed) {
    if (records.length >= length) {
      const file = join(folder, `${files.length}.jsonl`)
      await writeRun(file, records.sort(byKey))
      files.push(file)
      records = []
    }
    records.push(record)
  }
  return { files, last: records.sort(byKey) }
}

async function* held(records: readonly BookRecord[]): AsyncGenerator<BookRecord> {
  yield* records
}

async function writeRun(file: string, records: readonly BookRecord[]): Promise<void> {
  const stream = createWriteStream(file, { highWaterMark: 1 << 18 })
  for (const record of records) {
    if (stream.write(`${JSON.stringify(record)}\n`)) continue
    await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
}

/** What was written by this very process is not checked again. */
async function* readRun(file: string): AsyncGenerator<BookRecord> {
  for await (const line of createInterface({ input: createReadStream(file, { highWaterMark: 1 << 16 }) })) {
    yield JSON.parse(line)
  }
}
