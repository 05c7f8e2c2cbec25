import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import {
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod'
import { RetryableError } from '#domain/errors.ts'
import { dynamo } from './clients/dynamo.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'

/** An item of the hub's table as it comes, before its schema has read it. */
export type Item = Record<string, unknown>

export interface Key {
  readonly pk: string
  readonly sk: string
}

export interface Update {
  readonly key: Key
  readonly update: string
  readonly condition?: string
  readonly names?: Record<string, string>
  readonly values?: Record<string, unknown>
}

/** Strongly consistent read of one item. */
export async function read(key: Key): Promise<Item | undefined> {
  const { Item } = await dynamo.send(
    new GetCommand({ TableName: environment().HUB_TABLE, Key: key, ConsistentRead: true }),
  )
  return Item
}

/** Strongly consistent read of part of one item collection, all pages. */
export async function readRange(pk: string, from: string, to: string): Promise<Item[]> {
  return await queryAll({
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
  })
}

/** Strongly consistent read of the last item of a collection whose sort key begins so. */
export async function readLast(pk: string, prefix: string): Promise<Item | undefined> {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: environment().HUB_TABLE,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': pk, ':from': prefix, ':to': `${prefix}~` },
      ScanIndexForward: false,
      Limit: 1,
    }),
  )
  return Items?.[0]
}

/** Items of a list (the sparse index `ByList`), oldest first; eventually consistent, so only for those who look again. */
export async function readList(listKey: string, untilMs: number, limit: number): Promise<Item[]> {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: environment().HUB_TABLE,
      IndexName: 'ByList',
      KeyConditionExpression: 'listKey = :list AND listedAtMs <= :until',
      ExpressionAttributeValues: { ':list': listKey, ':until': untilMs },
      Limit: limit,
    }),
  )
  return Items ?? []
}

/** … and so many of its youngest, the youngest first. */
export async function readNewest(listKey: string, limit: number): Promise<Item[]> {
  const found: Item[] = []
  let from: Item | undefined
  do {
    const page: { Items?: Item[]; LastEvaluatedKey?: Item | undefined } = await dynamo.send(
      new QueryCommand({
        TableName: environment().HUB_TABLE,
        IndexName: 'ByList',
        KeyConditionExpression: 'listKey = :list',
        ExpressionAttributeValues: { ':list': listKey },
        ScanIndexForward: false,
        Limit: limit - found.length,
        ...(from && { ExclusiveStartKey: from }),
      }),
    )
    found.push(...(page.Items ?? []))
    from = page.LastEvaluatedKey
  } while (from !== undefined && found.length < limit)
  return found
}

/** The whole of a list, however long. */
export async function readWholeList(listKey: string): Promise<Item[]> {
  return await queryAll({
    IndexName: 'ByList',
    KeyConditionExpression: 'listKey = :list',
    ExpressionAttributeValues: { ':list': listKey },
  })
}

/**
 * The cases in which a number occurs, as its order, one of its documents or an event for it; eventually consistent. One
 * Query, half a read unit for up to about twenty places, however many cases there are.
 */
export async function casesOfNumber(number: string): Promise<readonly string[]> {
  const items = await queryAll({
    IndexName: 'ByNumber',
    KeyConditionExpression: '#number = :number',
    ExpressionAttributeNames: { '#number': 'number' },
    ExpressionAttributeValues: { ':number': number },
  })
  return [...new Set(items.map(({ pk }) => String(pk)))]
}

