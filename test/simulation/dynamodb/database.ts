import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  QueryCommand as PlainQueryCommand,
  ScanCommand as PlainScanCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { notKnown } from '../simulation-error.ts'
import type { Item } from './attribute.ts'
import { planBatchGet, planBatchWrite, planGet, planScan, planTransactGet } from './batch.ts'
import { copyItemOut, type MutableItem } from './copy.ts'
import { tableNotFound, tokenReused } from './errors.ts'
import { fieldsOf, readInput, readText, type Tables } from './input.ts'
import { keyOfKey, type TableSettings } from './keys.ts'
import { fromPlainInput, toPlainOutput } from './plain-client.ts'
import { planQuery } from './query.ts'
import { createTable } from './table.ts'
import { planTransaction, writeAll, writeOne } from './transaction.ts'
import { planDelete, planPut, planUpdate, type WritePlan } from './write-plan.ts'

export type Database = {
  /**
   * What the SDK makes of a command once: parameters are checked and copied now, and every call of the answer is one
   * request on the wire. The SDK's repeat of a lost answer is a second call.
   */
  request(command: object): () => unknown
  /** One request, for tests. */
  execute(command: object): unknown
  /** An item as it is stored now, for those who watch every write: not a copy, and not theirs to change. */
  peek(tableName: string, key: object): Item | undefined
  /** How often any item was written. */
  writes(): number
  /** Copies of all items of a table, or of those that are wanted, for assertions. */
  items(tableName: string, isWanted?: (item: Item) => boolean): MutableItem[]
}

export type DatabaseSettings = {
  readonly tables: readonly TableSettings[]
  readonly nowMs?: () => number
  readonly indexLagMs?: () => number
  readonly replicaLagMs?: () => number
  /** As the DocumentClient's marshallOptions. */
  readonly removeUndefinedValues?: boolean
  /** Ends every page after so many items, to prove that callers read on. */
  readonly pageItems?: number
}

export function createDatabase(settings: DatabaseSettings): Database {
  const { nowMs = () => 0, indexLagMs = () => 0, replicaLagMs, pageItems = Number.POSITIVE_INFINITY } = settings
  const lags = { nowMs, indexLagMs, replicaLagMs }
  const tables: Tables = new Map(
    settings.tables.map((table) => [table.name, createTable(table, lags, settings.removeUndefinedValues)]),
  )
  const operations = operationsOn(tables, pageItems, transactions(tables, nowMs))

  const request: Database['request'] = (command) => {
    const operation = operations.get(command.constructor)
    if (operation === undefined) throw notKnown(`DynamoDB's ${command.constructor.name}`)
    const send = operation(Reflect.get(command, 'input'))
    return () => ({ $metadata: { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 }, ...Object(send()) })
  }
  const items: Database['items'] = (tableName, isWanted) => {
    const table = tables.get(tableName)
    if (table === undefined) throw tableNotFound()
    const all = table.items()
    return (isWanted === undefined ? all : all.filter(isWanted)).map(copyItemOut)
  }
  const peek: Database['peek'] = (tableName, key) => {
    const table = tables.get(tableName)
    return table?.get(keyOfKey(table.settings, table.copyIn(key)), true)
  }
  const writes = () => [...tables.values()].reduce((sum, table) => sum + table.writes(), 0)
  return { request, execute: (command) => request(command)(), peek, writes, items }
}

type Operation = (input: unknown) => () => unknown

function operationsOn(tables: Tables, pageItems: number, transact: Operation): ReadonlyMap<unknown, Operation> {
  const write = (plan: (tables: Tables, input: unknown, mayReturn: boolean) => WritePlan) => (input: unknown) => {
    const planned = plan(tables, input, true)
    return () => answer(planned, writeOne(planned))
  }
  const get = (input: unknown) => {
    const planned = planGet(tables, input)
    return () => planned()
  }
  const known: readonly (readonly [unknown, unknown, Operation])[] = [
    [GetCommand, GetItemCommand, get],
    [PutCommand, PutItemCommand, write(planPut)],
    [UpdateCommand, UpdateItemCommand, write(planUpdate)],
    [DeleteCommand, DeleteItemCommand, write(planDelete)],
    [QueryCommand, PlainQueryCommand, (input) => planQuery(tables, input, pageItems)],
    [ScanCommand, PlainScanCommand, (input) => planScan(tables, input)],
    [TransactWriteCommand, TransactWriteItemsCommand, transact],
    [TransactGetCommand, TransactGetItemsCommand, (input) => planTransactGet(tables, input)],
    [BatchGetCommand, BatchGetItemCommand, (input) => planBatchGet(tables, input)],
    [BatchWriteCommand, BatchWriteItemCommand, (input) => planBatchWrite(tables, input)],
  ]
  return new Map(
    known.flatMap(([document, plain, operation]) => [
      [document, operation],
      [plain, plainly(operation)],
    ]),
  )
}

function plainly(operation: Operation): Operation {
  return (input) => {
    const send = operation(fromPlainInput(input))
    return () => toPlainOutput(send())
  }
}

function answer({ returnValues }: WritePlan, { old, item }: ReturnType<typeof writeOne>): { Attributes?: MutableItem } {
  const shown = returnValues === 'ALL_OLD' ? old : returnValues === 'ALL_NEW' ? item : undefined
  return shown === undefined ? {} : { Attributes: copyItemOut(shown) }
}

const transactFields = fieldsOf('TransactItems', 'ClientRequestToken')

/**
 * The SDK puts a ClientRequestToken on every transaction that has none, one for all its attempts: a repeat of one that
 * was written answers success and writes nothing, for ten minutes.
 */
function transactions(tables: Tables, nowMs: () => number): Operation {
  const done = new Map<string, { readonly content: string; readonly endsAtMs: number }>()
  let tokens = 0
  /** They end in the order in which they were written. */
  const forgetEnded = () => {
    for (const [token, { endsAtMs }] of done) {
      if (endsAtMs > nowMs()) return
      done.delete(token)
    }
  }
  return (value) => {
    const input = readInput('TransactWrite', value, transactFields)
    const plans = planTransaction(tables, input.TransactItems)
    tokens += 1
    const own = readText(input, 'ClientRequestToken')
    const token = own ?? `sdk-${tokens}`
    const content = own === undefined ? '' : JSON.stringify(input.TransactItems)
    return () => {
      const before = done.get(token)
      if (before !== undefined && before.endsAtMs > nowMs()) {
        if (before.content !== content) throw tokenReused()
        return {}
      }
      writeAll(plans)
      if (tokens % 1000 === 0) forgetEnded()
      done.set(token, { content, endsAtMs: nowMs() + 600_000 })
      return {}
    }
  }
}
