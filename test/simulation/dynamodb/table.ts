import { type Item, itemSizeAtMost, itemSizeInBytes } from './attribute.ts'
import { type Collection, createCollection } from './collection.ts'
import { copyItemIn } from './copy.ts'
import { validationError } from './errors.ts'
import {
  type IndexSettings,
  indexKeyOf,
  type Key,
  type KeyNames,
  keyOfItem,
  namesOf,
  type TableSettings,
} from './keys.ts'
import { createView } from './view.ts'

/** Stored items are never changed, only replaced: readers outside get copies. */
export type Table = {
  readonly settings: TableSettings
  /** A copy of what a caller hands in, as the DocumentClient marshals it. */
  copyIn(value: object): Item
  get(key: Key, consistent: boolean): Item | undefined
  /** Checks an item that is about to be written; throws what DynamoDB would. */
  check(item: Item): void
  write(key: Key, item: Item | undefined): void
  /** How often any item was written. */
  writes(): number
  source(indexName: string | undefined, consistent: boolean): Source
  items(): Item[]
}

export type Source = { readonly keys: KeyNames; readonly collection: Collection }

export type Lags = {
  readonly nowMs: () => number
  /** How far an index is behind, drawn for each write. */
  readonly indexLagMs: () => number
  /** How far a read that is not strongly consistent may be behind, drawn for each write; undefined where it never is. */
  readonly replicaLagMs: (() => number) | undefined
}

export function createTable(settings: TableSettings, lags: Lags, dropsUndefined = false): Table {
  const base = createCollection()
  const indexes = new Map((settings.indexes ?? []).map((index) => [index.name, followIndex(settings, index, lags)]))
  const { replicaLagMs, nowMs } = lags
  const replica = replicaLagMs && createView((item) => keyOfItem(settings, item), replicaLagMs, nowMs)
  const copy = (consistent: boolean) => (consistent || replica === undefined ? base : replica.current())

  let writes = 0
  const write = (key: Key, item: Item | undefined) => {
    writes += 1
    if (item === undefined) base.remove(key)
    else base.put({ partition: key.partition, sort: key.sort, identity: key.identity, item })
    replica?.follow(key.identity, item)
    for (const { view } of indexes.values()) view.follow(key.identity, item)
  }

  return {
    settings,
    copyIn: (value) => copyItemIn(value, dropsUndefined),
    get: (key, consistent) => copy(consistent).get(key.partition, key.sort, key.identity)?.item,
    check: (item) => {
      if (itemSizeAtMost(item) > maximumBytes && itemSizeInBytes(item) > maximumBytes)
        throw validationError('Item size has exceeded the maximum allowed size')
      for (const index of settings.indexes ?? []) indexKeyOf(settings, index, item)
    },
    write,
    writes: () => writes,
    source: (indexName, consistent) => {
      if (indexName === undefined) return { keys: settings.keys, collection: copy(consistent) }
      const index = indexes.get(indexName)
      if (index === undefined) throw validationError(`The table does not have the specified index: ${indexName}`)
      if (consistent) throw validationError('Consistent reads are not supported on global secondary indexes')
      return { keys: index.settings.keys, collection: index.view.current() }
    },
    items: () => [...base.partitions()].flatMap((partition) => base.entries(partition).map(({ item }) => item)),
  }
}

const maximumBytes = 400 * 1024

function followIndex(table: TableSettings, index: IndexSettings, { indexLagMs, nowMs }: Lags) {
  const project = projector(table, index)
  const view = createView((item) => indexKeyOf(table, index, item), indexLagMs, nowMs, project)
  return { settings: index, view }
}

function projector(table: TableSettings, index: IndexSettings): (item: Item) => Item {
  const { projection = 'ALL' } = index
  if (projection === 'ALL') return (item) => item
  const included = projection === 'KEYS_ONLY' ? [] : projection.include
  const names = new Set([...namesOf(table.keys), ...namesOf(index.keys), ...included])
  return (item) => Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)))
}