async function queryAll(input: Omit<QueryCommandInput, 'TableName'>): Promise<Item[]> {
  const items: Item[] = []
  let from: Item | undefined
  do {
    const page: { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined } = await dynamo.send(
      new QueryCommand({ TableName: environment().HUB_TABLE, ...input, ...(from && { ExclusiveStartKey: from }) }),
    )
    items.push(...(page.Items ?? []))
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  return items
}

/** What a conditional write came to. */
export type Written =
  | { readonly ok: true }
  /** The condition did not hold: the item as it is, if there is one. */
  | { readonly ok: false; readonly index: number; readonly item: Item | undefined }

/** One conditional update. */
export async function update(write: Update): Promise<Written> {
  try {
    await dynamo.send(new UpdateCommand({ ...updateInput(write), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }))
    return { ok: true }
  } catch (error) {
    const failed = ConditionFailed.safeParse(error)
    if (!failed.success) throw error
    return { ok: false, index: 0, item: plain(failed.data.Item) }
  }
}

/** The same, and gives back the item as it is then. */
export async function updateAndRead(write: Update): Promise<Item | undefined> {
  try {
    const { Attributes } = await dynamo.send(new UpdateCommand({ ...updateInput(write), ReturnValues: 'ALL_NEW' }))
    return Attributes
  } catch (error) {
    if (ConditionFailed.safeParse(error).success) return undefined
    throw error
  }
}

/** What one part of a transaction is. */
export type Part =
  | {
      readonly put: Item
      readonly condition?: string
      readonly names?: Record<string, string>
      readonly values?: Record<string, unknown>
    }
  | Update
  | {
      readonly check: Key
      readonly condition: string
      readonly names?: Record<string, string>
      readonly values?: Record<string, unknown>
    }
  | {
      readonly remove: Key
      readonly condition?: string
      readonly names?: Record<string, string>
      readonly values?: Record<string, unknown>
    }

/**
 * All of it or nothing. A conflict with another transaction is repeated a few times; it wrote nothing.
 * @returns the first part whose condition did not hold
 * @throws RetryableError when conflicts do not end
 */
export async function transact(parts: readonly Part[]): Promise<Written> {
  for (let attempt = 1; ; attempt++) {
    try {
      await dynamo.send(new TransactWriteCommand({ TransactItems: parts.map(transactItem) }))
      return { ok: true }
    } catch (error) {
      const cancelled = Cancelled.safeParse(error)
      if (!cancelled.success) throw error
      const reasons = cancelled.data.CancellationReasons
      const index = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed')
      if (index >= 0) return { ok: false, index, item: plain(reasons[index]?.Item) }
      if (!reasons.some(({ Code = '' }) => passingReasons.has(Code))) throw error
      if (attempt === 4) throw new RetryableError('Another transaction is at work on the same items', { cause: error })
      await clock.sleep(20 * 2 ** attempt)
    }
  }
}

/** Why a transaction was cancelled that may succeed when it is repeated; anything else is a mistake of ours. */
const passingReasons = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])

function updateInput({ key, update, condition, names, values }: Update) {
  return {
    TableName: environment().HUB_TABLE,
    Key: key,
    UpdateExpression: update,
    ...(condition !== undefined && { ConditionExpression: condition }),
    ...(names !== undefined && { ExpressionAttributeNames: names }),
    ...(values !== undefined && { ExpressionAttributeValues: values }),
  }
}

function transactItem(part: Part) {
  const TableName = environment().HUB_TABLE
  const returned = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const
  if ('update' in part) return { Update: { ...updateInput(part), ...returned } }
  const expression = {
    ...(part.names !== undefined && { ExpressionAttributeNames: part.names }),
    ...(part.values !== undefined && { ExpressionAttributeValues: part.values }),
    ...returned,
  }
  const condition = part.condition === undefined ? {} : { ConditionExpression: part.condition }
  if ('put' in part) return { Put: { TableName, Item: part.put, ...condition, ...expression } }
  if ('remove' in part) return { Delete: { TableName, Key: part.remove, ...condition, ...expression } }
  return { ConditionCheck: { TableName, Key: part.check, ConditionExpression: part.condition, ...expression } }
}

const Attributes = z.record(z.string(), z.custom<AttributeValue>()).optional()
const ConditionFailed = z.object({ name: z.literal('ConditionalCheckFailedException'), Item: Attributes })
const Cancelled = z.object({
  name: z.literal('TransactionCanceledException'),
  CancellationReasons: z.array(z.object({ Code: z.string().optional(), Item: Attributes })),
})

/** The document client does not unmarshal the items inside of errors. */
function plain(item: Record<string, AttributeValue> | undefined): Item | undefined {
  return item === undefined || Object.keys(item).length === 0 ? undefined : unmarshall(item)
}
