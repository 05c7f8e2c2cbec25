import { isRecord, type JsonRecord } from '../json.ts'
import { copyItemOut, type MutableItem } from './copy.ts'
import { validationError } from './errors.ts'
import {
  expressionFields,
  fieldsOf,
  parseIfGiven,
  placeholdersFor,
  readFlag,
  readInput,
  readItem,
  readTable,
  type Tables,
} from './input.ts'
import { keyOfKey } from './keys.ts'
import { parseProjection } from './parse-path.ts'
import { projectItem } from './project.ts'
import { writeOne } from './transaction.ts'
import { planDelete, planPut, type WritePlan } from './write-plan.ts'

const getFields = fieldsOf('TableName', 'Key', 'ConsistentRead', 'ProjectionExpression', ...expressionFields)

export function planGet(tables: Tables, value: unknown): (consistent?: boolean) => { Item?: MutableItem } {
  const input = readInput('Get', value, getFields)
  const table = readTable(tables, input)
  const key = keyOfKey(table.settings, readItem(table, input, 'Key'))
  const projection = parseIfGiven(input, 'ProjectionExpression', parseProjection)
  const placeholders = placeholdersFor(table, input, [projection])
  const asked = readFlag(input, 'ConsistentRead', false)
  return (consistent = asked) => {
    const item = table.get(key, consistent)
    return item === undefined ? {} : { Item: projectItem(item, projection?.form, placeholders) }
  }
}

export function planTransactGet(tables: Tables, value: unknown) {
  const { TransactItems: items } = readInput('TransactGet', value, fieldsOf('TransactItems'))
  if (!Array.isArray(items) || items.length === 0 || items.length > 100)
    throw validationError('TransactItems: 1 to 100')
  const gets = items.map((item) => planGet(tables, isRecord(item) ? item.Get : undefined))
  return () => ({ Responses: gets.map((get) => get(true)) })
}

export function planBatchGet(tables: Tables, value: unknown) {
  const requests = readRequests('BatchGet', value)
  const gets = requests.map(([name, request]) => {
    const keys = isRecord(request) && Array.isArray(request.Keys) ? request.Keys : []
    const { Keys: _, ...rest } = isRecord(request) ? request : {}
    return { name, gets: keys.map((key) => planGet(tables, { ...rest, TableName: name, Key: key })) }
  })
  if (gets.reduce((sum, table) => sum + table.gets.length, 0) > 100)
    throw validationError('Too many items requested for the BatchGetItem call')
  return () => ({
    Responses: Object.fromEntries(gets.map((table) => [table.name, table.gets.flatMap((get) => get().Item ?? [])])),
    UnprocessedKeys: {},
  })
}

export function planBatchWrite(tables: Tables, value: unknown) {
  const plans = readRequests('BatchWrite', value).flatMap(([name, writes]) => {
    if (!Array.isArray(writes)) throw validationError('RequestItems must hold lists')
    return writes.map((write) => planBatchAction(tables, name, write))
  })
  if (plans.length > 25) throw validationError('Member must have length less than or equal to 25')
  const keys = plans.map(({ table, key }) => `${table.settings.name}\u0000${key.identity}`)
  if (new Set(keys).size < keys.length) throw validationError('Provided list of item keys contains duplicates')
  return () => {
    for (const plan of plans) writeOne(plan)
    return { UnprocessedItems: {} }
  }
}

function planBatchAction(tables: Tables, table: string, write: unknown): WritePlan {
  const { PutRequest: put, DeleteRequest: remove }: JsonRecord = isRecord(write) ? write : {}
  if (isRecord(put)) return planPut(tables, { TableName: table, ...put })
  if (isRecord(remove)) return planDelete(tables, { TableName: table, ...remove })
  throw validationError('A batch holds PutRequest or DeleteRequest')
}

function readRequests(operation: string, value: unknown): readonly [string, unknown][] {
  const { RequestItems: requests } = readInput(operation, value, fieldsOf('RequestItems'))
  if (!isRecord(requests) || Object.keys(requests).length === 0) throw validationError('RequestItems must not be empty')
  return Object.entries(requests)
}

/** The whole table, for the assertions of a test and for small tools; not paged. */
export function planScan(tables: Tables, value: unknown) {
  const input = readInput('Scan', value, fieldsOf('TableName', 'ConsistentRead'))
  const table = readTable(tables, input)
  return () => {
    const items = table.items().map((item) => copyItemOut(item))
    return { Items: items, Count: items.length, ScannedCount: items.length }
  }
}
