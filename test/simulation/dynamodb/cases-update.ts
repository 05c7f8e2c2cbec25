import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Case } from './cases.ts'

const key = { pk: 'case', sk: 'CASE' }
const stored = {
  ...key,
  count: 2,
  price: 0.1,
  tags: ['x', 'y', 'z'],
  address: { city: 'Bremen' },
  kinds: new Set(['k', 'l']),
}

type Row = readonly [expression: string, values: Record<string, unknown>, after: Record<string, unknown>]

const rows: readonly Row[] = [
  ['SET epoch = :n, #c = #c + :n', { ':n': 1 }, { epoch: 1, count: 3 }],
  ['SET epoch = #c - :n', { ':n': 5 }, { epoch: -3 }],
  ['SET price = price + :n', { ':n': 0.2 }, { price: 0.3 }],
  ['SET epoch = if_not_exists(epoch, :n) + :n', { ':n': 1 }, { epoch: 2 }],
  ['SET #c = if_not_exists(#c, :n)', { ':n': 9 }, {}],
  ['SET tags = list_append(tags, :t)', { ':t': ['w'] }, { tags: ['x', 'y', 'z', 'w'] }],
  ['SET extras = list_append(:t, if_not_exists(extras, :none))', { ':t': ['w'], ':none': [] }, { extras: ['w'] }],
  ['SET tags[1] = :t, tags[9] = :t', { ':t': 'w' }, { tags: ['x', 'w', 'z', 'w'] }],
  [
    'SET address.city = :c, address.country = :d',
    { ':c': 'Kiel', ':d': 'DE' },
    { address: { city: 'Kiel', country: 'DE' } },
  ],
  ['SET price = #c, #c = price', {}, { price: 2, count: 0.1 }],
  ['REMOVE tags[0], tags[1] SET epoch = tags[0]', {}, { tags: ['z'], epoch: 'x' }],
  ['REMOVE price, nothing, address.nothing', {}, { price: undefined }],
  ['ADD #c :n, extra :n', { ':n': 3 }, { count: 5, extra: 3 }],
  ['ADD kinds :k', { ':k': new Set(['l', 'm']) }, { kinds: new Set(['k', 'l', 'm']) }],
  ['DELETE kinds :k', { ':k': new Set(['l', 'm']) }, { kinds: new Set(['k']) }],
  ['DELETE kinds :k', { ':k': new Set(['k', 'l']) }, { kinds: undefined }],
  ['DELETE nothing :k', { ':k': new Set(['k']) }, {}],
  ['SET epoch = if_not_exists(nothing.deeper, :n)', { ':n': 4 }, { epoch: 4 }],
  ['SET #c = :n - #c', { ':n': 4 }, { count: 2 }],
  ['REMOVE tags[7]', {}, {}],
  ['SET address = :m', { ':m': { street: null, open: true } }, { address: { street: null, open: true } }],
  ['set epoch = :n remove price add #c :n', { ':n': 1 }, { epoch: 1, price: undefined, count: 3 }],
]

const wrong: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ['a part of the key', 'SET sk = :n', { ':n': 'x' }],
  ['a path whose parent is missing', 'SET nothing.city = :n', { ':n': 'x' }],
  ['an attribute that is not there', 'SET epoch = nothing', {}],
  ['a sum of text', 'SET epoch = address.city + :n', { ':n': 1 }],
  ['two values for one path', 'SET epoch = :n, epoch = :n', { ':n': 1 }],
  ['a path and its parent', 'SET address = :n, address.city = :n', { ':n': 1 }],
  ['to set and to remove one path', 'SET price = :n REMOVE price', { ':n': 1 }],
  ['to remove from a parent that is missing', 'REMOVE nothing.deeper', {}],
  ['to add to a nested parent that is missing', 'ADD nothing.deeper :n', { ':n': 1 }],
  ['an element of what is no list', 'SET address[0] = :n', { ':n': 1 }],
  ['three terms', 'SET epoch = #c + :n + :n', { ':n': 1 }],
  ['an empty key of an index', 'SET #s = :n, age = :m', { ':n': '', ':m': 1 }],
  ['a key of an index of another type', 'SET age = :n', { ':n': 'old' }],
  ['a clause twice', 'SET epoch = :n SET price = :n', { ':n': 1 }],
  ['a clause it does not know', 'PUT epoch = :n', { ':n': 1 }],
  ['a text to add', 'ADD #c :n', { ':n': 'x' }],
  ['a number to take from a set', 'DELETE kinds :n', { ':n': 1 }],
  ['a list to append to that is none', 'SET tags = list_append(tags, :n)', { ':n': 'x' }],
  ['a reserved word', 'SET status = :n', { ':n': 1 }],
]

export const updateCases: readonly Case[] = [
  ...rows.map(
    ([UpdateExpression, values, after]): Case => ({
      title: `updates by ${UpdateExpression} with ${JSON.stringify(values)}`,
      given: [stored],
      when: (TableName) =>
        new UpdateCommand({
          TableName,
          Key: key,
          UpdateExpression,
          ...placeholders(UpdateExpression, values),
          ReturnValues: 'ALL_NEW',
        }),
      outcome: { items: [present({ ...stored, ...after })], output: { Attributes: present({ ...stored, ...after }) } },
    }),
  ),
  ...wrong.map(
    ([what, UpdateExpression, values]): Case => ({
      title: `refuses ${what} in an update`,
      given: [stored],
      when: (TableName) =>
        new UpdateCommand({ TableName, Key: key, UpdateExpression, ...placeholders(UpdateExpression, values) }),
      outcome: { error: 'ValidationException', items: [stored] },
    }),
  ),
  {
    title: 'creates the item that an update does not find',
    when: (TableName) =>
      new UpdateCommand({
        TableName,
        Key: key,
        UpdateExpression: 'ADD epoch :n',
        ExpressionAttributeValues: { ':n': 1 },
      }),
    outcome: { items: [{ ...key, epoch: 1 }] },
  },
  {
    title: 'creates nothing where the condition of an update fails',
    when: (TableName) =>
      new UpdateCommand({
        TableName,
        Key: key,
        UpdateExpression: 'SET epoch = :n',
        ConditionExpression: 'epoch = :n',
        ExpressionAttributeValues: { ':n': 1 },
      }),
    outcome: { error: 'ConditionalCheckFailedException', items: [] },
  },
]

function placeholders(expression: string, values: Record<string, unknown>) {
  const names = [
    ['#c', 'count'],
    ['#s', 'status'],
  ].filter(([placeholder = '']) => expression.includes(placeholder))
  return {
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
  }
}

function present(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined))
}
