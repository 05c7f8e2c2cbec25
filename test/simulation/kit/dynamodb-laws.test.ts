import { PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDatabase } from '../dynamodb/database.ts'
import { isMet } from '../dynamodb/evaluate-condition.ts'
import { parseCondition } from '../dynamodb/parse-condition.ts'
import { isRecord } from '../json.ts'

const TableName = 'hub'
const open = () => createDatabase({ tables: [{ name: TableName, keys: { partition: 'pk', sort: 'sk' } }] })

type Logic =
  | { readonly kind: 'is'; readonly name: 'a' | 'b' | 'c'; readonly value: 0 | 1 }
  | { readonly kind: 'not'; readonly one: Logic }
  | { readonly kind: 'AND' | 'OR'; readonly left: Logic; readonly right: Logic }

const { logic } = fc.letrec<{ logic: Logic }>((tie) => ({
  logic: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('is' as const), name: fc.constantFrom('a', 'b', 'c'), value: fc.constantFrom(0, 1) }),
    fc.record({ kind: fc.constant('not' as const), one: tie('logic') }),
    fc.record({ kind: fc.constantFrom('AND' as const, 'OR' as const), left: tie('logic'), right: tie('logic') }),
  ),
}))

/** With no more parentheses than the order NOT, AND, OR needs. */
function write(expression: Logic, strength = 0): string {
  if (expression.kind === 'is') return `${expression.name} = :${expression.value}`
  if (expression.kind === 'not') return `NOT ${write(expression.one, 3)}`
  const own = expression.kind === 'AND' ? 2 : 1
  const text = `${write(expression.left, own)} ${expression.kind} ${write(expression.right, own + 1)}`
  return own < strength ? `(${text})` : text
}

function holds(expression: Logic, item: Readonly<Record<string, unknown>>): boolean {
  if (expression.kind === 'is') return item[expression.name] === expression.value
  if (expression.kind === 'not') return !holds(expression.one, item)
  const [left, right] = [holds(expression.left, item), holds(expression.right, item)]
  return expression.kind === 'AND' ? left && right : left || right
}

describe('DynamoDB in memory, whatever comes', () => {
  it('gives NOT, AND and OR their order', () => {
    const bit = fc.constantFrom(0, 1)
    const items = fc.record({ a: bit, b: bit, c: bit }, { requiredKeys: ['a'] })
    fc.assert(
      fc.property(logic, items, (expression, item) => {
        const { form } = parseCondition(write(expression))
        expect(isMet(form, item, { names: {}, values: { ':0': 0, ':1': 1 } })).toBe(holds(expression, item))
      }),
    )
  })

  it('reads the same in pages of any size, forwards and backwards, filtered or not', () => {
    const items = fc.uniqueArray(
      fc.record({ sk: fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }), n: fc.nat(3) }),
      {
        selector: ({ sk }) => sk,
        maxLength: 15,
      },
    )
    fc.assert(
      fc.property(
        items,
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.boolean(),
        (some, Limit, ScanIndexForward, isFiltered) => {
          const database = open()
          for (const item of some) database.execute(new PutCommand({ TableName, Item: { pk: 'case', ...item } }))
          const filter = isFiltered ? { FilterExpression: 'n > :n' } : {}
          const values = { ':pk': 'case', ...(isFiltered && { ':n': 1 }) }
          const query = {
            TableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: values,
            ScanIndexForward,
            ...filter,
          }
          const read: unknown[] = []
          let start: Record<string, unknown> | undefined
          do {
            const page = database.execute(
              new QueryCommand({ ...query, Limit, ...(start && { ExclusiveStartKey: start }) }),
            )
            if (!isRecord(page) || !Array.isArray(page.Items)) throw new Error('no page')
            read.push(...page.Items.map((item: unknown) => (isRecord(item) ? item.sk : undefined)))
            start = isRecord(page.LastEvaluatedKey) ? page.LastEvaluatedKey : undefined
          } while (start !== undefined)
          const expected = some
            .filter(({ n }) => !isFiltered || n > 1)
            .map(({ sk }) => sk)
            .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
          expect(read).toEqual(ScanIndexForward ? expected : expected.reverse())
        },
      ),
    )
  })

  it('does all of a transaction or nothing', () => {
    const action = fc.record({
      sk: fc.constantFrom('a', 'b', 'c', 'd'),
      kind: fc.constantFrom('put-new', 'put', 'delete', 'check-there'),
      n: fc.nat(9),
    })
    const transaction = fc.uniqueArray(action, { selector: ({ sk }) => sk, minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 8 }), (transactions) => {
        const database = open()
        const model = new Map<string, number>()
        for (const actions of transactions) {
          const refused = actions.map(
            ({ sk, kind }) => (kind === 'put-new' && model.has(sk)) || (kind === 'check-there' && !model.has(sk)),
          )
          const send = () => database.execute(new TransactWriteCommand({ TransactItems: actions.map(toItem) }))
          if (refused.includes(true)) {
            const reasons = refused.map((isRefused) =>
              expect.objectContaining({ Code: isRefused ? 'ConditionalCheckFailed' : 'None' }),
            )
            expect(send).toThrow(expect.objectContaining({ CancellationReasons: reasons }))
            continue
          }
          send()
          for (const { sk, kind, n } of actions) {
            if (kind.startsWith('put')) model.set(sk, n)
            if (kind === 'delete') model.delete(sk)
          }
        }
        expect(new Map(database.items(TableName).map(({ sk, n }) => [sk, n]))).toEqual(model)
      }),
    )
  })
})

function toItem({ sk, kind, n }: { sk: string; kind: string; n: number }) {
  const Key = { pk: 'case', sk }
  if (kind === 'delete') return { Delete: { TableName, Key } }
  if (kind === 'check-there') return { ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_exists(pk)' } }
  const condition = kind === 'put-new' ? { ConditionExpression: 'attribute_not_exists(pk)' } : {}
  return { Put: { TableName, Item: { ...Key, n }, ...condition } }
}
