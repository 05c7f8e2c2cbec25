import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import * as z from 'zod'
import { PayloadReference, readPayload, storePayload } from '#aws/payload-store.ts'
import { mergeSorted } from '#domain/reconciliation/merge-sorted.ts'
import { BookRecord, byKey } from '#domain/reconciliation/record.ts'
import { parse } from '#domain/schema.ts'

/** Records that are held at once while a feed is put in order. */
const runLength = 20_000

/**
 * A feed that can be left after any page, and taken up where the page says; the last one says nothing.
 * @param notes what the comparison has to remember of it
 */
export type Pages = (
  after: string | undefined,
  notes: Set<string>,
) => AsyncIterable<{ readonly records: readonly BookRecord[]; readonly next?: string | undefined }>

/** How far a feed was read. What was read lies among the payloads, in sorted runs. */
export const KeptFeed = z.object({
  runs: z.array(PayloadReference),
  after: z.string().optional(),
  isWhole: z.boolean(),
})
export type KeptFeed = z.output<typeof KeptFeed>

export const notRead: KeptFeed = { runs: [], isWhole: false }

/** A feed that is being read. */
export interface OpenFeed {
  /**
   * Reads on for as long as it may.
   * @param goesOn is asked between two pages
   * @returns whether all of it is read
   */
  readOn(pages: Pages, notes: Set<string>, goesOn: () => Promise<boolean>): Promise<boolean>
  /** What was read, in key order. */
  inKeyOrder(): AsyncIterable<BookRecord>
  /** Puts what is held in memory alone among the payloads; another invocation goes on from there. */
  keep(): Promise<KeptFeed>
}

/**
 * Takes a feed up where it was left, of any order and length: runs of so many records are sorted, and read side by side. Of
 * the whole feed never more is held in memory than one run, which is the last one: a feed that is no longer than that, and
 * is read by one invocation, is never written.
 * @param folder where its runs lie while they are read
 * @param isKept whether another invocation may go on with it
 */
export async function openFeed(folder: string, kept: KeptFeed, isKept: boolean, length = runLength): Promise<OpenFeed> {
  const runs = [...kept.runs]
  const files: string[] = []
  let { after, isWhole } = kept
  let records: BookRecord[] = []
  const toFile = (run: readonly BookRecord[]) => {
    const file = join(folder, `${files.length}.jsonl`)
    // Nobody else is at work in this process who would have to wait for the disk.
    writeFileSync(file, run.map((record) => `${JSON.stringify(record)}\n`).join(''))
    files.push(file)
  }
  for (const run of runs) toFile(parse(Run, await readPayload(run), 'A run of the reconciliation'))
  const put = async () => {
    const run = records.sort(byKey)
    records = []
    if (isKept) runs.push(await storePayload(JSON.stringify(run), 'runs/'))
    toFile(run)
  }
  return {
    readOn: async (pages, notes, goesOn) => {
      if (isWhole) return true
      for await (const page of pages(after, notes)) {
        records.push(...page.records)
        after = page.next
        if (records.length >= length) await put()
        if (after !== undefined && !(await goesOn())) return false
      }
      isWhole = true
      return true
    },
    inKeyOrder: () => mergeSorted([...files.map(readRun), held(records.sort(byKey))]),
    keep: async () => {
      if (records.length > 0) await put()
      return { runs, isWhole, ...(after !== undefined && { after }) }
    },
  }
}

const Run = z.array(BookRecord)

async function* held(records: readonly BookRecord[]): AsyncGenerator<BookRecord> {
  yield* records
}

/** What was written by this very process is not checked again. */
async function* readRun(file: string): AsyncGenerator<BookRecord> {
  const opened = openSync(file, 'r')
  try {
    const [chunk, decoder] = [Buffer.alloc(1 << 16), new StringDecoder('utf8')]
    let begun = ''
    for (let length = readSync(opened, chunk); length > 0; length = readSync(opened, chunk)) {
      const lines = (begun + decoder.write(chunk.subarray(0, length))).split('\n')
      begun = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line)
    }
  } finally {
    closeSync(opened)
  }
}
