import type { Attribute, Item } from './attribute.ts'
import { type Collection, createCollection } from './collection.ts'

/** A copy of a table that may be behind: an index, or the replica that answers reads without ConsistentRead. */
export type View = {
  follow(identity: string, item: Item | undefined): void
  current(): Collection
}

type Place = { readonly partition: string; readonly sort: Attribute }
type Change = { readonly dueMs: number; readonly identity: string; readonly item: Item | undefined }

export function createView(
  placeOf: (item: Item) => Place | undefined,
  lagMs: () => number,
  nowMs: () => number,
  project: (item: Item) => Item = (item) => item,
): View {
  const collection = createCollection()
  const places = new Map<string, Place>()
  const lastDueMs = new Map<string, number>()
  let changes: Change[] = []

  const apply = ({ identity, item }: Change) => {
    const old = places.get(identity)
    if (old !== undefined) collection.remove({ ...old, identity })
    const place = item === undefined ? undefined : placeOf(item)
    if (place === undefined || item === undefined) places.delete(identity)
    else {
      places.set(identity, place)
      collection.put({ partition: place.partition, sort: place.sort, identity, item: project(item) })
    }
  }

  return {
    /** Changes of one item arrive in their order; those of different items may overtake each other. */
    follow: (identity, item) => {
      const lag = lagMs()
      const dueMs = Math.max(nowMs() + lag, lastDueMs.get(identity) ?? 0)
      // What is due earlier and that nobody has read yet comes first.
      if (dueMs <= nowMs() && changes.length === 0) apply({ dueMs, identity, item })
      else {
        changes.push({ dueMs, identity, item })
        lastDueMs.set(identity, dueMs)
      }
    },
    current: () => {
      if (changes.length === 0) return collection
      const now = nowMs()
      const due = changes.filter(({ dueMs }) => dueMs <= now).sort((a, b) => a.dueMs - b.dueMs)
      changes = changes.filter(({ dueMs }) => dueMs > now)
      for (const change of due) apply(change)
      return collection
    },
  }
}
