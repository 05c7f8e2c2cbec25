import { type Item, itemSizeAtMost, itemSizeInBytes } from './attribute.ts'
import { type Entry, isBefore } from './collection.ts'
import type { MutableItem } from './copy.ts'
import { copyItemOut } from './copy.ts'
import { validationError } from './errors.ts'
import { isMet } from './evaluate-condition.ts'
import {
  expressionFields,
  fieldsOf,
  parseIfGiven,
  placeholdersFor,
  readFlag,
  readInput,
  readItem,
  readTable,
  readText,
  readWord,
  type Tables,
} from './input.ts'
import { splitKeyCondition } from './key-condition.ts'
import { keyOfKey, namesOf, partitionText } from './keys.ts'
import { parseFilter, parseKeyCondition } from './parse-condition.ts'
import { parseProjection } from './parse-path.ts'
import { projectItem } from './project.ts'

const fields = fieldsOf(
  ...['TableName', 'IndexName', 'KeyConditionExpression', 'FilterExpression', 'ProjectionExpression', 'Limit'],
  ...['ExclusiveStartKey', 'ScanIndexForward', 'ConsistentRead', 'Select', ...expressionFields],
)

export type Page = { Items?: MutableItem[]; Count: number; ScannedCount: number; LastEvaluatedKey?: MutableItem }

/** Understands the query at once and reads when called. A page ends after `pageItems` even where DynamoDB would go on. */
export function planQuery(tables: Tables, value: unknown, pageItems: number): () => Page {
  const input = readInput('Query', value, fields)
  const table = readTable(tables, input)
  const [condition, filter] = [
    parseIfGiven(input, 'KeyConditionExpression', parseKeyCondition),
    parseIfGiven(input, 'FilterExpression', parseFilter),
  ]
  const projection = parseIfGiven(input, 'ProjectionExpression', parseProjection)
  const placeholders = placeholdersFor(table, input, [condition, filter, projection])
  if (condition === undefined)
    throw validationError('Either the KeyConditions or KeyConditionExpression parameter must be specified')
  const indexName = readText(input, 'IndexName')
  const consistent = readFlag(input, 'ConsistentRead', false)
  const forward = readFlag(input, 'ScanIndexForward', true)
  const countsOnly =
    readWord(input, 'Select', ['ALL_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES']) ===
    'COUNT'
  const limit = Math.min(readLimit(input.Limit), pageItems)
  const start = input.ExclusiveStartKey === undefined ? undefined : readItem(table, input, 'ExclusiveStartKey')
  const { keys } = table.source(indexName, indexName === undefined && consistent)
  const wanted = splitKeyCondition(condition.form, keys, placeholders)
  if (filter !== undefined) wanted.refuseKeysIn(filter.form)

  return () => {
    const { collection } = table.source(indexName, consistent)
    const entries = collection.entries(partitionText(wanted.partition))
    const page: Page = { Count: 0, ScannedCount: 0 }
    const items: MutableItem[] = []
    const read: Item[] = []
    let bytesAtMost = 0
    for (const entry of afterStart(forward ? entries : entries.toReversed(), start && place(start), forward)) {
      if (wanted.sort !== undefined && !isMet(wanted.sort, entry.item, placeholders)) continue
      page.ScannedCount += 1
      read.push(entry.item)
      bytesAtMost += itemSizeAtMost(entry.item)
      if (filter === undefined || isMet(filter.form, entry.item, placeholders)) {
        page.Count += 1
        if (!countsOnly) items.push(projectItem(entry.item, projection?.form, placeholders))
      }
      if (page.ScannedCount >= limit || (bytesAtMost > pageBytes && sizeOf(read) > pageBytes)) {
        page.LastEvaluatedKey = copyItemOut(keyAttributes(entry.item))
        break
      }
    }
    return countsOnly ? page : { ...page, Items: items }
  }

  function keyAttributes(item: Item): Item {
    const names = new Set([...namesOf(keys), ...namesOf(table.settings.keys)])
    return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)))
  }

  function place(key: Item): Pick<Entry, 'sort' | 'identity'> {
    if (Object.keys(key).length !== Object.keys(keyAttributes(key)).length)
      throw validationError('The provided starting key is invalid')
    const own = Object.fromEntries(Object.entries(key).filter(([name]) => namesOf(table.settings.keys).includes(name)))
    const { identity } = keyOfKey(table.settings, own)
    return { sort: keys.sort === undefined ? '' : (key[keys.sort] ?? ''), identity }
  }
}

const pageBytes = 1024 * 1024

function sizeOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + itemSizeInBytes(item), 0)
}

/** The start key need not exist any more. */
function afterStart(entries: readonly Entry[], start: Pick<Entry, 'sort' | 'identity'> | undefined, forward: boolean) {
  if (start === undefined) return entries
  return entries.filter((entry) => {
    if (entry.identity === start.identity) return false
    return isBefore(entry, start.sort, start.identity) !== forward
  })
}

function readLimit(limit: unknown): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1) return limit
  throw validationError('Limit must be at least 1')
}
