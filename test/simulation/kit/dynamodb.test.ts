import {
  ConditionalCheckFailedException,
  QueryCommand as PlainQueryCommand,
  PutItemCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { cases } from '../dynamodb/cases.ts'
import { createDatabase, type DatabaseSettings } from '../dynamodb/database.ts'

const TableName = 'hub'
const key = { pk: 'case', sk: 'CASE' }

const openOnes = new QueryCommand({
  TableName,
  IndexName: 'byStatus',
  KeyConditionExpression: '#s = :s',
  ExpressionAttributeNames: { '#s': 'status' },
  ExpressionAttributeValues: { ':s': 'open' },
})

function open(settings: Partial<DatabaseSettings> = {}) {
  const indexes = [{ name: 'byStatus', keys: { partition: 'status', sort: 'age' } }]
  return createDatabase({
    tables: [{ name: TableName, keys: { partition: 'pk', sort: 'sk' }, indexes, numberKeys: ['age'] }],
    ...settings,
  })
}

describe('DynamoDB in memory', () => {
  it.each(cases)('$title', ({ given = [], when, outcome: expected }) => {
    const database = open()
    for (const Item of given) database.execute(new PutCommand({ TableName, Item }))
    const outcome = attempt(() => database.execute(when(TableName)))
    expect(outcome.error?.name, outcome.error?.message).toBe(expected.error)
    if (expected.output) expect(outcome.output).toMatchObject(expected.output)
    if (expected.reasons) expect(outcome.reasons).toEqual(expected.reasons)
    if (expected.items) expect(database.items(TableName)).toEqual(expected.items)
  })

  it("throws the SDK's own exceptions, with the item in wire form where it was asked for", () => {
    const database = open()
    database.execute(new PutCommand({ TableName, Item: { ...key, epoch: 1 } }))
    const condition = {
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    }
    const put = attempt(() => database.execute(new PutCommand({ TableName, Item: key, ...condition }))).error
    expect(put).toBeInstanceOf(ConditionalCheckFailedException)
    expect(put).toMatchObject({ Item: { pk: { S: 'case' }, sk: { S: 'CASE' }, epoch: { N: '1' } } })
    const transaction = new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: key, ...condition } }] })
    const cancelled = attempt(() => database.execute(transaction)).error
    expect(cancelled).toBeInstanceOf(TransactionCanceledException)
    expect(cancelled).toMatchObject({
      CancellationReasons: [
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: { epoch: { N: '1' } } },
      ],
    })
  })

  it('keeps nothing that a caller can still change, and gives nothing that changes what is kept', () => {
    const database = open()
    const item = { ...key, lines: [{ quantity: '1' }] }
    const put = database.request(new PutCommand({ TableName, Item: item }))
    item.lines.push({ quantity: '2' })
    put()
    const [seen] = database.items(TableName)
    expect(seen).toEqual({ ...key, lines: [{ quantity: '1' }] })
    if (Array.isArray(seen?.lines)) seen.lines.push('other')
    expect(database.items(TableName)).toEqual([{ ...key, lines: [{ quantity: '1' }] }])
  })

  it.each([
    ['an undefined value', { ...key, note: undefined }],
    ['an undefined value inside', { ...key, at: { city: undefined } }],
    ['an empty set', { ...key, kinds: new Set() }],
    ['a date', { ...key, at: new Date(0) }],
    ['a number that is none', { ...key, epoch: Number.NaN }],
  ])('refuses %s as the DocumentClient does', (_, Item) => {
    expect(() => open().request(new PutCommand({ TableName, Item }))).toThrow()
  })

  it('leaves undefined values out where the DocumentClient is set so', () => {
    const database = open({ removeUndefinedValues: true })
    const Item = { ...key, note: undefined, lines: [{ price: undefined }, undefined] }
    database.execute(new PutCommand({ TableName, Item, ConditionExpression: undefined }))
    expect(database.items(TableName)).toEqual([{ ...key, lines: [{}] }])
  })

  it('refuses parameters, commands and tables that nobody taught it', () => {
    const unknown = Object.assign(new GetCommand({ TableName, Key: key }), {
      input: { TableName, Key: key, AttributesToGet: ['a'] },
    })
    expect(() => open().request(unknown)).toThrow('AttributesToGet')
    expect(() => open().request(new Date())).toThrow('Date is not known')
    expect(attempt(() => open().request(new GetCommand({ TableName: 'other', Key: key }))).error?.name).toBe(
      'ResourceNotFoundException',
    )
  })

  it('answers a transaction that the SDK repeats with success and writes it once', () => {
    const database = open()
    const add = { TableName, Key: key, UpdateExpression: 'ADD epoch :one', ExpressionAttributeValues: { ':one': 1 } }
    const send = database.request(new TransactWriteCommand({ TransactItems: [{ Update: add }] }))
    send()
    send()
    expect(database.items(TableName)).toEqual([{ ...key, epoch: 1 }])
    const plain = database.request(new UpdateCommand(add))
    plain()
    plain()
    expect(database.items(TableName)).toEqual([{ ...key, epoch: 3 }])
  })

  it('reads an index and a replica that are behind, and the table itself when asked for consistency', () => {
    let nowMs = 0
    const database = open({ nowMs: () => nowMs, indexLagMs: () => 100, replicaLagMs: () => 50 })
    database.execute(new PutCommand({ TableName, Item: { ...key, status: 'open', age: 1 } }))
    expect(database.execute(openOnes)).toMatchObject({ Count: 0 })
    expect(database.execute(new GetCommand({ TableName, Key: key }))).not.toHaveProperty('Item')
    expect(database.execute(new GetCommand({ TableName, Key: key, ConsistentRead: true }))).toHaveProperty(
      'Item.age',
      1,
    )
    nowMs = 100
    expect(database.execute(openOnes)).toMatchObject({ Count: 1 })
    expect(database.execute(new GetCommand({ TableName, Key: key }))).toHaveProperty('Item.age', 1)
    database.execute(new DeleteCommand({ TableName, Key: key }))
    expect(database.execute(openOnes)).toMatchObject({ Count: 1 })
    nowMs = 200
    expect(database.execute(openOnes)).toMatchObject({ Count: 0 })
  })

  it('keeps the order of what is written to one item, where the later write is seen at once and nobody has read in between', () => {
    let nowMs = 0
    const lagsMs = [100, 0]
    const database = open({ nowMs: () => nowMs, indexLagMs: () => lagsMs.shift() ?? 0 })
    database.execute(new PutCommand({ TableName, Item: { ...key, status: 'open', age: 1 } }))
    nowMs = 150
    database.execute(new PutCommand({ TableName, Item: { ...key, status: 'open', age: 2 } }))
    expect(database.execute(openOnes)).toMatchObject({ Items: [{ age: 2 }] })
  })

  it("speaks the plain client's form as well", () => {
    const database = open()
    database.execute(
      new PutItemCommand({ TableName, Item: { pk: { S: 'case' }, sk: { S: 'A' }, lines: { L: [{ N: '1' }] } } }),
    )
    const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'case' } } }
    expect(database.execute(new PlainQueryCommand(query))).toMatchObject({
      Items: [{ pk: { S: 'case' }, sk: { S: 'A' }, lines: { L: [{ N: '1' }] } }],
    })
  })
})

function attempt(action: () => unknown): { error?: Error; output?: unknown; reasons?: unknown } {
  try {
    return { output: action() }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const reasons =
      error instanceof TransactionCanceledException ? error.CancellationReasons?.map(({ Code }) => Code) : undefined
    return { error, reasons }
  }
}
