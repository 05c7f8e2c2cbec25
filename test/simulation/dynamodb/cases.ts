import { DeleteCommand, GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { updateCases } from './cases-update.ts'

/**
 * What DynamoDB is known to do, case by case: run against the database in memory here, and against the local cloud's
 * table as a referee. A case starts from an empty table with keys pk and sk and the index byStatus (status, age).
 */
export type Case = {
  readonly title: string
  readonly given?: readonly Record<string, unknown>[]
  readonly when: (TableName: string) => object
  readonly outcome: {
    readonly error?: string
    /** The codes of a cancelled transaction. */
    readonly reasons?: readonly string[]
    /** A part of the answer. */
    readonly output?: Record<string, unknown>
    /** All items afterwards, by key. */
    readonly items?: readonly Record<string, unknown>[]
  }
}

const key = { pk: 'case', sk: 'CASE' }
const stored = {
  ...key,
  owner: 'a',
  epoch: 2,
  tags: ['x', 'y'],
  address: { place: { city: 'Bremen' } },
  kinds: new Set(['k', 'l']),
}

const conditions: readonly (readonly [string, boolean, Record<string, unknown>?, Record<string, string>?])[] = [
  ['attribute_exists(pk)', true],
  ['attribute_not_exists(pk)', false],
  ['attribute_exists(nothing)', false],
  ['#o = :a', true, { ':a': 'a' }, { '#o': 'owner' }],
  ['#o <> :a', false, { ':a': 'a' }, { '#o': 'owner' }],
  ['nothing = :a', false, { ':a': 'a' }],
  ['nothing <> :a', true, { ':a': 'a' }],
  ['NOT nothing = :a', true, { ':a': 'a' }],
  ['nothing < :n', false, { ':n': 1 }],
  ['epoch < :n', true, { ':n': 10 }],
  ['epoch < :n', false, { ':n': '10' }],
  ['epoch = :n', false, { ':n': '2' }],
  ['epoch BETWEEN :low AND :high', true, { ':low': 2, ':high': 3 }],
  ['epoch IN (:one, :two)', true, { ':one': 1, ':two': 2 }],
  ['epoch IN (:one)', false, { ':one': 1 }],
  ['begins_with(sk, :p)', true, { ':p': 'CA' }],
  ['contains(tags, :x)', true, { ':x': 'x' }],
  ['contains(kinds, :x)', false, { ':x': 'x' }],
  ['contains(kinds, :k)', true, { ':k': 'k' }],
  ['contains(sk, :s)', true, { ':s': 'AS' }],
  ['size(tags) = :n', true, { ':n': 2 }],
  ['size(sk) > :n', false, { ':n': 4 }],
  ['size(nothing) = :n', false, { ':n': 0 }],
  ['attribute_type(tags, :t)', true, { ':t': 'L' }],
  ['attribute_type(kinds, :t)', true, { ':t': 'SS' }],
  ['address.place.city = :c', true, { ':c': 'Bremen' }],
  ['tags[1] = :y AND address.place = :p', true, { ':y': 'y', ':p': { city: 'Bremen' } }],
  ['tags[7] = :y', false, { ':y': 'y' }],
  ['epoch = :n OR nothing = :n AND nothing = :n', true, { ':n': 2 }],
  ['(epoch = :n OR nothing = :n) AND nothing = :n', false, { ':n': 2 }],
  ['NOT epoch = :n AND nothing = :n', false, { ':n': 2 }],
  ['nothing = nobody', false],
  ['nothing <> nobody', true],
  ['nothing <> epoch', true],
  ['begins_with(epoch, :p)', false, { ':p': '2' }],
  ['size(epoch) = :n', false, { ':n': 1 }],
  ['contains(tags, epoch)', false],
  ['contains(address, :c)', false, { ':c': 'place' }],
  ['epoch BETWEEN :low AND age', false, { ':low': 2 }],
  [':n = epoch', true, { ':n': 2 }],
  ['kinds = :k', true, { ':k': new Set(['l', 'k']) }],
  ['size(kinds) >= size(tags)', true],
  ['attribute_exists(address.place.city) AND attribute_not_exists(address.street)', true],
  ['attribute_exists(tags[1]) AND attribute_not_exists(tags[2])', true],
  ['not (attribute_exists(pk) and epoch >= :n)', false, { ':n': 2 }],
]

const invalid: readonly (readonly [string, string, Record<string, unknown>?, Record<string, string>?])[] = [
  ['a reserved word', 'owner = :a', { ':a': 'a' }],
  ['a value that is not defined', 'epoch = :a'],
  ['a value that is not used', 'epoch = :a', { ':a': 1, ':b': 2 }],
  ['a name that is not defined', '#e = :a', { ':a': 1 }],
  ['a name that is not used', 'epoch = :a', { ':a': 1 }, { '#e': 'epoch' }],
  ['a broken expression', 'epoch = = :a', { ':a': 1 }],
  ['begins_with a number', 'begins_with(sk, :n)', { ':n': 1 }],
  ['a type that there is not', 'attribute_type(sk, :t)', { ':t': 'TEXT' }],
  ['attribute_exists of a value', 'attribute_exists(:n)', { ':n': 1 }],
  ['a comparison of a comparison', '(epoch = :n) = :n', { ':n': 1 }],
  ['a literal number', 'epoch = 1'],
  ['one path with itself', 'epoch = epoch'],
  ['one path as its own bound', 'epoch BETWEEN :n AND epoch', { ':n': 1 }],
  ['one path as its own option', 'epoch IN (:n, epoch)', { ':n': 1 }],
  ['one path that contains itself', 'contains(tags, tags)'],
  ['an open parenthesis', '(epoch = :a', { ':a': 1 }],
  ['an unknown function', 'exists(epoch)'],
  ['an empty expression', ' '],
  ['an order of maps', 'epoch < :a', { ':a': {} }],
  ['bounds the wrong way round', 'epoch BETWEEN :a AND :b', { ':a': 3, ':b': 1 }],
]

export const cases: readonly Case[] = [
  ...conditions.map(
    ([ConditionExpression, isMet, values, names]): Case => ({
      title: `${isMet ? 'meets' : 'fails'} the condition ${ConditionExpression} with ${JSON.stringify(values ?? {})}`,
      given: [stored],
      when: (TableName) => new DeleteCommand({ TableName, Key: key, ConditionExpression, ...given(values, names) }),
      outcome: isMet ? { items: [] } : { error: 'ConditionalCheckFailedException', items: [stored] },
    }),
  ),
  ...invalid.map(
    ([what, ConditionExpression, values, names]): Case => ({
      title: `refuses ${what} in a condition`,
      given: [stored],
      when: (TableName) => new PutCommand({ TableName, Item: key, ConditionExpression, ...given(values, names) }),
      outcome: { error: 'ValidationException', items: [stored] },
    }),
  ),
  ...updateCases,
  {
    title: 'puts an item over another and shows the old one',
    given: [stored],
    when: (TableName) => new PutCommand({ TableName, Item: { ...key, epoch: 3 }, ReturnValues: 'ALL_OLD' }),
    outcome: { output: { Attributes: stored }, items: [{ ...key, epoch: 3 }] },
  },
  {
    title: 'refuses an empty key',
    when: (TableName) => new PutCommand({ TableName, Item: { pk: '', sk: 'a' } }),
    outcome: { error: 'ValidationException' },
  },
  {
    title: 'refuses a key of another type',
    when: (TableName) => new GetCommand({ TableName, Key: { pk: 1, sk: 'a' } }),
    outcome: { error: 'ValidationException' },
  },
  {
    title: 'refuses half a key',
    when: (TableName) => new GetCommand({ TableName, Key: { pk: 'case' } }),
    outcome: { error: 'ValidationException' },
  },
  {
    title: 'refuses an empty key of an index',
    when: (TableName) => new PutCommand({ TableName, Item: { ...key, status: '', age: 1 } }),
    outcome: { error: 'ValidationException' },
  },
  {
    title: 'projects nested attributes',
    given: [stored],
    when: (TableName) =>
      new GetCommand({ TableName, Key: key, ProjectionExpression: 'epoch, address.place.city', ConsistentRead: true }),
    outcome: { output: { Item: { epoch: 2, address: { place: { city: 'Bremen' } } } } },
  },
  {
    title: 'cancels a transaction with a reason for every action, in their order',
    given: [stored],
    when: (TableName) =>
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: { pk: 'case', sk: 'POSTING' } } },
          {
            ConditionCheck: {
              TableName,
              Key: key,
              ConditionExpression: 'epoch = :n',
              ExpressionAttributeValues: { ':n': 1 },
            },
          },
          { Delete: { TableName, Key: { pk: 'case', sk: 'TOKEN' } } },
        ],
      }),
    outcome: {
      error: 'TransactionCanceledException',
      reasons: ['None', 'ConditionalCheckFailed', 'None'],
      items: [stored],
    },
  },
  {
    title: 'refuses a transaction that names one item twice',
    when: (TableName) =>
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: key } },
          { ConditionCheck: { TableName, Key: key, ConditionExpression: 'attribute_not_exists(pk)' } },
        ],
      }),
    outcome: { error: 'ValidationException', items: [] },
  },
  ...queryCases(),
]

