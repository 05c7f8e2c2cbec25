import { type BookRecord, type Feed, type Side, sides } from './record.ts'

/** What all sides have under one key. */
export interface Group {
  readonly key: string
  readonly source: readonly BookRecord[]
  readonly hub: readonly BookRecord[]
  readonly erp: readonly BookRecord[]
}

/**
 * Joins feeds that are in key order, one key after the other: of each feed no more is held than one key's records.
 * @throws Error when a feed is not in order, since what it has would be taken for missing
 */
export async function* join(feeds: Readonly<Record<Side, Feed>>): AsyncGenerator<Group> {
  const readers = await Promise.all(sides.map((side) => openReader(side, feeds[side])))
  for (;;) {
    const key = leastKey(readers)
    if (key === undefined) return
    const [source = [], hub = [], erp = []] = await takeAll(readers, key)
    yield { key, source, hub, erp }
  }
}

function leastKey(readers: readonly Reader[]): string | undefined {
  let least: string | undefined
  for (const { head } of readers) if (head !== undefined && (least === undefined || head.key < least)) least = head.key
  return least
}

async function takeAll(readers: readonly Reader[], key: string): Promise<readonly BookRecord[][]> {
  const taken: BookRecord[][] = []
  for (const reader of readers) {
    const records: BookRecord[] = []
    while (reader.head?.key === key) {
      records.push(reader.head)
      await reader.next()
    }
    taken.push(records)
  }
  return taken
}

interface Reader {
  head: BookRecord | undefined
  next(): Promise<void>
}

async function openReader(side: Side, feed: Feed): Promise<Reader> {
  const iterator = Symbol.asyncIterator in feed ? feed[Symbol.asyncIterator]() : feed[Symbol.iterator]()
  const reader: Reader = {
    head: undefined,
    async next() {
      const { done, value } = await iterator.next()
      if (!done && this.head !== undefined && value.key < this.head.key) {
        throw new Error(`The feed of the ${side} is not in order: ${value.key} comes after ${this.head.key}`)
      }
      this.head = done ? undefined : value
    },
  }
  await reader.next()
  return reader
}
