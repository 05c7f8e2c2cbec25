import { type Attribute, compare, type Item } from './attribute.ts'

export type Entry = {
  readonly partition: string
  readonly sort: Attribute
  /** Tells entries of one sort key apart, as an index may hold many. */
  readonly identity: string
  readonly item: Item
}

/** Items by partition, in the order of their sort keys. */
export type Collection = {
  get(partition: string, sort: Attribute, identity: string): Entry | undefined
  put(entry: Entry): void
  remove(entry: Omit<Entry, 'item'>): void
  entries(partition: string): readonly Entry[]
  partitions(): Iterable<string>
}

export function createCollection(): Collection {
  const partitions = new Map<string, Entry[]>()
  return {
    get: (partition, sort, identity) => {
      const entries = partitions.get(partition) ?? []
      const entry = entries[position(entries, sort, identity)]
      return entry?.identity === identity ? entry : undefined
    },
    put: (entry) => {
      const entries = partitions.get(entry.partition)
      if (entries === undefined) {
        partitions.set(entry.partition, [entry])
        return
      }
      const at = position(entries, entry.sort, entry.identity)
      entries.splice(at, entries[at]?.identity === entry.identity ? 1 : 0, entry)
    },
    remove: ({ partition, sort, identity }) => {
      const entries = partitions.get(partition) ?? []
      const at = position(entries, sort, identity)
      if (entries[at]?.identity === identity) entries.splice(at, 1)
    },
    entries: (partition) => partitions.get(partition) ?? [],
    partitions: () => partitions.keys(),
  }
}

/** Where the first entry stands that is not before this one. */
function position(entries: readonly Entry[], sort: Attribute, identity: string): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = entries[middle]
    if (entry !== undefined && isBefore(entry, sort, identity)) low = middle + 1
    else high = middle
  }
  return low
}

export function isBefore(entry: Entry, sort: Attribute, identity: string): boolean {
  const order = compare(entry.sort, sort) ?? 0
  return order < 0 || (order === 0 && entry.identity < identity)
}