function queryCases(): Case[] {
  const given = ['AUDIT#1', 'AUDIT#2', 'CASE', 'SIGNAL#1', 'SIGNAL#2'].map((sk, i) => ({
    pk: 'case',
    sk,
    status: 'open',
    age: 9 - i,
  }))
  const query = (
    title: string,
    input: Record<string, unknown>,
    sks: readonly string[],
    more: Record<string, unknown> = {},
  ): Case => ({
    title,
    given: [...given, { pk: 'other', sk: 'CASE' }],
    when: (TableName) => new QueryCommand({ TableName, ...input }),
    outcome: {
      output: { Items: sks.map((sk) => given.find((item) => item.sk === sk) ?? {}), Count: sks.length, ...more },
    },
  })
  const by = (KeyConditionExpression: string, values: Record<string, unknown> = {}) => ({
    KeyConditionExpression,
    ExpressionAttributeValues: { ':pk': 'case', ...values },
  })
  return [
    query(
      'queries one partition in the order of its sort keys',
      by('pk = :pk'),
      given.map(({ sk }) => sk),
    ),
    query('queries backwards', { ...by('pk = :pk AND sk > :s', { ':s': 'CASE' }), ScanIndexForward: false }, [
      'SIGNAL#2',
      'SIGNAL#1',
    ]),
    query('queries a prefix', by('pk = :pk AND begins_with(sk, :s)', { ':s': 'AUDIT#' }), ['AUDIT#1', 'AUDIT#2']),
    query('queries a range', by('pk = :pk and sk between :a and :b', { ':a': 'AUDIT#2', ':b': 'SIGNAL#1' }), [
      'AUDIT#2',
      'CASE',
      'SIGNAL#1',
    ]),
    query(
      'counts the limit before the filter',
      { ...by('pk = :pk', { ':n': 8 }), FilterExpression: 'age < :n', Limit: 3 },
      ['CASE'],
      {
        ScannedCount: 3,
        LastEvaluatedKey: { pk: 'case', sk: 'CASE' },
      },
    ),
    query(
      'says that there may be more where the limit is met exactly',
      { ...by('pk = :pk'), Limit: 5 },
      given.map(({ sk }) => sk),
      {
        LastEvaluatedKey: { pk: 'case', sk: 'SIGNAL#2' },
      },
    ),
    query('goes on after a key', { ...by('pk = :pk'), ExclusiveStartKey: { pk: 'case', sk: 'CASE' } }, [
      'SIGNAL#1',
      'SIGNAL#2',
    ]),
    query(
      'goes on backwards after a key that is gone',
      { ...by('pk = :pk'), ExclusiveStartKey: { pk: 'case', sk: 'B' }, ScanIndexForward: false },
      ['AUDIT#2', 'AUDIT#1'],
    ),
    query(
      'queries an index by number',
      {
        IndexName: 'byStatus',
        KeyConditionExpression: '#s = :s AND age <= :age',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':s': 'open', ':age': 7 },
        Limit: 2,
      },
      ['SIGNAL#2', 'SIGNAL#1'],
      { LastEvaluatedKey: { pk: 'case', sk: 'SIGNAL#1', status: 'open', age: 6 } },
    ),
    ...[
      { KeyConditionExpression: 'sk = :pk', ExpressionAttributeValues: { ':pk': 'case' } },
      { ...by('pk = :pk OR sk = :pk') },
      { ...by('pk = :pk AND age = :a', { ':a': 1 }) },
      { ...by('pk = :pk'), FilterExpression: 'sk = :pk' },
      { ...by('pk = :pk'), IndexName: 'nothing' },
      { ...by('pk = :pk'), Limit: 0 },
    ].map(
      (input, i): Case => ({
        title: `refuses query ${i + 1} of those that are wrong`,
        when: (TableName) => new QueryCommand({ TableName, ...input }),
        outcome: { error: 'ValidationException' },
      }),
    ),
  ]
}

function given(values: Record<string, unknown> | undefined, names: Record<string, string> | undefined) {
  return { ...(values && { ExpressionAttributeValues: values }), ...(names && { ExpressionAttributeNames: names }) }
}
